"""What stands above the gallery, however it is seen: its name, how much there is, the other view,
the ways in, the storage and the trash; and what it says where there is nothing to see.
"""

from dataclasses import replace

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.ui.gallery import import_words, words
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.importing import Importer
from batchgen_app.ui.gallery.view import View
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import button, marked


class Head:
    """The first line; ``tell`` says how much there is, and ``follow`` keeps the way to the other
    view at what is looked for.
    """

    def __init__(self, context: PageContext, filters: Filters) -> None:
        self._queries = context.queries
        self._links: dict[View, ui.link] = {}
        importer = Importer(context) if context.may(Verb.MAKE) else None
        with ui.element("div").classes("bg-gallery-head"):
            ui.label(str(words.GALLERY)).classes("bg-title").props("role=heading aria-level=1")
            self._stats = marked(ui.label().classes("bg-stats"), "gallery-stats")
            self._stats.props("role=status")
            with ui.element("nav").classes("bg-views") as views:
                views.props["aria-label"] = str(words.VIEW)
                for view in View:
                    self._links[view] = self._link(view, filters)
            with ui.element("div").classes("bg-aside-links"):
                marked(ui.link(str(words.STORAGE), "/storage"), "open-storage")
                marked(ui.link(str(words.TRASH), "/trash"), "open-trash")
            if importer:
                importer.buttons()
        if importer:
            importer.place()

    def follow(self, filters: Filters) -> None:
        """Both views look for the same."""
        for view, link in self._links.items():
            link.props["href"] = replace(filters, view=view).address

    async def tell(self, found: int, *, filtered: bool) -> list[str]:
        """How many pictures were found, of how many; gives the models of all."""
        everything = await self._queries.statistics()
        self._stats.text = words.gallery_stats(
            found, everything.images, everything.bytes, filtered=filtered
        )
        return everything.models

    @staticmethod
    def _link(view: View, filters: Filters) -> ui.link:
        link = ui.link(str(words.VIEWS[view]), replace(filters, view=view).address)
        marked(link, f"view-{view}").classes("bg-view")
        if view is filters.view:
            link.props("aria-current=page")
        return link


def say_what_to_do(*, filtered: bool, may_make: bool) -> None:
    """Where nothing is found, or nothing was made yet."""
    if filtered:
        ui.icon("search_off").props("aria-hidden=true")
        ui.label(str(words.NOTHING_FOUND))
        return
    ui.icon("photo_library").props("aria-hidden=true")
    ui.label(str(words.NOTHING_YET)).classes("bg-title")
    ui.label(str(words.NOTHING_YET_HINT))
    if may_make:
        ui.label(str(import_words.IMPORT_HINT))
    button(str(words.FIRST_BATCH), lambda: ui.navigate.to("/"), main=True)
