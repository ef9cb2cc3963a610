"""How much room the pictures take: in all, by month, by model, in the trash; and a look through
their files.
"""

from collections.abc import Sequence
from contextlib import suppress

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.errors import StorageError
from batchgen_app.language.texts import Lazy
from batchgen_app.services.values import Share, Usage
from batchgen_app.ui.housekeeping import words
from batchgen_app.ui.housekeeping.looking import Looking
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import marked, own_direction
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.words import amount

SEEN_AT_ONCE = 12
"""Rows of a table; the others unfold."""
Line = tuple[str, Share]


async def storage_page(context: PageContext) -> None:
    """The page's content. What it tells of the room follows what is deleted and restored."""
    page = StoragePage(context)
    await page.show()
    context.news.batch_edited.subscribe(page.show, expect_args=False)
    context.news.trash_emptied.subscribe(page.show)
    if context.may(Verb.SET):
        looking = Looking(context)
        await looking.show()
        looking.follow()


class StoragePage:
    """What is told of the room on one open page."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._asked = 0
        with ui.element("div").classes("bg-gallery-head"):
            ui.label(str(words.STORAGE)).classes("bg-title").props("role=heading aria-level=1")
            self._stats = marked(ui.label(), "storage-stats").classes("bg-stats")
            self._stats.props("role=status")
            ui.link(str(words.TO_GALLERY), "/gallery").classes("bg-aside-link")
        self._box = ui.element("div").classes("bg-storage")

    async def show(self) -> None:
        """As it is now; of several wishes at once, the last one counts."""
        self._asked += 1
        asked, queries = self._asked, self._context.queries
        usage, trash = await queries.housekeeping.usage(), await queries.trash()
        free = await self._free()
        if asked != self._asked:
            return
        self._stats.text = words.stats(usage.images, usage.bytes, free)
        self._box.clear()
        with self._box:
            self._tell(usage, sum(entry.bytes for entry in trash))

    async def _free(self) -> int | None:
        with suppress(StorageError):  # what is wrong with the disk is told elsewhere
            return await self._context.queries.housekeeping.free_bytes()
        return None

    def _tell(self, usage: Usage, trash: int) -> None:
        if usage.images:
            months = [(words.month(m.year, m.month), m) for m in usage.months]
            models = [(m.model or str(words.NO_MODEL), m) for m in usage.models]
            _table("by-month", words.BY_MONTH, words.MONTH, months, usage.bytes)
            _table("by-model", words.BY_MODEL, words.MODEL, models, usage.bytes)
        else:
            with ui.element("div").classes("bg-empty"):
                ui.icon("photo_library").props("aria-hidden=true")
                ui.label(str(words.NOTHING_YET)).classes("bg-title")
                ui.label(str(words.NOTHING_YET_HINT))
        with section(str(words.TRASH)):
            told = words.in_trash(trash) if trash else str(words.TRASH_EMPTY)
            marked(ui.label(told), "storage-trash")
            if trash:
                ui.link(str(words.OPEN_TRASH), "/trash").classes("bg-link")


def section(title: str) -> ui.element:
    """A box under a title, to be filled."""
    with ui.element("section").classes("bg-section") as box:
        heading = ui.label(title).classes("bg-section-title").props("role=heading aria-level=2")
        box.props(f"aria-labelledby={heading.html_id}")
        return ui.element("div").classes("bg-section-body")


def _table(mark: str, title: Lazy, first: Lazy, lines: Sequence[Line], total: int) -> None:
    with section(str(title)):
        _rows(mark, first, lines[:SEEN_AT_ONCE], total)
        if rest := lines[SEEN_AT_ONCE:]:
            with ui.element("details").classes("bg-storage-more"):
                Text("summary", words.more(len(rest)))
                _rows(f"{mark}-more", first, rest, total)


def _rows(mark: str, first: Lazy, lines: Sequence[Line], total: int) -> None:
    with marked(ui.element("table"), mark).classes("bg-shares"):
        with ui.element("thead"), ui.element("tr"):
            for title in (first, words.IMAGES, words.ROOM):
                Text("th", str(title)).props("scope=col")
        with ui.element("tbody"):
            for name, share in lines:
                _row(name, share, total)


def _row(name: str, share: Share, total: int) -> None:
    with ui.element("tr"):
        own_direction(Text("th", name)).props("scope=row")
        Text("td", str(share.images))
        with ui.element("td"):
            Text("span", f"{amount(share.bytes)} ({words.share(share.bytes, total)})")
            bar = ui.element("div").classes("bg-share").props("aria-hidden=true")
            bar.style(f"--share: {100 * share.bytes / max(total, 1):.1f}%")
