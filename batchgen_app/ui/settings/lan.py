"""Other devices: the switch that lets them in, where they come in, with which codes."""

from collections.abc import Sequence

from nicegui import ui

from batchgen_app.access.policy import Role
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
        self._sharing = house.sharing
        with ui.element("div"):
            with Text("label").classes("bg-tick"):
                self._switch = Tick("lan-switch", value=house.sharing.is_on)
                Text("span", str(words.LAN_SWITCH))
            self._hint = ui.label().classes("bg-hint")
        self._switch.on_value_change(self._switched)
        self._open = ui.element("div").classes("bg-section-body")
        with ui.element("div"):
            self._qr = QrCodes(house)
        self._devices = ui.element("div").classes("bg-section-body")

    async def show(self) -> None:
        """All of it, as it is now."""
        doors = await self._sharing.doors(self._house.caller)
        self._switch.value = doors.are_open
        self._switch.props["disabled"] = doors.are_fixed
        self._hint.text = str(words.LAN_FIXED) if doors.are_fixed else str(words.LAN_HINT)
        self._open.clear()
        if doors.are_open:
            with self._open:
                _where(doors.addresses)
                for role, code in doors.codes.items():
                    self._code(role, code)
                if doors.codes_were_replaced:
                    ui.label(told(CODES_REPLACED)).classes("bg-hint")
                if doors.codes_for_now:
                    ui.label(told(kept.CODES_FOR_NOW)).classes("bg-hint")
        self._qr.show(doors.addresses)
        self._devices.clear()
        with self._devices:
            devices(self._sharing, self._house.caller)

    async def _switched(self) -> None:
        wanted, caller = self._switch.value, self._house.caller
        if wanted == self._sharing.is_on:
            return
        try:
            await (self._sharing.begin(caller) if wanted else self._sharing.end(caller))
            await self._house.preferences.change(caller, lan=wanted)
        except BatchGenError as error:
            toast(str(error))
        else:
            toast(str(words.LAN_OPENED) if wanted else str(words.LAN_CLOSED))
        self._switch.value = self._sharing.is_on

    def _code(self, role: Role, code: str) -> None:
        with ui.element("div").classes("bg-code"):
            ui.label(str(words.CODES[role])).classes("bg-label")
            marked(CopyButton(code, code), f"code-{role}").classes("bg-code-digits")
            marked(button(str(words.NEW_CODE), lambda: self._renew(role)), f"new-code-{role}")
            ui.label(str(words.CODE_HINTS[role])).classes("bg-hint")

    async def _renew(self, role: Role) -> None:
        if await tried(self._sharing.renew(self._house.caller, role)):
            toast(str(words.CODE_CHANGED))


def _where(addresses: Sequence[str]) -> None:
    with ui.element("div"):
        ui.label(str(words.LAN_ADDRESS)).classes("bg-label")
        for address in addresses:
            marked(CopyButton(address, address), "lan-address").classes("bg-address")
        if not addresses:
            ui.label(str(words.LAN_NOWHERE))
