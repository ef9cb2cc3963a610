"""The first pictures of the grid, in the page itself: they are there with it, and their thumbnails
are loaded while the page's own parts still are. Read once by ``assets/image_grid/pages.js``.
"""

from nicegui import ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.services import Queries
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.listing import USUAL, as_json, pictures
from batchgen_app.ui.parts.addresses import at

SOON = 12
"""Thumbnails that are asked for before the grid is there: those that are seen on any screen."""
BROUGHT = '<script type="application/json" id="first-images">{}</script>'
THUMBNAIL = '<link rel="preload" as="image" href="{}">'


async def bring_first_images(queries: Queries, filters: Filters) -> int | None:
    """How many are found. None where they cannot be had: the grid asks by itself, and says why."""
    try:
        found = await pictures(queries, {**filters.asked, "limit": str(USUAL)})
    except BatchGenError:
        return None
    told = as_json({"query": filters.parameters, "answer": found}).decode()
    ui.add_body_html(BROUGHT.format(told.replace("<", r"\u003c")))
    for image in found["images"][:SOON]:
        ui.add_head_html(THUMBNAIL.format(at(image["thumbnail"])))
    return int(found["total"])
