"""The first pictures of the grid, in the page itself. They are seen with it, where the grid was as
this device left it, while the page's own parts are still loaded (``assets/first_seen.js``). What is
told of them is read once by ``assets/image_grid/pages.js``.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from nicegui import ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.places import assets_dir
from batchgen_app.services import Queries
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.listing import USUAL, as_json, pictures
from batchgen_app.ui.parts.addresses import at

SOON = 12
"""Thumbnails that are asked for before all else: those that are seen on any screen."""
SEEN = 60
"""Those that are seen with the page, on a large one."""
BROUGHT = '<script type="application/json" id="first-images">{}</script>'
THUMBNAIL = '<link rel="preload" as="image" href="{}">'
FIRST_SEEN = '<div id="first-seen" class="bg-first" aria-hidden="true">{pictures}</div>{script}'
PICTURE = '<img src="{address}" alt="" loading="lazy"{rejected}>'
SCRIPT = f"<script>{(assets_dir() / 'first_seen.js').read_text(encoding='utf-8')}</script>"


async def bring_first_images(queries: Queries, filters: Filters, *, are_seen: bool) -> int | None:
    """How many are found. None where they cannot be had: the grid asks by itself, and says why.
    Unless ``are_seen``, something else lies over them.
    """
    try:
        found = await pictures(queries, {**filters.asked, "limit": str(USUAL)})
    except BatchGenError:
        return None
    told = as_json({"query": filters.parameters, "answer": found}).decode()
    ui.add_body_html(BROUGHT.format(told.replace("<", r"\u003c")))
    for image in found["images"][:SOON]:
        ui.add_head_html(THUMBNAIL.format(at(image["thumbnail"])))
    if are_seen:
        _show(found["images"][:SEEN])
    return int(found["total"])


def _show(images: Sequence[dict[str, Any]]) -> None:
    shown = (
        PICTURE.format(
            address=escape(at(image["thumbnail"])),
            rejected=" data-rejected" if image["rejected"] else "",
        )
        for image in images
    )
    ui.add_body_html(FIRST_SEEN.format(pictures="".join(shown), script=SCRIPT))
