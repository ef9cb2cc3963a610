"""The devices that are signed in, each with a way to sign it out."""

from nicegui import ui

from batchgen_app.access import Access
from batchgen_app.access.sessions import Session
from batchgen_app.ui.parts.controls import button, icon_button, marked, own_direction
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.settings import words


def devices(access: Access) -> None:
    """As it is now."""
    sessions = access.sessions.all
    ui.label(words.DEVICES).classes("bg-label")
    if not sessions:
        ui.label(words.NO_DEVICES).classes("bg-hint")
        return
    with ui.element("ul").classes("bg-devices"):
        for session in sessions:
            _device(access, session)

    async def sign_out_everyone() -> None:
        if await tried(access.sessions.remove_all()):
            toast(words.SIGNED_OUT)

    everyone = button(words.SIGN_OUT_EVERYONE, sign_out_everyone)
    marked(everyone, "sign-out-everyone")


def _device(access: Access, session: Session) -> None:
    async def sign_out() -> None:
        if await tried(access.sessions.remove(session.id)):
            toast(words.SIGNED_OUT)

    with marked(ui.element("li"), "device").classes("bg-device"):
        with ui.element("div"):
            own_direction(ui.label(session.device))
            facts = words.device_facts(session.role, session.address, session.seen)
            ui.label(facts).classes("bg-hint")
        remove = icon_button("close", words.sign_out(session.device), sign_out)
        marked(remove, "remove-device")
