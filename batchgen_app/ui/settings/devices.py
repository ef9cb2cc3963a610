"""The devices that are signed in, each with a way to sign it out."""

from nicegui import ui

from batchgen_app.access import Caller
from batchgen_app.services import Sharing
from batchgen_app.services.sharing import Device
from batchgen_app.ui.parts.controls import button, icon_button, marked, own_direction
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.settings import words


def devices(sharing: Sharing, caller: Caller) -> None:
    """As it is now."""
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
