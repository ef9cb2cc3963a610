"""Find it: every batch, newest first, as piles that open in place."""

import asyncio
from typing import Any

from nicegui import Event, binding, ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.settings import assets_dir
from batchgen_app.storage.gallery_query import GalleryPage
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.filters import NO_FILTERS, Filters
from batchgen_app.ui.gallery.pile import Pile, Shown, Verbs
from batchgen_app.ui.gallery.toolbar import Toolbar
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.toast import toast, tried

PAGE = 24
"""Batches that are loaded in one step; with four pictures each, fewer than 100 pictures."""
MOST_AT_ONCE = 10 * PAGE
"""When a person comes back to a place far down."""


async def gallery(house: House, filters: Filters) -> None:
    """The page's content."""
    statistics = await house.workshop.memory.gallery.statistics()
    shown = Gallery(house, filters, statistics.models)
    await shown.show(filters)
    shown.follow()


class Gallery:
    """One open page of the gallery."""

    made = binding.BindableProperty(on_change=lambda gallery, _: gallery.picture_made.emit())

    def __init__(self, house: House, filters: Filters, models: list[str]) -> None:
        self._house = house
        self._index = house.workshop.memory.gallery
        self._queue = house.workshop.queue
        self._curator = house.workshop.curator
        self._verbs = Verbs(self._favourite, self._delete)
        self._piles: dict[str, Pile] = {}
        self._next: str | None = None
        self._asked = 0
        self.picture_made: Event[()] = Event()
        self.made = 0
        with ui.element("div").classes("bg-gallery-head"):
            ui.label(words.GALLERY).classes("bg-title").props("role=heading aria-level=1")
            self._stats = marked(ui.label(), "gallery-stats").props("role=status")
        self._toolbar = Toolbar(filters, models, self._change)
        self._empty = ui.element("div").classes("bg-empty")
        self._grid = marked(ui.element("ul"), "gallery-grid").classes("bg-gallery")
        self._foot = ui.element("div").classes("bg-gallery-foot")
        self._place = PlaceKeeper().on("back", self._come_back)

    def follow(self) -> None:
        """Show what happens to batches from now on."""
        self._house.news.queue_changed.subscribe(self._refresh)
        self.picture_made.subscribe(self._show_running)
        ui.context.client.on_delete(lambda: binding.remove([self]))
        self._follow_running()

    async def show(self, filters: Filters, limit: int = PAGE) -> None:
        """Show the newest ``limit`` batches that these filters find."""
        self._asked += 1
        if found := await self._find(filters, limit):
            page, shown = found
            self._continue_at(None)
            self._grid.clear()
            self._piles = {}
            if await self._put_all(shown):
                self._continue_at(page.next)
                await self._tell(page)

    async def _change(self, filters: Filters) -> None:
        ui.navigate.history.replace(filters.address)
        await self.show(filters)

    async def _find(
        self, filters: Filters, limit: int, before: str | None = None
    ) -> tuple[GalleryPage, list[Shown]] | None:
        """None if something else was asked for meanwhile."""
        asked = self._asked
        page = await self._index.batches(filters.query(limit, before))
        images = await asyncio.gather(*(self._index.images(b.batch_id) for b in page.batches))
        shown = [Shown(b, tuple(i)) for b, i in zip(page.batches, images, strict=True)]
        return (page, shown) if asked == self._asked else None

    async def _put_all(self, all_shown: list[Shown]) -> bool:
        """Whether all could be put in place before something else was asked for."""
        asked = self._asked
        for shown in all_shown:
            if asked != self._asked:
                return False
            self._put(shown)
            await asyncio.sleep(0)  # a pile takes milliseconds, and others want their turn
        return True

    def _put(self, shown: Shown) -> None:
        """A batch in its place: its pile brought up to date, or a new one."""
        batch_id = shown.batch.batch_id
        if pile := self._piles.get(batch_id):
            pile.show(shown)
            return
        newer = sum(other > batch_id for other in self._piles)
        with self._grid:
            pile = self._piles[batch_id] = Pile(shown, self._verbs)
        if newer < len(self._piles) - 1:
            pile.move(target_index=newer)

    def _take_away(self, batch_id: str) -> None:
        if pile := self._piles.pop(batch_id, None):
            pile.delete()

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
        """The newest batches as they are now; those further down stay."""
        self._follow_running()
        if found := await self._find(self._filters, PAGE):
            page, shown = found
            last = page.next or ""
            seen = {one.batch.batch_id for one in shown}
            for batch_id in [b for b in self._piles if b > last and b not in seen]:
                self._take_away(batch_id)
            if await self._put_all(shown):
                if len(self._piles) == len(shown):
                    self._continue_at(page.next)
                await self._tell(page)

    def _follow_running(self) -> None:
        binding.remove([self])
        if running := self._queue.running:
            binding.bind_from(self, "made", running, "completed_images")

    def _show_running(self) -> None:
        running = self._queue.running
        if running and running.batch_id in self._piles:
            self._put(Shown.of(running))

    async def _tell(self, page: GalleryPage) -> None:
        """How much there is, and what to do if that is nothing."""
        everything = await self._index.statistics()
        self._stats.text = words.gallery_stats(
            page.total_images, everything.images, everything.bytes, filtered=self._is_filtered
        )
        self._toolbar.offer_models(everything.models)
        self._empty.clear()
        if not self._piles:
            with self._empty:
                self._say_what_to_do()

    def _say_what_to_do(self) -> None:
        if self._is_filtered:
            ui.icon("search_off").props("aria-hidden=true")
            ui.label(words.NOTHING_FOUND)
            return
        ui.icon("photo_library").props("aria-hidden=true")
        ui.label(words.NOTHING_YET).classes("bg-title")
        ui.label(words.NOTHING_YET_HINT)
        button(words.FIRST_BATCH, lambda: ui.navigate.to("/"), main=True)

    async def _favourite(self, image_id: str, on: bool) -> GeneratedImage:  # noqa: FBT001
        return await self._curator.favourite(image_id, on=on)

    async def _delete(self, batch_id: str) -> None:
        with self._grid:  # the pile with the button that was clicked goes away
            if await tried(self._curator.delete_batch(batch_id)):
                self._take_away(batch_id)
                await self._refresh()
                toast(words.BATCH_DELETED, undo=lambda: self._restore(batch_id))

    async def _restore(self, batch_id: str) -> None:
        if await tried(self._curator.restore_batch(batch_id)):
            batch = await self._house.workshop.desk.batch(batch_id)
            self._put(Shown.of(batch))
            await self._refresh()

    @property
    def _filters(self) -> Filters:
        return self._toolbar.filters

    @property
    def _is_filtered(self) -> bool:
        return self._filters != NO_FILTERS


class PlaceKeeper(ui.element, component=assets_dir() / "place_keeper.js"):
    """Knows where a person left the page. Says so with the event ``back`` (how many piles there
    were), when the person comes back to it, and goes there when told ``restore``.
    """
