"""The addresses, and what stands on each."""

from functools import partial

from nicegui import ui
from starlette.requests import Request
from starlette.routing import BaseRoute

from batchgen_app.access import caller_of
from batchgen_app.adapters import nicegui
from batchgen_app.language.texts import find_reader
from batchgen_app.services import Administration, Preferences, Services, Sharing
from batchgen_app.ui.batch_form.page import batch_page, generate_page
from batchgen_app.ui.comparison.file_faults import file_faults
from batchgen_app.ui.frame.frame import frame
from batchgen_app.ui.gallery.collections import collections
from batchgen_app.ui.gallery.downloads import downloads
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.gallery import gallery
from batchgen_app.ui.gallery.images import images
from batchgen_app.ui.gallery.listing import listing
from batchgen_app.ui.gallery.trash import trash_page, trash_pictures
from batchgen_app.ui.gallery.view import View
from batchgen_app.ui.housekeeping.page import storage_page
from batchgen_app.ui.page_context import PageContext, open_pages
from batchgen_app.ui.page_language import Page, language_here
from batchgen_app.ui.settings.page import settings_page
from batchgen_app.ui.workflow_library.editor import workflow_page
from batchgen_app.ui.workflow_library.page import workflows_page

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
    async def generate(
        like: str = "", workflow: str = "", picture: str = "", image: str = "", seeds: str = ""
    ) -> None:
        context, fresh = context_here(), seeds == "new"
        with frame(context, "/"):
            await generate_page(context, like, workflow, picture, image, fresh=fresh)

    @page("/batch/{batch_id}")
    async def batch(batch_id: str) -> None:
        context = context_here()
        with frame(context, ""):
            await batch_page(context, batch_id)

    @page("/gallery")
    async def find_it(request: Request) -> None:
        context = context_here()
        filters = Filters.from_address(request.query_params)
        with frame(context, "/gallery"):
            match filters.view:
                case View.IMAGES:
                    await images(context, filters, request.query_params.get("image", ""))
                case View.COLLECTIONS:
                    await collections(context, filters)
                case View.BATCHES:
                    await gallery(context, filters)

    @page("/trash")
    async def trash() -> None:
        context = context_here()
        with frame(context, "/trash"):
            await trash_page(context)

    @page("/storage")
    async def storage() -> None:
        context = context_here()
        with frame(context, "/storage"):
            await storage_page(context)

    @page("/workflows")
    async def workflows() -> None:
        context = context_here()
        with frame(context, "/workflows"):
            await workflows_page(context)

    @page("/workflows/{workflow_id}")
    async def workflow(workflow_id: str) -> None:
        context = context_here()
        with frame(context, ""):
            await workflow_page(context, workflow_id)

    @page("/settings")
    async def settings() -> None:
        context = context_here()
        with frame(context, "/settings"):
            await settings_page(context)

    return [
        opened.previews.route(),
        trash_pictures(opened),
        downloads(opened),
        file_faults(opened),
        *listing(opened),
    ]
