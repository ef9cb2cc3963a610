"""What can be asked of the gallery, and how it reads in SQL."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from batchgen_app.core.batch import CompletedBatch
from batchgen_app.storage.gallery_order import Order, folded


@dataclass(frozen=True)
class GalleryQuery:
    """Which batches: at most ``limit`` that come after the cursor ``before`` in this order.

    ``text`` is looked for anywhere in the prompt; both ends of the time span are included.
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
class Filter:
    """Conditions over ``gallery_batches AS b``, each with the value for its question marks."""

    conditions: tuple[tuple[str, Any], ...] = (("b.deleted = ?", 0),)

    def also(self, condition: str, value: Any) -> "Filter":
        """One condition more, unless its value is None."""
        return self if value is None else Filter((*self.conditions, (condition, value)))

    @property
    def where(self) -> str:
        return " AND ".join(condition for condition, _ in self.conditions)

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(value for text, value in self.conditions for _ in range(text.count("?")))


def filter_of(query: GalleryQuery) -> Filter:
    """What a batch must fulfil to be found, on whichever page."""
    return (
        Filter()
        .also("b.batch_id = ?", query.batch_id)
        .also("b.model = ?", query.model)
        .also("b.created_at >= ?", sortable(query.created_from))
        .also("b.created_at <= ?", sortable(query.created_to))
        .also("b.favourites >= ?", 1 if query.favourites else None)
        .also("instr(b.prompt, ?) > 0", folded(query.text) if query.text else None)
    )


def sortable(moment: datetime | None) -> str | None:
    """A time as text of one length, so that earlier sorts before later."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None
