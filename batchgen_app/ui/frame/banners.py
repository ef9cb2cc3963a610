"""What every page says about the server, where that is worth saying: that it paints placeholders,
that it does not answer.
"""

from nicegui import events, ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import ServerUnreachable
from batchgen_app.language.texts import told
from batchgen_app.ui import words as common
from batchgen_app.ui.frame import words
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.busy import busy
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.parts.trouble import PageTrouble, server_is_back


def banners(house: House) -> None:
    """Below the navigation; they come and go with the server."""
    server = house.queries.server
    place = ui.element("div").classes("bg-banners")

    def show() -> None:
        place.clear()
        with place:
            if server.fault:
                _lost(house, place)
            elif server.is_demo:
                _demo(house, place)
        if not server.fault:
            server_is_back(place.client)

    show()
    house.news.server_changed.subscribe(show)


def _lost(house: House, place: ui.element) -> None:
    server = house.queries.server

    async def retry(event: events.ClickEventArguments) -> None:
        assert isinstance(event.sender, ui.button)
        with place, busy(event.sender):  # the place outlives the button
            await house.commands.look_at_server(house.caller)
            if server.fault:
                toast(str(words.STILL_LOST))

    def build() -> None:
        ui.icon("cloud_off").props("aria-hidden=true")
        marked(ui.label(_why(house)).classes("bg-banner-text"), "server-error")
        marked(button(str(common.RETRY)), "retry").on_click(retry)

    PageTrouble(build).classes("bg-banner bg-bad").props("role=alert")


def _why(house: House) -> str:
    server = house.queries.server
    if not isinstance(server.fault, ServerUnreachable):
        return told(str(server.fault))
    if not house.may(Verb.SET):
        return str(words.SERVER_LOST)
    return f"{words.SERVER_LOST} {words.way_back(server.address)}"


def _demo(house: House, place: ui.element) -> None:
    async def look_for_comfyui() -> None:
        with place, busy(look):
            await tried(_use_usual(house))

    banner = ui.element("div").classes("bg-banner").props("role=status")
    with marked(banner, "demo-banner"):
        ui.icon("brush").props("aria-hidden=true")
        said = ui.label(str(words.DEMO_BANNER)).classes("bg-banner-text")
        if house.may(Verb.SET):
            said.text += f" {words.DEMO_WAY_OUT}"
            look = marked(button(str(words.LOOK_FOR_COMFYUI), look_for_comfyui), "look-for-comfyui")


async def _use_usual(house: House) -> None:
    caller, administration = house.caller, house.administration
    address = await administration.find_server(caller)
    if address is None or address == house.queries.server.address:
        toast(common.NO_COMFYUI)
        return
    headers = administration.headers_for(caller, None)
    await administration.use_server(caller, address, headers)
    toast(words.now_using(address))
