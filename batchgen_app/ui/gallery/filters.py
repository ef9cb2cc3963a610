"""What people look for in the gallery, and in which order: in the page's address, in words, as a
query, and as they see it: search, filters, and the chips that take them away.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Self
from urllib.parse import urlencode

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from batchgen_app.language.texts import each
from batchgen_app.services.values import GalleryQuery, Order, display_name
from batchgen_app.ui.gallery import words
from batchgen_app.ui.parts.controls import button, icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Messages

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


DEBOUNCE_MS = 50
LOOKS = "outlined dense"

Change = Callable[[Filters], Awaitable[None]]
Take = Callable[[Filters, Any], Filters]


class Toolbar:
    """Shows ``filters`` and calls ``on_change`` with others when people want others."""

    def __init__(self, filters: Filters, models: Sequence[str], on_change: Change) -> None:
        self.filters = filters
        self._on_change = on_change
        with ui.element("div").classes("bg-toolbar").props("role=search") as self._bar:
            self._search = self._search_field()
            opener = icon_button("tune", str(words.FILTERS), self._open).classes("bg-toolbar-open")
            self._opener = opener.props("aria-expanded=false")
            with ui.element("div").classes("bg-toolbar-filters"):
                self._model = self._model_field(models)
                self._first, self._last = self._day_fields(filters)
                self._favourites = self._favourites_button()
                self._order = self._order_field()
            self._faults = Messages().classes("bg-toolbar-fault")
        self._chips = ui.element("div").classes("bg-chips")
        self._tell()

    def offer_models(self, models: Sequence[str]) -> None:
        """Let people choose among these."""
        options = _model_options(models, self.filters.model)
        if options != self._model.options:
            self._model.set_options(options)

    async def put(self, filters: Filters) -> None:
        """Show other filters, and what they find."""
        self.filters = filters
        self._search.value = filters.text
        self._model.set_options(
            _model_options(list(self._model.options), filters.model), value=filters.model or ""
        )
        self._first.value = _typed(filters.first_day)
        self._last.value = _typed(filters.last_day)
        self._order.value = filters.order
        await self._change(filters)

    def _search_field(self) -> ui.input:
        field = ui.input(value=self.filters.text)
        field.on_value_change(self._taking(lambda now, text: replace(now, text=text or "")))
        field.props(f"{LOOKS} type=search debounce={DEBOUNCE_MS} clearable dir=auto")
        field.props["placeholder"] = field.props["aria-label"] = str(words.SEARCH)
        with field.add_slot("prepend"):
            ui.icon("search").props("aria-hidden=true")
        return marked(field, "gallery-search").classes("bg-search")

    def _model_field(self, models: Sequence[str]) -> ui.select:
        chosen = self.filters.model
        options = _model_options(models, chosen)
        field = ui.select(options, label=str(words.MODEL_FILTER), value=chosen or "")
        field.on_value_change(self._taking(lambda now, name: replace(now, model=name or None)))
        field.props(f"{LOOKS} options-dense popup-content-class=bg-popup")
        return marked(field, "filter-model")

    def _day_fields(self, filters: Filters) -> tuple[ui.input, ui.input]:
        first = self._day_field(
            str(words.FIRST_DAY),
            filters.first_day,
            lambda now, day: replace(now, first_day=as_day(day)),
        )
        last = self._day_field(
            str(words.LAST_DAY),
            filters.last_day,
            lambda now, day: replace(now, last_day=as_day(day)),
        )
        return marked(first, "filter-from"), marked(last, "filter-to")

    def _day_field(self, label: str, day: date | None, change: Take) -> ui.input:
        field = ui.input(label=label, value=_typed(day), on_change=self._taking(change))
        return field.props(f"{LOOKS} type=date stack-label")

    def _order_field(self) -> ui.select:
        field = ui.select(each(words.ORDERS), label=str(words.ORDER), value=self.filters.order)
        field.on_value_change(self._taking(lambda now, order: replace(now, order=Order(order))))
        field.props(f"{LOOKS} options-dense popup-content-class=bg-popup")
        return marked(field, "gallery-order")

    def _favourites_button(self) -> ui.button:
        async def toggle() -> None:
            await self._change(replace(self.filters, favourites=not self.filters.favourites))

        made = button(str(words.FAVOURITES), toggle, icon="favorite_border")
        return marked(made, "filter-favourites")

    def _taking(self, take: Take) -> Callable[[ValueChangeEventArguments[Any]], Awaitable[None]]:
        """For the event of a field: the filters with its value in them."""

        async def taken(event: ValueChangeEventArguments[Any]) -> None:
            # What put() shows comes here, too, and changes nothing.
            changed = take(self.filters, event.value)
            if changed != self.filters:
                await self._change(changed)

        return taken

    def _open(self) -> None:
        is_open = "is-open" in self._bar.classes
        self._bar.classes(add="" if is_open else "is-open", remove="is-open" if is_open else "")
        self._opener.props["aria-expanded"] = "false" if is_open else "true"

    async def _change(self, filters: Filters) -> None:
        self.filters = filters
        with self._bar:  # a chip that was clicked goes away
            self._tell()
            await self._on_change(filters)

    def _tell(self) -> None:
        """What is wrong with the filters, and which ones there are."""
        is_on = self.filters.favourites
        self._favourites.props["aria-pressed"] = "true" if is_on else "false"
        self._favourites.props["icon"] = "favorite" if is_on else "favorite_border"
        self._faults.tell(self.filters.fault)
        self._chips.clear()
        with self._chips:
            for text, without in self.filters.chips():
                self._chip(text, without)
            if self.filters.is_any:
                clear = button(str(words.CLEAR_FILTERS), lambda: self.put(self.filters.cleared))
                marked(clear, "clear-filters").classes("bg-chip-clear")

    def _chip(self, text: str, without: Filters) -> None:
        with marked(ui.element("div"), "filter-chip").classes("bg-chip"):
            own_direction(ui.label(text))
            icon_button("close", words.remove_filter(text), lambda: self.put(without))


def _model_options(models: Sequence[str], chosen: str | None) -> dict[str, str]:
    named = dict.fromkeys(filter(None, [*models, chosen or ""]))
    return {"": str(words.ALL_MODELS), **{name: display_name(name) for name in named}}


def _typed(day: date | None) -> str:
    return day.isoformat() if day else ""
