"""The server: where it is, what goes with every request, and whether it answers.

Values of extra headers may be secrets, so those that are saved never go back to a page, and
never to another address than the one that they were saved for.
"""

import re
from dataclasses import dataclass

from nicegui import ui

from batchgen_app.core.errors import BatchGenError, InvalidRequest, ServerError
from batchgen_app.language.texts import translated
from batchgen_app.services import ServerQueries
from batchgen_app.services.administration import KeptHeaders
from batchgen_app.services.values import ServerStats, normalise_address
from batchgen_app.ui import words as common
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import busy, button, icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Field, Messages, Text, as_text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.settings import words

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
"""Of a header: a token (RFC 9110, section 5.6.2), and visible ASCII with blanks inside (5.5)."""
LOOKS = "outlined dense spellcheck=false autocomplete=off"


@dataclass(frozen=True, eq=False)
class HeaderRow:
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

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._rows: list[HeaderRow] = []
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
        return self._context.administration.kept_headers(self._context.caller)

    def show(self) -> None:
        """What is kept: the names, but not the values; and where those are."""
        self._list.clear()
        self._rows = []
        self._messages.tell(None)
        kept = self._kept
        for name in kept.names:
            self._add(name)
        self._place.text = translated(kept.whereabouts)
        self._place.visible = bool(kept.names)

    def read(self, address: str | None) -> dict[str, str] | None:
        """All headers for ``address``, kept values included if they were saved for it; None where
        something is wrong, which is then said.
        """
        context = self._context
        values = context.administration.headers_for(context.caller, address)
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
        row = HeaderRow(box, marked(names, "header-name"), marked(values, "header-value"))
        self._rows.append(row)

    def _remove(self, row: HeaderRow) -> None:
        self._rows.remove(row)
        row.box.delete()


@dataclass(frozen=True)
class Asked:
    """What was typed, in order; without an address, the app looks for a server itself."""

    address: str | None
    headers: dict[str, str]


class ServerForm:
    """Tests an address before it is saved; saved, it is used at once."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._administration = context.administration
        _status(context)
        self._address = Field("comfyuiUrl", str(words.ADDRESS), self._address_control, as_text)
        with self._address.box:
            ui.label(str(words.ADDRESS_HINT)).classes("bg-hint")
        self._headers = HeadersField(context)
        with ui.element("div").classes("bg-buttons"):
            self._test_button = marked(button(str(words.TEST), self._test), "test-connection")
            self._save_button = marked(
                button(str(words.SAVE), self._save, main=True), "save-server"
            )
        self._result = marked(ui.element("div"), "test-result").props("aria-live=polite")

    def _address_control(self) -> ui.input:
        field = ui.input(
            value=self._context.preferences.saved.comfyui_url or "",
            placeholder="http://127.0.0.1:8188",
        )
        field.props("outlined dense spellcheck=false autocapitalize=off inputmode=url")
        return own_direction(marked(field, "server-address")).on("keydown.enter", self._save, [])

    async def _test(self) -> None:
        if (asked := await self._asked()) is None:
            return
        with busy(self._test_button):
            try:
                address, stats = await self._reach(asked)
            except ServerError as error:
                self._tell(str(error), is_bad=True)
                return
        self._tell(words.answers(address, is_demo=stats.is_demo))
        with self._result:
            _facts(stats)

    async def _save(self) -> None:
        if (asked := await self._asked()) is None:
            return
        with busy(self._save_button):
            try:
                address, _ = await self._reach(asked)
            except ServerError as error:
                self._offer_anyway(asked, error)
            else:
                await self._use(asked, address)

    def _offer_anyway(self, asked: Asked, error: ServerError) -> None:
        self._tell(str(error), is_bad=True)
        with self._result:
            marked(
                button(str(words.SAVE_ANYWAY), lambda: self._use(asked, asked.address)),
                "save-anyway",
            )

    async def _use(self, asked: Asked, address: str | None) -> None:
        """From now on, and from the next start on."""
        caller = self._context.caller
        try:
            if address:
                await self._administration.use_server(caller, address, asked.headers)
            # Behind use_server, which refuses while a batch runs: then nothing is saved either.
            await self._administration.keep_headers(caller, asked.address, asked.headers)
            await self._context.preferences.change(caller, **_kept(asked.address))
        except BatchGenError as error:
            self._tell(str(error), is_bad=True)
            return
        self._address.put(asked.address)
        self._headers.show()
        self._result.clear()
        toast(words.server_saved(address))

    async def _asked(self) -> Asked | None:
        """What was typed; None where something is wrong with it, which is then said."""
        self._result.clear()
        try:
            typed = as_text(self._address.control.value).strip()
            address = normalise_address(typed) if typed else None
        except InvalidRequest as error:
            self._address.tell(str(error))
            return None
        self._address.tell(None)
        await self._administration.ask_keyring(self._context.caller)
        headers = self._headers.read(address)
        return None if headers is None else Asked(address, headers)

    async def _reach(self, asked: Asked) -> tuple[str, ServerStats]:
        """Where the server is, and what it tells about itself; raises ServerError."""
        caller, administration = self._context.caller, self._administration
        address = asked.address or await administration.find_server(caller)
        if address is None:
            raise ServerError(common.NO_COMFYUI)
        return address, await administration.try_server(caller, address, asked.headers)

    def _tell(self, text: str, *, is_bad: bool = False) -> None:
        self._result.clear()
        with self._result:
            ui.label(translated(text)).classes("bg-result-bad" if is_bad else "bg-result-good")


def _kept(address: str | None) -> dict[str, object]:
    """What is saved of it: where the app is to look itself, no list counts any more."""
    return {"comfyui_url": address} if address else {"comfyui_url": None, "servers": None}


def _status(context: PageContext) -> None:
    """The server that is used now."""
    server = context.queries.server

    @ui.refreshable
    def shown() -> None:
        state = _state(server)
        with ui.element("div").classes("bg-status").props(f"data-state={state}"):
            marked(ui.label(words.server_status(server.address, state)), "server-status")
        if server.stats and state == "good":
            _facts(server.stats)

    with ui.element("div"):
        shown()
    context.news.server_changed.subscribe(shown.refresh)


def _state(server: ServerQueries) -> str:
    if server.fault:
        return "bad"
    if server.stats is None:
        return "wait"
    return "demo" if server.is_demo else "good"


def _facts(stats: ServerStats) -> None:
    with ui.element("dl").classes("bg-facts"):
        for name, value in words.server_facts(stats):
            with ui.element("dt"):
                ui.label(name)
            with ui.element("dd"):
                ui.label(value)
