"""The page "/trash": what was deleted. Look at it, have it back, or be rid of it for good."""

import asyncio
from collections.abc import Sequence
from functools import partial

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchgen_app.access import Verb, caller_of
from batchgen_app.core.errors import BatchGenError
from batchgen_app.services.values import InTrash
from batchgen_app.ui import words as common
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.pile import ON_TOP
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import NOT_LOADED, busy, button, marked, own_direction
from batchgen_app.ui.parts.toast import agreed, toast, tried

HEADERS = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}


def trash_pictures(context: PageContext) -> Route:
    """The address ``/trash/<batchId>/<index>``; 404 for what is not in the trash."""

    async def thumbnail(request: Request) -> Response:
        queries = context.seen_by(caller_of(request.scope)).queries
        try:
            picture = await queries.trash_thumbnail(**request.path_params)
        except BatchGenError:
            picture = None
        if picture is None:
            return Response(status_code=404)
        return Response(picture, media_type="image/webp", headers=HEADERS)

    return Route("/trash/{batch_id}/{index:int}", thumbnail)


MOST_CARDS = 100


async def trash_page(context: PageContext) -> None:
    """Build the page; it follows what is deleted, restored and removed anywhere."""
    page = TrashPage(context)
    await page.show()
    context.news.batch_edited.subscribe(page.show, expect_args=False)
    context.news.trash_emptied.subscribe(page.show)


class TrashPage:
    """One open page of the trash."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._may_delete = context.may(Verb.DELETE)
        self._entries: Sequence[InTrash] = ()
        self._turn = asyncio.Lock()
        with ui.element("div").classes("bg-gallery-head"):
            ui.label(str(words.TRASH)).classes("bg-title").props("role=heading aria-level=1")
            self._stats = marked(ui.label(), "trash-stats").classes("bg-stats").props("role=status")
            ui.link(str(words.TO_GALLERY), "/gallery").classes("bg-aside-link")
        self._button = marked(
            button(str(words.EMPTY_TRASH), self._empty, icon="delete_forever"), "empty-trash"
        )
        with ui.element("div").classes("bg-empty") as self._nothing:
            ui.icon("delete_outline").props("aria-hidden=true")
            ui.label(str(words.TRASH_NOTHING)).classes("bg-title")
            ui.label(str(words.TRASH_NOTHING_HINT))
        self._list = marked(ui.element("ul"), "trash-grid").classes("bg-gallery bg-trash")
        self._more = ui.label(str(words.MORE_IN_TRASH)).classes("bg-hint")

    async def show(self) -> None:
        """Show what is there now."""
        async with self._turn:
            # In turn: more may be deleted while the cards are made.
            self._entries = await self._context.queries.trash()
            self._stats.text = words.trash_stats(
                self._count, self._bytes, entries=len(self._entries)
            )
            self._button.visible = self._may_delete and bool(self._entries)
            self._nothing.visible = not self._entries
            self._more.visible = len(self._entries) > MOST_CARDS
            self._list.clear()
            for entry in self._entries[:MOST_CARDS]:
                with self._list:
                    self._card(entry)
                await asyncio.sleep(0)  # a card takes milliseconds, and others want their turn

    @property
    def _count(self) -> int:
        return sum(len(entry.pictures) for entry in self._entries)

    @property
    def _bytes(self) -> int:
        return sum(entry.bytes for entry in self._entries)

    def _card(self, entry: InTrash) -> None:
        with marked(ui.element("li"), "trash-item").classes("bg-pile"):
            _pictures(entry)
            with ui.element("div").classes("bg-pile-about"):
                prompt = entry.batch.request.prompt
                shown = own_direction(ui.label(prompt).classes("bg-pile-prompt"))
                shown.props["title"] = prompt
                with ui.element("div").classes("bg-pile-facts"):
                    ui.label(common.when(entry.since))
                    ui.label(_what(entry))
            if self._may_delete:
                restore = button(str(words.RESTORE), icon="undo")
                marked(restore, "restore").on_click(partial(self._restore, entry, restore))

    async def _restore(self, entry: InTrash, clicked: ui.button) -> None:
        with self._nothing, busy(clicked):  # the card goes away
            if await tried(self._bring_back(entry)):
                toast(str(words.RESTORED))

    async def _bring_back(self, entry: InTrash) -> None:
        caller, commands = self._context.caller, self._context.commands
        if entry.is_whole:
            await commands.restore_batch(caller, entry.batch.batch_id)
            return
        for picture in entry.pictures:
            await commands.restore_image(caller, picture.id)

    def _consequence(self, label: ui.label) -> None:
        """It follows the page, which follows what is deleted meanwhile."""
        label.bind_text_from(
            self._stats,
            "text",
            lambda _: words.empty_consequence(self._count, self._bytes, entries=len(self._entries)),
        )

    async def _empty(self) -> None:
        stay, do_it = str(words.KEEP_TRASH), str(words.EMPTY_TRASH)
        if await agreed(str(words.EMPTY_QUESTION), self._consequence, stay=stay, do_it=do_it):
            with busy(self._button):
                if await tried(self._context.commands.empty_trash(self._context.caller)):
                    toast(str(words.TRASH_EMPTIED))


def _pictures(entry: InTrash) -> None:
    shown = entry.pictures[:ON_TOP]
    with ui.element("div").classes("bg-pile-top").props(f"data-count={len(shown)}"):
        for picture in shown:
            made = ui.element("img").props("loading=lazy decoding=async draggable=false")
            made.props["src"] = at(f"/trash/{entry.batch.batch_id}/{picture.index}")
            made.props["alt"] = common.alt_text(
                picture.prompt or entry.batch.request.prompt, picture.index, picture.seed
            )
            made.on("error", js_handler=NOT_LOADED)
        if not shown:
            ui.icon("image_not_supported")


def _what(entry: InTrash) -> str:
    return words.in_trash(
        len(entry.pictures), entry.batch.total_images, entry.bytes, is_whole=entry.is_whole
    )
