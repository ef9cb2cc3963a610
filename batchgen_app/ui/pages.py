"""The addresses, and what stands on each."""

from functools import partial

from nicegui import ui
from starlette.requests import Request
from starlette.routing import BaseRoute

from batchgen_app.access import caller_of
from batchgen_app.adapters import nicegui
from batchgen_app.language.texts import find_reader
from batchgen_app.services import Administration, Preferences, Services, Sharing
from batchgen_app.ui.batch_form.page import generate_page
from batchgen_app.ui.batch_progress.page import batch_page
from batchgen_app.ui.frame.frame import frame
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.gallery import gallery
from batchgen_app.ui.gallery.trash import trash_page, trash_pictures
from batchgen_app.ui.page_context import PageContext, open_pages
from batchgen_app.ui.page_language import Page, language_here
from batchgen_app.ui.settings.page import settings_page

PAGE_SECONDS = 45.0
"""For the building of one page. With many people at once its turn comes late, and a page that comes
late is better than none. NiceGUI forgets a page that no browser has connected to after 60 s.
"""
page = partial(Page, response_timeout=PAGE_SECONDS)


def load_anew() -> None:
    """Every open page, because what it shows may be out of date; what was typed stays."""
    for opened in nicegui.open_pages():
        opened.run_javascript("location.reload()")


def add_pages(
    services: Services, administration: Administration, sharing: Sharing, preferences: Preferences
) -> list[BaseRoute]:
    """Make every page known to NiceGUI; gives the addresses of pictures that only pages show. On
    the way through NiceGUI, each would take three times as long.
    """
    opened = open_pages(services, administration, sharing, preferences)
    find_reader(language_here)

    def context_here() -> PageContext:
        """As far as whoever asked for this page may use it."""
        return opened.seen_by(caller_of(ui.context.client.request.scope))

    @page("/")
    async def generate(like: str = "") -> None:
        context = context_here()
        with frame(context, "/"):
            await generate_page(context, like)

    @page("/batch/{batch_id}")
    async def batch(batch_id: str) -> None:
        context = context_here()
        with frame(context, ""):
            await batch_page(context, batch_id)

    @page("/gallery")
    async def find_it(request: Request) -> None:
        context = context_here()
        with frame(context, "/gallery"):
            await gallery(context, Filters.from_address(request.query_params))

    @page("/trash")
    async def trash() -> None:
        context = context_here()
        with frame(context, "/trash"):
            await trash_page(context)

    @page("/settings")
    async def settings() -> None:
        context = context_here()
        with frame(context, "/settings"):
            await settings_page(context)

    return [opened.previews.route(), trash_pictures(opened)]
