"""What is typed of one server of the list, and what comes of a test."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from nicegui import ui

from batchgen_app.core.errors import BatchGenError, InvalidRequest
from batchgen_app.core.server_list import ListedServer, ServerKind
from batchgen_app.language.texts import translated
from batchgen_app.services.values import normalise_address
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    Click,
    busy,
    button,
    focus_if_lost,
    marked,
    own_direction,
)
from batchgen_app.ui.parts.fields import Field, Text, Tick, as_text
from batchgen_app.ui.settings import server_words as words
from batchgen_app.ui.settings import words as common

Save = Callable[[str, str], Awaitable[None]]
NONE_TYPED: Mapping[str, str] = MappingProxyType({})


class FleetFields:
    """Whether it is a fleet, and its key."""

    def __init__(self) -> None:
        with Text("label").classes("bg-tick"):
            self._tick = Tick("server-is-fleet")
            Text("span", str(words.IS_FLEET))
        self._key = Field("key", str(words.KEY), _secret, as_text)
        with self._key.box:
            ui.label(str(words.KEY_HINT)).classes("bg-hint")
        marked(self._key.control, "server-key")
        self._key.box.visible = False
        self._tick.on_value_change(lambda: self._key.box.set_visibility(self._tick.value))

    @property
    def kind(self) -> ServerKind:
        """By which interface it is to be spoken to."""
        return "comfy-api" if self._tick.value else "comfyui"

    @property
    def headers(self) -> dict[str, str]:
        """What is to be sent along."""
        key = as_text(self._key.control.value).strip()
        return {"Authorization": f"Bearer {key}"} if key and self._tick.value else {}


class ServerFields:
    """Name and address of one server, tested and saved by buttons; ``save`` raises what the page
    says below them, and ``leave`` is where there is a way back.
    """

    def __init__(
        self,
        context: PageContext,
        save: Save,
        given: ListedServer | None = None,
        leave: Click | None = None,
    ) -> None:
        self._context = context
        self._save = save
        name, address = (given.name, given.address) if given else ("", "")
        with ui.element("div").classes("bg-server-fields"):
            self._name = Field("name", str(words.NAME), lambda: _text(name), as_text)
            self._address = Field(
                "address", str(common.ADDRESS), lambda: _address(address), as_text
            )
            with self._name.box:
                ui.label(str(words.NAME_HINT)).classes("bg-hint")
        self._given = given
        self.fleet = None if given else FleetFields()
        marked(self._name.control, "new-server-name")
        marked(self._address.control, "new-server-address").on("keydown.enter", self._keep, [])
        with ui.element("div").classes("bg-buttons"):
            self._test_button = marked(button(str(common.TEST), self._test), "test-new-server")
            text = words.CHANGE if given else words.ADD
            self._button = marked(button(str(text), self._keep, main=True), "keep-server")
            if leave:
                button(str(words.LEAVE), leave)
        self._result = marked(ui.element("div"), "new-server-result").props("aria-live=polite")

    def take_focus(self) -> None:
        """After the button that led here is gone."""
        focus_if_lost(self._name.control)

    def _typed(self) -> str | None:
        """The address; None where it is none, which is said then."""
        self._result.clear()
        typed = as_text(self._address.control.value).strip()
        fault = None if typed else str(words.ADDRESS_FAULT)
        try:
            address = normalise_address(typed) if typed else None
        except InvalidRequest as error:
            fault, address = str(error), None
        self._address.tell(fault)
        return address

    async def _test(self) -> None:
        if address := self._typed():
            with busy(self._test_button):
                kind = self._given.kind if self._given else "comfyui"
                text, is_bad = await answer(
                    self._context,
                    address,
                    address,
                    self.fleet.kind if self.fleet else kind,
                    self.fleet.headers if self.fleet else {},
                )
            self._tell(text, is_bad=is_bad)

    async def _keep(self) -> None:
        if address := self._typed():
            with busy(self._button):
                try:
                    await self._save(as_text(self._name.control.value).strip(), address)
                except BatchGenError as error:
                    self._tell(str(error), is_bad=True)

    def _tell(self, text: str, *, is_bad: bool) -> None:
        self._result.clear()
        with self._result:
            ui.label(translated(text)).classes("bg-result-bad" if is_bad else "bg-result-good")


def _text(value: str) -> ui.input:
    return ui.input(value=value).props("outlined dense maxlength=100")


def _address(value: str) -> ui.input:
    field = ui.input(value=value, placeholder="http://192.168.1.20:8188")
    return own_direction(
        field.props("outlined dense spellcheck=false autocapitalize=off inputmode=url")
    )


def _secret() -> ui.input:
    return ui.input(password=True).props("outlined dense autocomplete=off")


async def answer(
    context: PageContext,
    name: str,
    address: str,
    kind: ServerKind,
    headers: Mapping[str, str] = NONE_TYPED,
) -> tuple[str, bool]:
    """What comes of a test, in words, and whether that is bad; without typed ``headers``, those
    that are kept for the address go along.
    """
    caller, administration = context.caller, context.administration
    sent = headers or administration.headers_for(caller, address)
    try:
        stats = await administration.try_server(caller, address, sent, kind)
    except BatchGenError as error:
        return str(error), True
    return words.answered(name, stats.version), False
