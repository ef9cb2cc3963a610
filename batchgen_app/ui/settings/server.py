"""The server: where it is, what goes with every request, and whether it answers."""

from dataclasses import dataclass

from nicegui import ui

from batchgen_app.batches.server import Server, find_usual
from batchgen_app.comfy.client import ComfyClient, ServerStats, normalise_address
from batchgen_app.core.errors import BatchGenError, InvalidRequest, ServerError
from batchgen_app.language.texts import told
from batchgen_app.ui import words as common
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.busy import busy
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.fields import Field, as_text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.headers_field import HeadersField

TEST_SECONDS = 5.0


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
        self._server = house.workshop.server
        _status(house)
        self._address = Field("comfyuiUrl", words.ADDRESS, self._address_control, as_text)
        with self._address.box:
            ui.label(words.ADDRESS_HINT).classes("bg-hint")
        self._headers = HeadersField(house.workshop.headers)
        with ui.element("div").classes("bg-buttons"):
            self._test_button = marked(button(words.TEST, self._test), "test-connection")
            self._save_button = marked(button(words.SAVE, self._save, main=True), "save-server")
        self._result = marked(ui.element("div"), "test-result").props("aria-live=polite")

    def _address_control(self) -> ui.input:
        field = ui.input(
            value=self._house.preferences.saved.comfyui_url or "",
            placeholder="http://127.0.0.1:8188",
        )
        field.props("outlined dense spellcheck=false autocapitalize=off inputmode=url")
        return marked(field, "server-address").on("keydown.enter", self._save, [])

    async def _test(self) -> None:
        if (asked := await self._asked()) is None:
            return
        with busy(self._test_button):
            try:
                address, stats = await _reach(asked)
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
                address, _ = await _reach(asked)
            except ServerError as error:
                self._offer_anyway(asked, error)
            else:
                await self._use(asked, address)

    def _offer_anyway(self, asked: Asked, error: ServerError) -> None:
        self._tell(str(error), is_bad=True)
        with self._result:
            marked(
                button(words.SAVE_ANYWAY, lambda: self._use(asked, asked.address)), "save-anyway"
            )

    async def _use(self, asked: Asked, address: str | None) -> None:
        """From now on, and from the next start on."""
        try:
            if address and not self._is_used(address, asked.headers):
                await self._server.use(address, asked.headers)
            await self._house.workshop.headers.keep(asked.address, asked.headers)
            await self._house.preferences.change(comfyui_url=asked.address)
        except BatchGenError as error:
            self._tell(str(error), is_bad=True)
            return
        self._address.put(asked.address)
        self._headers.show()
        self._result.clear()
        toast(words.server_saved(address))

    def _is_used(self, address: str, headers: dict[str, str]) -> bool:
        client = self._server.client
        return (client.address, client.headers) == (address, headers)

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
        await self._house.workshop.headers.ask()
        headers = self._headers.read(address)
        return None if headers is None else Asked(address, headers)

    def _tell(self, text: str, *, is_bad: bool = False) -> None:
        self._result.clear()
        with self._result:
            ui.label(told(text)).classes("bg-result-bad" if is_bad else "bg-result-good")


async def _reach(asked: Asked) -> tuple[str, ServerStats]:
    """Where the server is, and what it tells about itself; raises ServerError."""
    address = asked.address or await find_usual()
    if address is None:
        raise ServerError(common.NO_COMFYUI)
    async with ComfyClient(address, headers=asked.headers, timeout=TEST_SECONDS) as client:
        return address, await client.stats()


def _status(house: House) -> None:
    """The server that is used now."""
    server = house.workshop.server

    @ui.refreshable
    def shown() -> None:
        state = _state(server)
        with ui.element("div").classes("bg-status").props(f"data-state={state}"):
            marked(ui.label(words.server_status(server.client.address, state)), "server-status")
        if server.stats and state == "good":
            _facts(server.stats)

    with ui.element("div"):
        shown()
    house.news.server_changed.subscribe(shown.refresh)


def _state(server: Server) -> str:
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
