"""Other devices: the switch that lets them in, where they come in, with which codes."""

from nicegui import ui

from batchgen_app.access.roles import Role
from batchgen_app.access.words import CODES_REPLACED
from batchgen_app.core.errors import BatchGenError
from batchgen_app.keeping import words as kept
from batchgen_app.language.texts import told
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import CopyButton, button, marked
from batchgen_app.ui.parts.fields import Text, Tick
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.devices import devices
from batchgen_app.ui.settings.qr_codes import QrCodes


async def lan(house: House) -> None:
    """Works at once, and is remembered for the next starts."""
    section = _Lan(house)
    await section.show()
    house.news.access_changed.subscribe(section.show)


class _Lan:
    def __init__(self, house: House) -> None:
        self._house = house
        self._access = house.access
        with ui.element("div"):
            with Text("label").classes("bg-tick"):
                self._switch = Tick("lan-switch", value=house.access.lan.is_open)
                Text("span", words.LAN_SWITCH)
            self._hint = ui.label().classes("bg-hint")
        self._switch.on_value_change(self._switched)
        self._open = ui.element("div").classes("bg-section-body")
        with ui.element("div"):
            self._qr = QrCodes(house)
        self._devices = ui.element("div").classes("bg-section-body")

    async def show(self) -> None:
        """All of it, as it is now."""
        is_open = self._access.lan.is_open
        addresses = await self._access.lan.addresses() if is_open else []
        self._switch.value = is_open
        self._switch.props["disabled"] = self._access.lan.is_fixed
        self._hint.text = words.LAN_FIXED if self._access.lan.is_fixed else words.LAN_HINT
        self._open.clear()
        if is_open:
            with self._open:
                _where(addresses)
                for role in Role:
                    self._code(role)
                if self._access.codes.were_replaced:
                    ui.label(told(CODES_REPLACED)).classes("bg-hint")
                if self._access.codes.for_now:
                    ui.label(told(kept.CODES_FOR_NOW)).classes("bg-hint")
        self._qr.show(addresses)
        self._devices.clear()
        with self._devices:
            devices(self._access)

    async def _switched(self) -> None:
        wanted = self._switch.value
        if wanted == self._access.lan.is_open:
            return
        try:
            await (self._access.open_lan() if wanted else self._access.close_lan())
            await self._house.preferences.change(lan=wanted)
        except BatchGenError as error:
            toast(str(error))
        else:
            toast(words.LAN_OPENED if wanted else words.LAN_CLOSED)
        self._switch.value = self._access.lan.is_open

    def _code(self, role: Role) -> None:
        code = self._access.codes[role]
        with ui.element("div").classes("bg-code"):
            ui.label(words.CODES[role]).classes("bg-label")
            marked(CopyButton(code, code), f"code-{role}").classes("bg-code-digits")
            marked(button(words.NEW_CODE, lambda: self._renew(role)), f"new-code-{role}")
            ui.label(words.CODE_HINTS[role]).classes("bg-hint")

    async def _renew(self, role: Role) -> None:
        if await tried(self._access.renew(role)):
            toast(words.CODE_CHANGED)


def _where(addresses: list[str]) -> None:
    with ui.element("div"):
        ui.label(words.LAN_ADDRESS).classes("bg-label")
        for address in addresses:
            marked(CopyButton(address, address), "lan-address").classes("bg-address")
        if not addresses:
            ui.label(words.LAN_NOWHERE)
