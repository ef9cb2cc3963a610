"""What can be asked of the gallery and in which order: in SQL, and the same for batches at hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from batchgen_app.core.batch import CompletedBatch, ImagePrompt
from batchgen_app.core.search import parse
from batchgen_app.core.search.folding import fold
from batchgen_app.storage.search_conditions import Sought, sought
from batchgen_app.storage.search_rows import EMPTY_BATCH, PICTURE, sampler_text
from batchgen_app.storage.workflow_names import UNNAMED, WorkflowNames

Rank: TypeAlias = tuple[Any, ...]
"""What decides an order, the first first."""
Ranks: TypeAlias = Mapping[str, Rank]
"""Of batches, by their ids."""


class Order(StrEnum):
    """What decides first; where that is the same, the newer batch comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    MOST_IMAGES = "images"
    MODEL = "model"
    PROMPT = "prompt"
    STEPS = "steps"
    SIZE = "size"
    SAMPLER = "sampler"
    WORKFLOW = "workflow"

    @property
    def source(self) -> str:
        """For ``FROM``, in the order in which it is read; with ``gallery_batches AS b``."""
        return SOURCES.get(self, "gallery_batches AS b")

    @property
    def sql(self) -> str:
        """For ``ORDER BY``, over ``source``."""
        expression, direction = COLUMNS[self]
        first, newer = f"{expression} {direction}", NEWER.get(self, ID)
        return first if expression == newer else f"{first}, {newer} DESC"

    @property
    def after(self) -> str:
        """The condition for what comes after the batch whose id is given for each "?"."""
        expression, direction = COLUMNS[self]
        sign, newer = ">" if direction == "ASC" else "<", NEWER.get(self, ID)
        # The id itself is known already.
        older = f"{newer} < {'?' if newer == ID else OF_CURSOR.format(expression=newer)}"
        if expression == newer:
            return older if direction == "DESC" else f"{ID} > ?"
        there = OF_CURSOR.format(expression=expression)
        return f"{expression} {sign}= {there} AND ({expression} {sign} {there} OR {older})"

    def comes_before(self, one: CompletedBatch, other: CompletedBatch, ranks: Ranks) -> bool:
        """Whether ``one`` stands before ``other``; ``ranks`` as pages of the gallery tell them."""
        first, second = self._rank(one, ranks), self._rank(other, ranks)
        return one.batch_id > other.batch_id if first == second else first < second

    def _rank(self, batch: CompletedBatch, ranks: Ranks) -> Rank:
        return ranks[batch.batch_id] if self is Order.WORKFLOW else RANKS[self](batch)


RANKS: Mapping[Order, Callable[[CompletedBatch], Rank]] = {
    Order.NEWEST: lambda batch: (),
    Order.OLDEST: lambda batch: (batch.batch_id,),
    Order.MOST_IMAGES: lambda batch: (-len(batch.images),),
    Order.MODEL: lambda batch: (batch.parameters.model or "",),
    Order.PROMPT: lambda batch: (words_of(batch.prompt, batch.prompts or ()),),
    Order.STEPS: lambda batch: (-(batch.parameters.steps or 0),),
    Order.SIZE: lambda batch: (-(batch.parameters.width or 0) * (batch.parameters.height or 0),),
    Order.SAMPLER: lambda batch: (sampler_text(batch.parameters),),
}
"""As ``COLUMNS``, of a batch at hand."""
ID = "b.batch_id"
OF_BATCH = """
    gallery_batches AS b JOIN gallery_finds AS o ON o.id = b.place * 128
    JOIN gallery_texts AS t ON t.text_id = o.text_id
"""
"""With what a batch itself is found by, as one of its pictures is."""
OF_CURSOR = f"(SELECT {{expression}} FROM {OF_BATCH} WHERE b.batch_id = ?)"  # noqa: S608 - our own names
# CROSS keeps the order in which they are read (sqlite.org, "Query Optimizer", 7.3).
BY_FINDS = """
    gallery_finds AS o CROSS JOIN gallery_batches AS b ON o.id % 128 = 0 AND b.place = o.id / 128
"""
BY_TEXTS = """
    gallery_texts AS t CROSS JOIN gallery_finds AS o
    ON o.id = t.place * 128 AND o.text_id = t.text_id
    CROSS JOIN gallery_batches AS b ON b.place = t.place
"""
SOURCES: Mapping[Order, str] = {
    Order.STEPS: BY_FINDS,
    Order.SIZE: BY_FINDS,
    Order.SAMPLER: BY_TEXTS,
    Order.WORKFLOW: BY_TEXTS,
}
NEWER: Mapping[Order, str] = {
    Order.STEPS: "o.id",
    Order.SIZE: "o.id",
    Order.SAMPLER: "t.place",
    Order.WORKFLOW: "t.place",
}
"""What is larger for a newer batch, where that is not its id."""
COLUMNS: Mapping[Order, tuple[str, str]] = {
    Order.NEWEST: (ID, "DESC"),
    Order.OLDEST: (ID, "ASC"),
    Order.MOST_IMAGES: ("b.images", "DESC"),
    Order.MODEL: ("ifnull(b.model, '')", "ASC"),
    Order.PROMPT: ("b.prompt", "ASC"),
    Order.STEPS: ("ifnull(o.steps, 0)", "DESC"),
    Order.SIZE: ("ifnull(o.width * o.height, 0)", "DESC"),
    Order.SAMPLER: ("t.sampler", "ASC"),
    Order.WORKFLOW: ("t.place", "DESC"),
}
"""Each has an index, so that a page is read without sorting. Workflows are asked about one after
the other, in the order of their names.
"""


def words_of(prompt: str, prompts: Sequence[ImagePrompt]) -> str:
    """What a batch is sorted by: what was asked, and what its images came to show, folded."""
    return " ".join(map(fold, dict.fromkeys([prompt, *(words.prompt for words in prompts)])))


@dataclass(frozen=True)
class GalleryQuery:
    """Which batches: at most ``limit`` that come after the cursor ``before`` in this order.

    ``text`` is what a person types (``core/search``): a batch is found where one of its pictures,
    or its own words, are as all terms ask. ``workflows`` says what
    these are called. Both ends of the time span are included.
    ``batch_id`` is for whoever wants to know whether one batch is among them.
    """

    limit: int = 50
    order: Order = Order.NEWEST
    before: str | None = None
    batch_id: str | None = None
    text: str | None = None
    model: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    favourites: bool = False
    workflows: WorkflowNames = UNNAMED


@dataclass(frozen=True)
class GalleryPage:
    """A page of batches, the cursor of the next one, and what the query finds on all pages. In the
    order of workflows, ``ranks`` has the place of each batch, by its id, for ``comes_before``.
    """

    batches: list[CompletedBatch]
    next: str | None
    total: int
    total_images: int
    total_bytes: int
    ranks: Ranks = field(default_factory=dict)


@dataclass(frozen=True)
class GalleryStatistics:
    """What the gallery shows in all, and the models it was made with."""

    batches: int
    images: int
    bytes: int
    models: list[str]


@dataclass(frozen=True)
class Use:
    """How many batches that have pictures were made with a workflow (its digest; None where nobody
    gave one) and a model, and which of them is the newest.
    """

    workflow: str | None
    model: str | None
    batches: int
    newest: str


@dataclass(frozen=True)
class Filter:
    """Conditions over ``gallery_batches AS b``, each with the values for its question marks."""

    conditions: tuple[tuple[str, tuple[Any, ...]], ...] = (("b.deleted = ?", (0,)),)

    def also(self, condition: str, value: Any) -> "Filter":
        """One condition more, unless its value is None; it may be asked for several times."""
        values = (value,) * condition.count("?")
        return self if value is None else Filter((*self.conditions, (condition, values)))

    def where_found(self, wanted: Sought) -> "Filter":
        """Only batches of which a picture is wanted, or which are so themselves."""
        if not wanted.conditions:
            return self
        shown = EVERY_ROW if wanted.is_of_words else PICTURES_OR_NONE
        return Filter(
            (*self.conditions, (FOUND.format(shown=shown, where=wanted.where), wanted.values))
        )

    @property
    def where(self) -> str:
        return " AND ".join(condition for condition, _ in self.conditions)

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(value for _, values in self.conditions for value in values)


EVERY_ROW = "f.shown > 0"
PICTURES_OR_NONE = f"f.shown IN ({PICTURE}, {EMPTY_BATCH})"
# The plus keeps SQLite from looking them up one by one: all are read in order.
FOUND = """
    +b.place IN (SELECT f.id / 128 FROM gallery_finds AS f WHERE {shown}{where})
"""


def filter_of(query: GalleryQuery) -> Filter:
    """What a batch must fulfil to be found, on whichever page."""
    wanted = (
        Filter()
        .also("b.batch_id = ?", query.batch_id)
        .also("b.model = ?", query.model)
        .also("b.created_at >= ?", sortable(query.created_from))
        .also("b.created_at <= ?", sortable(query.created_to))
        .also("b.favourites >= ?", 1 if query.favourites else None)
    )
    return wanted.where_found(sought(parse(query.text or ""), query.workflows))


def sortable(moment: datetime | None) -> str | None:
    """A time as text of one length, so that earlier sorts before later."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None
