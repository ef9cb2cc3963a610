"""The addresses, and what stands on each."""

from nicegui import app, ui
from starlette.requests import Request

from batchgen_app.batches.workshop import Workshop
from batchgen_app.ui.batch_form.page import generate_page
from batchgen_app.ui.batch_progress.page import batch_page
from batchgen_app.ui.frame.theme import frame
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.gallery import gallery
from batchgen_app.ui.house import open_house
from batchgen_app.ui.settings.page import settings_page


def add_pages(workshop: Workshop) -> None:
    """Make every page known to NiceGUI."""
    house = open_house(workshop)
    app.include_router(house.previews.routes())

    @ui.page("/")
    async def generate(like: str = "") -> None:
        with frame(house, "/"):
            await generate_page(house, like)

    @ui.page("/batch/{batch_id}")
    async def batch(batch_id: str) -> None:
        with frame(house, ""):
            await batch_page(house, batch_id)

    @ui.page("/gallery")
    async def find_it(request: Request) -> None:
        with frame(house, "/gallery"):
            await gallery(house, Filters.from_address(request.query_params))

    @ui.page("/settings")
    async def settings() -> None:
        with frame(house, "/settings"):
            await settings_page(house)
