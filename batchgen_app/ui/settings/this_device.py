"""The device that a page is open on, where it had to sign in."""

from nicegui import ui

from batchgen_app.access import Role
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.draft import FORGET
from batchgen_app.ui.settings import words

LEAVE = f"""() => fetch('/logout', {{method: 'POST'}}).then(() => {{
    {FORGET};
    location.assign('/login');
}})"""


async def this_device(house: House) -> None:
    """What it may do, and the way out."""
    caller = house.caller
    ui.label(words.signed_in_as(caller.device, str(caller.role)))
    if caller.role is Role.VIEW:
        ui.label(str(words.CODE_HINTS[Role.VIEW])).classes("bg-hint")
    with ui.element("div").classes("bg-buttons"):
        leave = marked(button(str(words.SIGN_OUT)), "sign-out")
        leave.on("click", js_handler=LEAVE)
