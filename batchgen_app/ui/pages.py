"""The addresses, and what stands on each."""

from nicegui import ui

from batchgen_app.batches.workshop import Workshop
from batchgen_app.core.errors import NotFound
from batchgen_app.ui.house import open_house
from batchgen_app.ui.theme import frame


def add_pages(workshop: Workshop) -> None:
    """Make every page known to NiceGUI."""
    house = open_house(workshop)

    @ui.page("/")
    async def generate() -> None:
        with frame(house, "/"):
            pass

    @ui.page("/batch/{batch_id}")
    async def batch(batch_id: str) -> None:
        try:
            shown = await workshop.desk.batch(batch_id)
        except NotFound as error:
            ui.status_code(404)
            with frame(house, ""):
                ui.label(str(error))
            return
        with frame(house, ""):
            ui.label(shown.batch_id)

    @ui.page("/gallery")
    async def gallery() -> None:
        with frame(house, "/gallery"):
            pass

    @ui.page("/settings")
    async def settings() -> None:
        with frame(house, "/settings"):
            pass
