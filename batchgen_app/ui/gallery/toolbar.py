"""What people look for in the gallery, as they see it: search, filters, and the chips that take
them away.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from batchgen_app.language.texts import each
from batchgen_app.places import assets_dir
from batchgen_app.services.values import ImageOrder, Order, display_name
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.filters import Filters, as_day
from batchgen_app.ui.gallery.view import View
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import button, icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Messages

SUGGESTIONS = "/gallery/suggestions"
DEBOUNCE_MS = {View.BATCHES: 50, View.IMAGES: 150}
"""Until the page hears what is typed. The grid of all pictures looks for it by itself, at once;
what the page then says of it comes when nobody types, so as not to stand in the way of a letter.
"""
LOOKS = "outlined dense"

Change = Callable[[Filters], Awaitable[None]]
Take = Callable[[Filters, Any], Filters]


class Suggestions(ui.element, component=assets_dir() / "suggestions.js"):
    """What a search may go on with, below its field; stands beside it in a box of their own. "/"
    leads to the field, Escape clears it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.props.update(address=at(SUGGESTIONS), label=str(words.SUGGESTIONS))


class Toolbar:
    """Shows ``filters`` and calls ``on_change`` with others when people want others."""

    def __init__(self, filters: Filters, models: Sequence[str], on_change: Change) -> None:
        self.filters = filters
        self._on_change = on_change
        with ui.element("div").classes("bg-toolbar").props("role=search") as self._bar:
            with ui.element("div").classes("bg-search-box"):
                self._search = self._search_field()
                Suggestions()
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
        self._order.value = self._order_of(filters)
        await self._change(filters)

    def _search_field(self) -> ui.input:
        field = ui.input(value=self.filters.text)
        field.on_value_change(self._taking(lambda now, text: replace(now, text=text or "")))
        field.props(f"{LOOKS} type=search clearable dir=auto")
        field.props["placeholder"] = field.props["aria-label"] = str(words.SEARCH)
        field.props["debounce"] = DEBOUNCE_MS[self.filters.view]
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
        field = ui.select(self._orders, label=str(words.ORDER), value=self._order_of(self.filters))
        field.on_value_change(self._taking(_ordered))
        field.props(f"{LOOKS} options-dense popup-content-class=bg-popup")
        return marked(field, "gallery-order")

    @property
    def _orders(self) -> dict[str, str]:
        if self.filters.view is View.IMAGES:
            return {str(order): text for order, text in each(words.IMAGE_ORDERS).items()}
        return {str(order): text for order, text in each(words.ORDERS).items()}

    @staticmethod
    def _order_of(filters: Filters) -> str:
        return str(filters.sort if filters.view is View.IMAGES else filters.order)

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


def _ordered(filters: Filters, order: str) -> Filters:
    if filters.view is View.IMAGES:
        return replace(filters, sort=ImageOrder(order))
    return replace(filters, order=Order(order))


def _model_options(models: Sequence[str], chosen: str | None) -> dict[str, str]:
    named = dict.fromkeys(filter(None, [*models, chosen or ""]))
    return {"": str(words.ALL_MODELS), **{name: display_name(name) for name in named}}


def _typed(day: date | None) -> str:
    return day.isoformat() if day else ""
