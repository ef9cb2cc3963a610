"""What people look for in the gallery, and in which order: in the page's address, in words, and as
a query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self, TypeVar
from urllib.parse import urlencode

from batchgen_app.core.search import parse
from batchgen_app.core.search.completing import valued
from batchgen_app.services.values import GalleryQuery, ImageOrder, ImageQuery, Order, display_name
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.view import View

FIRST_YEAR = 1971
"""Before it, not every system knows its own time zone."""

K = TypeVar("K", bound=StrEnum)


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
    sort: ImageOrder = ImageOrder.NEWEST
    """The order of pictures, where they are seen by themselves; ``order`` is that of batches."""
    view: View = View.BATCHES

    @classmethod
    def from_address(cls, parameters: Mapping[str, str]) -> Self:
        """As an address has them; what makes no sense there is left out."""
        return cls(
            text=parameters.get("q", ""),
            model=parameters.get("model") or None,
            first_day=as_day(parameters.get("from")),
            last_day=as_day(parameters.get("to")),
            favourites=parameters.get("favourites") == "true",
            order=_among(Order, parameters.get("order")),
            sort=_among(ImageOrder, parameters.get("sort")),
            view=_among(View, parameters.get("view")),
        )

    @property
    def address(self) -> str:
        """The gallery's address that shows the same again."""
        view = {"view": None if self.view is View.BATCHES else self.view}
        order = {"order": None if self.order is Order.NEWEST else self.order}
        query = _encoded({**view, "q": self.text, **self._given, **order})
        return f"/gallery?{query}" if query else "/gallery"

    def address_of(self, image: str) -> str:
        """The same with one picture in large, by its id."""
        return f"{self.address}{'&' if '?' in self.address else '?'}image={image}"

    @property
    def parameters(self) -> str:
        """Those of an address that gives the pictures themselves."""
        return urlencode(self.asked)

    @property
    def asked(self) -> dict[str, str]:
        """The same by their names."""
        return _said({"q": self.text.strip(), **self._given})

    @property
    def _given(self) -> dict[str, object]:
        return {
            "model": self.model,
            "from": self.first_day,
            "to": self.last_day,
            "favourites": "true" if self.favourites else None,
            "sort": None if self.sort is ImageOrder.NEWEST else self.sort,
        }

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
        return Filters(order=self.order, sort=self.sort, view=self.view)

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

    def image_query(self, limit: int = 1, offset: int = 0) -> ImageQuery:
        """The same for pictures: ``limit`` of them from the place ``offset`` on."""
        return ImageQuery(self.whole_text, self.sort, limit, offset=offset)

    @property
    def whole_text(self) -> str:
        """All filters as they could be typed. The text comes last: a quote in it may be open."""
        last = self.last_day if self.last_day and self.last_day < date.max else None
        given = {
            "after": self.first_day,
            "before": last + timedelta(days=1) if last else None,
            "fav": "yes" if self.favourites else None,
        }
        model = [valued("model", self.model)] if self.model else []
        others = [f"{name}:{value}" for name, value in given.items() if value]
        return " ".join([*model, *others, self.text])

    def chips(self) -> list[tuple[str, "Filters"]]:
        """Each term of the text and each other filter: its words, and what is left without it."""
        sought = parse(self.text)
        chips = [
            (term.text, replace(self, text=str(sought.without(term)))) for term in sought.terms
        ]
        if self.model:
            chips.append((display_name(self.model), replace(self, model=None)))
        if self.first_day or self.last_day:
            days = words.days(self.first_day, self.last_day)
            chips.append((days, replace(self, first_day=None, last_day=None)))
        if self.favourites:
            chips.append((str(words.FAVOURITES), replace(self, favourites=False)))
        return chips


def _encoded(given: Mapping[str, object]) -> str:
    return urlencode(_said(given))


def _said(given: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items() if value}


def as_day(text: str | None) -> date | None:
    """From ``2026-11-22``; None for what is no day, or one that is still being typed."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None


def _among(kinds: type[K], text: str | None) -> K:
    """The first one for what makes no sense."""
    return next((kind for kind in kinds if kind == text), next(iter(kinds)))


def _moment(day: date | None, at: time) -> datetime | None:
    return datetime.combine(day, at).astimezone() if day else None
