"""What people look for in the gallery, and in which order: in the page's address, in words, and as
a query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Self
from urllib.parse import urlencode

from batchgen_app.services.values import GalleryQuery, Order, display_name
from batchgen_app.ui.gallery import words

FIRST_YEAR = 1971
"""Before it, not every system knows its own time zone."""


@dataclass(frozen=True)
class Filters:
    """All of them at their default find everything. Days are those of this computer's calendar,
    both included.
    """

    text: str = ""
    model: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    favourites: bool = False
    order: Order = Order.NEWEST

    @classmethod
    def from_address(cls, parameters: Mapping[str, str]) -> Self:
        """As an address has them; what makes no sense there is left out."""
        return cls(
            text=parameters.get("q", ""),
            model=parameters.get("model") or None,
            first_day=as_day(parameters.get("from")),
            last_day=as_day(parameters.get("to")),
            favourites=parameters.get("favourites") == "true",
            order=_as_order(parameters.get("order")),
        )

    @property
    def address(self) -> str:
        """The gallery's address that shows the same again."""
        given = {
            "q": self.text,
            "model": self.model,
            "from": self.first_day,
            "to": self.last_day,
            "favourites": "true" if self.favourites else None,
            "order": None if self.order is Order.NEWEST else self.order,
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/gallery?{query}" if query else "/gallery"

    @property
    def fault(self) -> str | None:
        """Why nothing can be found with these."""
        backwards = self.first_day and self.last_day and self.last_day < self.first_day
        return str(words.DATES_BACKWARDS) if backwards else None

    @property
    def is_any(self) -> bool:
        """Whether something is left out."""
        return self != self.cleared

    @property
    def cleared(self) -> "Filters":
        """Everything, in the same order."""
        return Filters(order=self.order)

    def query(
        self, limit: int, *, before: str | None = None, batch_id: str | None = None
    ) -> GalleryQuery:
        """The same for the gallery's index."""
        return GalleryQuery(
            limit=limit,
            order=self.order,
            before=before,
            batch_id=batch_id,
            text=self.text.strip() or None,
            model=self.model,
            created_from=_moment(self.first_day, time.min),
            created_to=_moment(self.last_day, time.max),
            favourites=self.favourites,
        )

    def chips(self) -> list[tuple[str, "Filters"]]:
        """Each filter besides the text: its words, and what is left without it."""
        chips = []
        if self.model:
            chips.append((display_name(self.model), replace(self, model=None)))
        if self.first_day or self.last_day:
            days = words.days(self.first_day, self.last_day)
            chips.append((days, replace(self, first_day=None, last_day=None)))
        if self.favourites:
            chips.append((str(words.FAVOURITES), replace(self, favourites=False)))
        return chips


def as_day(text: str | None) -> date | None:
    """From ``2026-11-22``; None for what is no day, or one that is still being typed."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None


def _as_order(text: str | None) -> Order:
    return next((order for order in Order if order == text), Order.NEWEST)


def _moment(day: date | None, at: time) -> datetime | None:
    return datetime.combine(day, at).astimezone() if day else None
