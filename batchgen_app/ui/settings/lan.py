"""Other devices: the switch that lets them in, where they come in, with which codes or links, and
who is in. A link for one device is drawn so that a phone can read it, made when asked for, never
before.
"""

from collections.abc import Sequence

from nicegui import ui

from batchgen_app.access import Caller, Role
from batchgen_app.access.words import CODES_REPLACED
from batchgen_app.core.errors import BatchGenError
from batchgen_app.language.texts import translated
from batchgen_app.secrets_store import words as kept
from batchgen_app.services import Sharing
from batchgen_app.services.sharing import Device
from batchgen_app.services.values import INVITATION_SECONDS
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import CopyButton, button, icon_button, marked, own_direction
from batchgen_app.ui.parts.draft import FORGET
from batchgen_app.ui.parts.fields import Text, Tick
from batchgen_app.ui.parts.qr import qr_image
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.settings import words


class QrCodes(ui.element):
    """A button for each role, and the code that was asked for last. It is gone as soon as something
    has changed: when a device came in, mostly.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__("div")
        self._context = context
        self._address = ""
        self.classes("bg-section-body")

    def show(self, addresses: Sequence[str]) -> None:
        """For the first of these addresses; nothing where there is none."""
        self._address = next(iter(addresses), "")
        self.clear()
        if self._address:
            with self, ui.element("div").classes("bg-buttons"):
                for role in Role:
                    self._button(role)

    def _button(self, role: Role) -> None:
        marked(button(str(words.QR[role]), lambda: self._make(role), icon="qr_code"), f"qr-{role}")

    def _make(self, role: Role) -> None:
        link = f"{self._address}{self._context.sharing.invite(self._context.caller, role)}"
        self.clear()
        with self, marked(ui.element("div"), "qr").classes("bg-qr"):
            image = marked(ui.element("img"), "qr-image")
            image.props["src"] = qr_image(link)
            image.props["alt"] = str(words.QR[role])
            ui.label(str(words.QR_HINT)).classes("bg-hint")
            marked(CopyButton(link, link), "qr-link").classes("bg-path")
            button(str(words.QR_CLOSE), lambda: self.show([self._address]))
            ui.timer(INVITATION_SECONDS, lambda: self.show([self._address]), once=True)


def devices(sharing: Sharing, caller: Caller) -> None:
    """The list of signed-in devices, and the way to sign them out."""
    signed_in = sharing.devices(caller)
    ui.label(str(words.DEVICES)).classes("bg-label")
    if not signed_in:
        ui.label(str(words.NO_DEVICES)).classes("bg-hint")
        return
    with ui.element("ul").classes("bg-devices"):
        for device in signed_in:
            _device(sharing, caller, device)

    async def sign_out_everyone() -> None:
        if await tried(sharing.sign_out_all(caller)):
            toast(str(words.SIGNED_OUT))

    everyone = button(str(words.SIGN_OUT_EVERYONE), sign_out_everyone)
    marked(everyone, "sign-out-everyone")


def _device(sharing: Sharing, caller: Caller, device: Device) -> None:
    async def sign_out() -> None:
        if await tried(sharing.sign_out(caller, device.session_id)):
            toast(str(words.SIGNED_OUT))

    with marked(ui.element("li"), "device").classes("bg-device"):
        with ui.element("div"):
            own_direction(ui.label(device.name))
            facts = words.device_facts(device.role, device.address, device.seen)
            ui.label(facts).classes("bg-hint")
        remove = icon_button("close", words.sign_out(device.name), sign_out)
        marked(remove, "remove-device")


LEAVE = f"""() => fetch(`${{window.path_prefix}}/logout`, {{method: 'POST'}}).then(() => {{
    {FORGET};
    location.assign(`${{window.path_prefix}}/login`);
}})"""


async def this_device(context: PageContext) -> None:
    """What it may do, and the way out."""
    caller = context.caller
    ui.label(words.signed_in_as(caller.device, str(caller.role)))
    if caller.role is Role.VIEW:
        ui.label(str(words.CODE_HINTS[Role.VIEW])).classes("bg-hint")
    with ui.element("div").classes("bg-buttons"):
        leave = marked(button(str(words.SIGN_OUT)), "sign-out")
        leave.on("click", js_handler=LEAVE)


async def lan(context: PageContext) -> None:
    """Works at once, and is remembered for the next starts."""
    section = _Lan(context)
    await section.show()
    context.news.access_changed.subscribe(section.show)


class _Lan:
    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._sharing = context.sharing
        with ui.element("div"):
            with Text("label").classes("bg-tick"):
                self._switch = Tick("lan-switch", value=context.sharing.is_on)
                Text("span", str(words.LAN_SWITCH))
            self._hint = ui.label().classes("bg-hint")
        self._switch.on_value_change(self._switched)
        self._open = ui.element("div").classes("bg-section-body")
        with ui.element("div"):
            self._qr = QrCodes(context)
        self._devices = ui.element("div").classes("bg-section-body")

    async def show(self) -> None:
        """All of it, as it is now."""
        doors = await self._sharing.doors(self._context.caller)
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
                    ui.label(translated(CODES_REPLACED)).classes("bg-hint")
                if doors.codes_for_now:
                    ui.label(translated(kept.CODES_FOR_NOW)).classes("bg-hint")
        self._qr.show(doors.addresses)
        self._devices.clear()
        with self._devices:
            devices(self._sharing, self._context.caller)

    async def _switched(self) -> None:
        wanted, caller = self._switch.value, self._context.caller
        # What show() sets comes here, too, and is so already.
        if wanted == self._sharing.is_on:
            return
        try:
            await (self._sharing.begin(caller) if wanted else self._sharing.end(caller))
            await self._context.preferences.change(caller, lan=wanted)
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
        if await tried(self._sharing.renew(self._context.caller, role)):
            toast(str(words.CODE_CHANGED))


def _where(addresses: Sequence[str]) -> None:
    with ui.element("div"):
        ui.label(str(words.LAN_ADDRESS)).classes("bg-label")
        for address in addresses:
            marked(CopyButton(address, address), "lan-address").classes("bg-address")
        if not addresses:
            ui.label(str(words.LAN_NOWHERE))
