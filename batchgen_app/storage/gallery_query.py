"""What can be asked of the gallery and in which order: in SQL, and the same for batches at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from batchgen_app.core.batch import CompletedBatch, ImagePrompt
from batchgen_app.core.search import parse
from batchgen_app.core.search.folding import fold
from batchgen_app.storage.search_conditions import Sought, sought
from batchgen_app.storage.search_rows import EMPTY_BATCH, PICTURE
from batchgen_app.storage.workflow_names import UNNAMED, WorkflowNames


class Order(StrEnum):
    """What decides first; where that is the same, the newer batch comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    MOST_IMAGES = "images"
    MODEL = "model"
    PROMPT = "prompt"

    @property
    def sql(self) -> str:
        """For ``ORDER BY``, over ``gallery_batches AS b``."""
        expression, direction = COLUMNS[self]
        first = f"{expression} {direction}"
        return first if expression == ID else f"{first}, {ID} DESC"

    @property
    def after(self) -> str:
        """The condition for what comes after the batch whose id is given for each "?"."""
        expression, direction = COLUMNS[self]
        sign = ">" if direction == "ASC" else "<"
        if expression == ID:
            return f"{ID} {sign} ?"
        there = OF_CURSOR.format(expression=expression)
        return f"{expression} {sign}= {there} AND ({expression} {sign} {there} OR {ID} < ?)"

    def comes_before(self, one: CompletedBatch, other: CompletedBatch) -> bool:
        """Whether ``one`` stands before ``other``."""
        first, second = self._rank(one), self._rank(other)
        return one.batch_id > other.batch_id if first == second else first < second

    def _rank(self, batch: CompletedBatch) -> tuple[int, str]:
        match self:
            case Order.NEWEST:
                return 0, ""
            case Order.OLDEST:
                return 0, batch.batch_id
            case Order.MOST_IMAGES:
                return -len(batch.images), ""
            case Order.MODEL:
                return 0, batch.parameters.model or ""
            case Order.PROMPT:
                return 0, words_of(batch.prompt, batch.prompts or ())


ID = "b.batch_id"
OF_CURSOR = "(SELECT {expression} FROM gallery_batches AS b WHERE b.batch_id = ?)"
COLUMNS = {
    Order.NEWEST: (ID, "DESC"),
    Order.OLDEST: (ID, "ASC"),
    Order.MOST_IMAGES: ("b.images", "DESC"),
    Order.MODEL: ("ifnull(b.model, '')", "ASC"),
    Order.PROMPT: ("b.prompt", "ASC"),
}
"""Each has an index, so that a page is read without sorting."""


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
    """A page of batches, the cursor of the next one, and what the query finds on all pages."""

    batches: list[CompletedBatch]
    next: str | None
    total: int
    total_images: int
    total_bytes: int


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
