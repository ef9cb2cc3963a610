"""The addresses, and what stands on each."""

from functools import partial

from nicegui import Client, ui
from starlette.requests import Request
from starlette.routing import BaseRoute

from batchgen_app.access import caller_of
from batchgen_app.language.texts import find_reader
from batchgen_app.services import Administration, Services, Sharing
from batchgen_app.ui.batch_form.page import generate_page
from batchgen_app.ui.batch_progress.page import batch_page
from batchgen_app.ui.frame.theme import frame
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.gallery import gallery
from batchgen_app.ui.gallery.trash import trash_page
from batchgen_app.ui.gallery.trash_pictures import trash_pictures
from batchgen_app.ui.house import House, open_house
from batchgen_app.ui.preferences import Preferences
from batchgen_app.ui.reader import Page, language_here
from batchgen_app.ui.settings.page import settings_page

PAGE_SECONDS = 45.0
"""For the building of one page. With many people at once its turn comes late, and a page that comes
late is better than none. NiceGUI forgets a page that no browser has connected to after 60 s.
"""
page = partial(Page, response_timeout=PAGE_SECONDS)


def load_anew() -> None:
    """Every open page, because what it shows may be out of date; what was typed stays."""
    for client in tuple(Client.instances.values()):
        client.run_javascript("location.reload()")


def add_pages(
    services: Services, administration: Administration, sharing: Sharing, preferences: Preferences
) -> list[BaseRoute]:
    """Make every page known to NiceGUI; gives the addresses of pictures that only pages show. On
    the way through NiceGUI, each would take three times as long.
    """
    opened = open_house(services, administration, sharing, preferences)
    find_reader(language_here)

    def house_here() -> House:
        """As far as whoever asked for this page may use it."""
        return opened.seen_by(caller_of(ui.context.client.request.scope))

    @page("/")
    async def generate(like: str = "") -> None:
        house = house_here()
        with frame(house, "/"):
            await generate_page(house, like)

    @page("/batch/{batch_id}")
    async def batch(batch_id: str) -> None:
        house = house_here()
        with frame(house, ""):
            await batch_page(house, batch_id)

    @page("/gallery")
    async def find_it(request: Request) -> None:
        house = house_here()
        with frame(house, "/gallery"):
            await gallery(house, Filters.from_address(request.query_params))

    @page("/trash")
    async def trash() -> None:
        house = house_here()
        with frame(house, "/trash"):
            await trash_page(house)

    @page("/settings")
    async def settings() -> None:
        house = house_here()
        with frame(house, "/settings"):
            await settings_page(house)

    return [opened.previews.route(), trash_pictures(opened)]
