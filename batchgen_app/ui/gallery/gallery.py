"""Find it: every batch, as piles that open in place."""

import asyncio
from typing import Any

from nicegui import Event, binding, ui

from batchgen_app.access import Verb
from batchgen_app.core.batch import CompletedBatch, GeneratedImage
from batchgen_app.core.ids import split_image_id
from batchgen_app.places import assets_dir
from batchgen_app.services.values import GalleryPage
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.head import Head, say_what_to_do
from batchgen_app.ui.gallery.pile import Actions, Piles, Shown
from batchgen_app.ui.gallery.toolbar import Toolbar
from batchgen_app.ui.live import follow_made
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import Keys, marked
from batchgen_app.ui.parts.marking import Marking
from batchgen_app.ui.parts.toast import toast, tried, undos_here

PAGE = 24
"""Batches that are loaded in one step; with four pictures each, fewer than 100 pictures."""
MOST_AT_ONCE = 10 * PAGE
"""When a person comes back to a place far down."""


async def gallery(context: PageContext, filters: Filters) -> None:
    """The page's content."""
    statistics = await context.queries.statistics()
    shown = Gallery(context, filters, statistics.models)
    await shown.show(filters)
    shown.follow()


class Gallery:
    """One open page of the gallery."""

    made = binding.BindableProperty(on_change=lambda gallery, _: gallery.picture_made.emit())

    def __init__(self, context: PageContext, filters: Filters, models: list[str]) -> None:
        self._context = context
        self._queries = context.queries
        self._next: str | None = None
        # Counts what was asked for; an answer to anything but the last is dropped.
        self._asked = 0
        self.picture_made: Event[()] = Event()
        self.made = 0
        self._head = Head(context, filters)
        self._toolbar = Toolbar(filters, models, self._change)
        self._empty = ui.element("div").classes("bg-empty")
        delete = self._delete if context.may(Verb.DELETE) else None
        undos = undos_here()
        marking = Marking(context.caller, context.commands, undos, self._picture)
        with Keys().props("data-scrolls").classes("bg-gallery-keys"):
            may_make = context.may(Verb.MAKE)
            self._piles = Piles(Actions(marking, undos, delete, may_make=may_make))
        self._foot = ui.element("div").classes("bg-gallery-foot")
        self._place = PlaceKeeper().on("back", self._come_back)

    def follow(self) -> None:
        """Show what happens to batches from now on."""
        self._context.news.queue_changed.subscribe(self._refresh)
        self._context.news.batch_edited.subscribe(self._show_edited)
        self.picture_made.subscribe(self._show_running)
        ui.context.client.on_delete(lambda: binding.remove([self]))
        self._follow_running()

    async def show(self, filters: Filters, limit: int = PAGE) -> None:
        """Show the first ``limit`` batches that these filters find."""
        self._asked += 1
        if found := await self._find(filters, limit):
            page, shown = found
            self._continue_at(None)
            self._piles.clear(filters.order)
            if await self._put_all(shown):
                self._continue_at(page.next)
                await self._tell(page)

    async def _change(self, filters: Filters) -> None:
        ui.navigate.history.replace(at(filters.address))
        self._head.follow(filters)
        await self.show(filters)

    async def _find(
        self, filters: Filters, limit: int, before: str | None = None
    ) -> tuple[GalleryPage, list[Shown]] | None:
        """None if something else was asked for meanwhile."""
        asked = self._asked
        page = await self._queries.gallery(filters.query(limit, before=before))
        images = await asyncio.gather(*(self._queries.pictures(b.batch_id) for b in page.batches))
        if asked != self._asked:
            return None
        self._piles.learn(page)
        return page, [Shown(b, tuple(i)) for b, i in zip(page.batches, images, strict=True)]

    async def _put_all(self, all_shown: list[Shown]) -> bool:
        """Whether all could be put in place before something else was asked for."""
        asked = self._asked
        for shown in all_shown:
            if asked != self._asked:
                return False
            self._piles.put(shown)
            await asyncio.sleep(0)  # a pile takes milliseconds, and others want their turn
        return True

    def _continue_at(self, cursor: str | None) -> None:
        """What comes next is loaded when the foot of the page comes near."""
        self._next = cursor
        self._foot.clear()
        if cursor:
            with self._foot:
                marked(ui.element("q-intersection"), "gallery-more").props("margin=1200px").on(
                    "visibility", self._near_the_foot
                )

    async def _near_the_foot(self, event: Any) -> None:
        if not (event.args and self._next):
            return
        if found := await self._find(self._filters, PAGE, self._next):
            page, shown = found
            if await self._put_all(shown):
                self._continue_at(page.next)

    async def _come_back(self, event: Any) -> None:
        """To where this person left the gallery."""
        if event.args > len(self._piles):
            await self.show(self._filters, min(event.args, MOST_AT_ONCE))
        self._place.run_method("restore")

    async def _refresh(self) -> None:
        """The first batches as they are now; those further down stay."""
        self._follow_running()
        if found := await self._find(self._filters, PAGE):
            page, shown = found
            self._piles.keep_only(page.batches, until=page.batches[-1] if page.next else None)
            if await self._put_all(shown):
                if len(self._piles) == len(shown):
                    self._continue_at(page.next)
                await self._tell(page)

    async def _show_edited(self, batch_id: str) -> None:
        """Somebody marked, deleted or restored something in this batch, here or elsewhere."""
        asked, was_here = self._asked, batch_id in self._piles
        batch = await self._queries.in_gallery(batch_id)
        images = await self._queries.pictures(batch_id)
        if asked != self._asked:
            return
        if batch is None:
            self._piles.take_away(batch_id)
        elif was_here or await self._belongs_here(batch):
            self._piles.put(Shown(batch, tuple(images)))
        await (self._refresh() if was_here != (batch is not None) else self._count())

    async def _count(self) -> None:
        """Also what lies further down, or is not looked for, is in the headline."""
        asked, page = self._asked, await self._queries.gallery(self._filters.query(1))
        if asked == self._asked:
            await self._tell(page)

    async def _belongs_here(self, batch: CompletedBatch) -> bool:
        """Whether it is looked for, and not further down than what is loaded."""
        page = await self._queries.gallery(self._filters.query(1, batch_id=batch.batch_id))
        self._piles.learn(page)
        if not page.batches:
            return False
        return not self._next or self._piles.place_of(batch) < len(self._piles)

    def _follow_running(self) -> None:
        follow_made(self, self._queries.all_running)

    def _show_running(self) -> None:
        for running in self._queries.all_running:
            if running.batch_id in self._piles:
                self._piles.put(Shown.of(running))

    async def _tell(self, page: GalleryPage) -> None:
        """How much there is, and what to do if that is nothing."""
        filtered = self._filters.is_any
        self._toolbar.offer_models(await self._head.tell(page.total_images, filtered=filtered))
        self._empty.clear()
        if not self._piles:
            with self._empty:
                say_what_to_do(filtered=filtered, may_make=self._context.may(Verb.MAKE))

    async def _picture(self, image_id: str) -> GeneratedImage | None:
        named = split_image_id(image_id)
        found = await self._queries.pictures(named[0]) if named else []
        return next((picture for picture in found if picture.id == image_id), None)

    async def _delete(self, batch_id: str) -> None:
        with self._foot:  # the pile with the button that was clicked goes away
            if await tried(self._context.commands.delete_batch(self._context.caller, batch_id)):
                toast(str(words.BATCH_DELETED), undo=lambda: self._restore(batch_id))

    async def _restore(self, batch_id: str) -> None:
        await tried(self._context.commands.restore_batch(self._context.caller, batch_id))

    @property
    def _filters(self) -> Filters:
        return self._toolbar.filters


class PlaceKeeper(ui.element, component=assets_dir() / "place_keeper.js"):
    """Knows where a person left the page. Says so with the event ``back`` (how many piles there
    were), when the person comes back to it, and goes there when told ``restore``.
    """
