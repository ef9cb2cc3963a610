"""The server: where it is, what goes with every request, and whether it answers."""

from dataclasses import dataclass

from nicegui import ui

from batchgen_app.core.errors import BatchGenError, InvalidRequest, ServerError
from batchgen_app.language.texts import told
from batchgen_app.services import ServerQueries
from batchgen_app.services.values import ServerStats, normalise_address
from batchgen_app.ui import words as common
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.busy import busy
from batchgen_app.ui.parts.controls import button, marked, own_direction
from batchgen_app.ui.parts.fields import Field, as_text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.headers_field import HeadersField


@dataclass(frozen=True)
class Asked:
    """What was typed, in order; without an address, the app looks for a server itself."""

    address: str | None
    headers: dict[str, str]


async def server(house: House) -> None:
    """The server that is used now, and the way to another one."""
    ServerForm(house)


class ServerForm:
    """Tests an address before it is saved; saved, it is used at once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._administration = house.administration
        _status(house)
        self._address = Field("comfyuiUrl", str(words.ADDRESS), self._address_control, as_text)
        with self._address.box:
            ui.label(str(words.ADDRESS_HINT)).classes("bg-hint")
        self._headers = HeadersField(house)
        with ui.element("div").classes("bg-buttons"):
            self._test_button = marked(button(str(words.TEST), self._test), "test-connection")
            self._save_button = marked(
                button(str(words.SAVE), self._save, main=True), "save-server"
            )
        self._result = marked(ui.element("div"), "test-result").props("aria-live=polite")

    def _address_control(self) -> ui.input:
        field = ui.input(
            value=self._house.preferences.saved.comfyui_url or "",
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
        caller = self._house.caller
        try:
            if address:
                await self._administration.use_server(caller, address, asked.headers)
            await self._administration.keep_headers(caller, asked.address, asked.headers)
            await self._house.preferences.change(caller, comfyui_url=asked.address)
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
        await self._administration.ask_keyring(self._house.caller)
        headers = self._headers.read(address)
        return None if headers is None else Asked(address, headers)

    async def _reach(self, asked: Asked) -> tuple[str, ServerStats]:
        """Where the server is, and what it tells about itself; raises ServerError."""
        caller, administration = self._house.caller, self._administration
        address = asked.address or await administration.find_server(caller)
        if address is None:
            raise ServerError(common.NO_COMFYUI)
        return address, await administration.try_server(caller, address, asked.headers)

    def _tell(self, text: str, *, is_bad: bool = False) -> None:
        self._result.clear()
        with self._result:
            ui.label(told(text)).classes("bg-result-bad" if is_bad else "bg-result-good")


def _status(house: House) -> None:
    """The server that is used now."""
    server = house.queries.server

    @ui.refreshable
    def shown() -> None:
        state = _state(server)
        with ui.element("div").classes("bg-status").props(f"data-state={state}"):
            marked(ui.label(words.server_status(server.address, state)), "server-status")
        if server.stats and state == "good":
            _facts(server.stats)

    with ui.element("div"):
        shown()
    house.news.server_changed.subscribe(shown.refresh)


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
