"""Extra headers: what a server behind a proxy or an access key wants with every request.

Their values may be secrets, so those that are saved never go back to a page, and never to another
address than the one that they were saved for.
"""

import re
from dataclasses import dataclass

from nicegui import ui

from batchgen_app.language.texts import told
from batchgen_app.services.administration import KeptHeaders
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import button, icon_button, marked
from batchgen_app.ui.parts.fields import Messages, Text
from batchgen_app.ui.settings import words

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
LOOKS = "outlined dense spellcheck=false autocomplete=off"


@dataclass(frozen=True, eq=False)
class Row:
    """One header: its name, its value, and the box that both are in."""

    box: ui.element
    name: ui.input
    value: ui.input

    @property
    def typed(self) -> tuple[str, str]:
        """Name and value."""
        return (self.name.value or "").strip(), (self.value.value or "").strip()


class HeadersField:
    """A list of headers that grows and shrinks."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._rows: list[Row] = []
        with ui.element("div").classes("bg-field").props("role=group") as box:
            label = Text("span", str(words.HEADERS)).classes("bg-label")
            self._list = ui.element("div").classes("bg-headers")
            self._messages = Messages()
            ui.label(str(words.HEADERS_HINT)).classes("bg-hint")
            self._place = marked(ui.label(), "headers-place").classes("bg-hint")
            marked(button(str(words.ADD_HEADER), self._add, icon="add"), "add-header")
        box.props(f"aria-labelledby={label.html_id}")
        self.show()

    @property
    def _kept(self) -> KeptHeaders:
        return self._house.administration.kept_headers(self._house.caller)

    def show(self) -> None:
        """What is kept: the names, but not the values; and where those are."""
        self._list.clear()
        self._rows = []
        self._messages.tell(None)
        kept = self._kept
        for name in kept.names:
            self._add(name)
        self._place.text = told(kept.whereabouts)
        self._place.visible = bool(kept.names)

    def read(self, address: str | None) -> dict[str, str] | None:
        """All headers for ``address``, kept values included if they were saved for it; None where
        something is wrong, which is then said.
        """
        house = self._house
        values = house.administration.headers_for(house.caller, address)
        headers, fault = {}, None
        for row in self._rows:
            name, value = row.typed
            if name or value:
                headers[name] = value or values.get(name, "")
                fault = fault or self._fault(name, headers[name])
        self._messages.tell(fault)
        return None if fault else headers

    def _fault(self, name: str, value: str) -> str | None:
        if not NAME.fullmatch(name):
            return str(words.HEADER_NAME_FAULT)
        if not value and name in self._kept.names:
            return self._kept.fault or words.header_again(name)
        return None if VALUE.fullmatch(value) else words.header_value_fault(name)

    def _add(self, name: str = "") -> None:
        with self._list, ui.element("div").classes("bg-header-row") as box:
            names = ui.input(value=name, placeholder=str(words.HEADER_NAME)).props(LOOKS)
            names.props["aria-label"] = str(words.HEADER_NAME)
            values = ui.input(password=True).props(LOOKS)
            values.props["placeholder"] = (
                str(words.HEADER_KEPT) if name else str(words.HEADER_VALUE)
            )
            values.props["aria-label"] = words.header_value(name)
            remove = icon_button("close", words.remove_header(name), lambda: self._remove(row))
            marked(remove, "remove-header")
        row = Row(box, marked(names, "header-name"), marked(values, "header-value"))
        self._rows.append(row)

    def _remove(self, row: Row) -> None:
        self._rows.remove(row)
        row.box.delete()
