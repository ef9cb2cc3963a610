"""What can be asked of the gallery, and how it reads in SQL."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from batchgen_app.core.batch import CompletedBatch


@dataclass(frozen=True)
class GalleryQuery:
    """Which batches, newest first: at most ``limit`` that come after the cursor ``before``.

    ``text`` is looked for anywhere in the prompt; both ends of the time span are included.
    """

    limit: int = 50
    before: str | None = None
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
    """Conditions over ``gallery_batches AS b``, each with its value."""

    conditions: tuple[tuple[str, Any], ...] = (("b.deleted = ?", 0),)

    def also(self, condition: str, value: Any) -> "Filter":
        """One condition more, unless its value is None."""
        return self if value is None else Filter((*self.conditions, (condition, value)))

    @property
    def where(self) -> str:
        return " AND ".join(condition for condition, _ in self.conditions)

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(value for _, value in self.conditions)


def filter_of(query: GalleryQuery) -> Filter:
    """What a batch must fulfil to be found, on whichever page."""
    return (
        Filter()
        .also("b.model = ?", query.model)
        .also("b.created_at >= ?", sortable(query.created_from))
        .also("b.created_at <= ?", sortable(query.created_to))
        .also("b.favourites >= ?", 1 if query.favourites else None)
        .also("instr(b.prompt, ?) > 0", folded(query.text) if query.text else None)
    )


def folded(text: str) -> str:
    """For comparing without regard to case, in every script, and to how accents are encoded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def sortable(moment: datetime | None) -> str | None:
    """A time as text of one length, so that earlier sorts before later."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None
