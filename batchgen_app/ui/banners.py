"""What every page says about the server, where that is worth saying: that it paints placeholders,
that it does not answer.
"""

from nicegui import ui

from batchgen_app.batches.server import Server, find_usual
from batchgen_app.core.errors import BatchGenError, ServerUnreachable
from batchgen_app.ui import words
from batchgen_app.ui.house import House
from batchgen_app.ui.toast import toast


def banners(house: House) -> None:
    """Below the navigation; they come and go with the server."""
    server = house.workshop.server

    @ui.refreshable
    def shown() -> None:
        if server.fault:
            _lost(server)
        elif server.is_demo:
            _demo(server)

    with ui.element("div").classes("bg-banners"):
        shown()
    house.news.server_changed.subscribe(shown.refresh)


def _lost(server: Server) -> None:
    async def retry() -> None:
        button.props("loading")
        await server.look()
        if server.fault:
            button.props(remove="loading")
            toast(words.STILL_LOST)

    with ui.element("div").classes("bg-banner bg-bad").props("role=alert"):
        ui.icon("cloud_off").props("aria-hidden=true")
        ui.label(_why(server)).classes("bg-banner-text").props("data-testid=server-error")
        button = ui.button(words.RETRY, on_click=retry).props("flat data-testid=retry")


def _why(server: Server) -> str:
    if isinstance(server.fault, ServerUnreachable):
        return words.server_lost(server.client.address)
    return str(server.fault)


def _demo(server: Server) -> None:
    async def look_for_comfyui() -> None:
        button.props("loading")
        try:
            await _use_usual(server)
        except BatchGenError as error:
            toast(str(error))
        button.props(remove="loading")

    with ui.element("div").classes("bg-banner").props("role=status data-testid=demo-banner"):
        ui.icon("brush").props("aria-hidden=true")
        ui.label(words.DEMO_BANNER).classes("bg-banner-text")
        button = ui.button(words.LOOK_FOR_COMFYUI, on_click=look_for_comfyui).props("flat")


async def _use_usual(server: Server) -> None:
    address = await find_usual()
    if address is None or address == server.client.address:
        toast(words.NO_COMFYUI)
        return
    await server.use(address, {})
    toast(words.now_using(address))
