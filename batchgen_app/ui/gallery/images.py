"""Find it: every picture by itself, whichever batch it came from."""

from typing import Any

from nicegui import binding, ui

from batchgen_app.access import Verb
from batchgen_app.ui.comparison.light_table.light_table import MOST
from batchgen_app.ui.gallery import image_words as words
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.first_images import bring_first_images
from batchgen_app.ui.gallery.found_view import FoundView, open_found
from batchgen_app.ui.gallery.head import Head, say_what_to_do
from batchgen_app.ui.gallery.image_deeds import ImageDeeds
from batchgen_app.ui.gallery.image_grid import ImageGrid, unpacked
from batchgen_app.ui.gallery.taking import Taking, Wish
from batchgen_app.ui.gallery.toolbar import Toolbar
from batchgen_app.ui.live import follow_made
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.toast import toast


async def images(context: PageContext, filters: Filters, image: str = "") -> None:
    """The page's content; over it ``image`` in large, if that is the id of one."""
    statistics = await context.queries.statistics()
    total = await bring_first_images(context.queries, filters, are_seen=not image)
    shown = Images(context, filters, statistics.models)
    await shown.tell(total)
    shown.follow()
    if image and not await shown.open(image, filters):
        ui.navigate.history.replace(at(filters.address))
        toast(str(words.NOT_THERE))


class Images:
    """One open page of all pictures. The grid asks for them by itself; here stands what is done
    with them, and what happens to them elsewhere.
    """

    made = binding.BindableProperty(on_change=lambda images, _: images.look_again())

    def __init__(self, context: PageContext, filters: Filters, models: list[str]) -> None:
        self._context = context
        self._total: int | None = None
        self._large: FoundView | None = None
        self.made = 0
        self._head = Head(context, filters)
        self._toolbar = Toolbar(filters, models, self._change)
        self._empty = ui.element("div").classes("bg-empty")
        self._grid = ImageGrid(filters, most=MOST, may_delete=context.may(Verb.DELETE))
        self._deeds = ImageDeeds(context, self._grid.failed)
        self._taking = Taking(context, self._grid)
        self._listen()

    def follow(self) -> None:
        """Show what happens to pictures from now on."""
        news = self._context.news
        news.queue_changed.subscribe(self._queue_changed)
        news.batch_edited.subscribe(lambda _: self.look_again())
        ui.context.client.on_delete(lambda: binding.remove([self]))
        self._follow_running()

    def look_again(self) -> None:
        """Something may have changed."""
        if grid := getattr(self, "_grid", None):
            grid.changed()
            if self._large and not self._large.is_deleted:
                self._large.look_again()

    async def open(self, image: str, filters: Filters) -> bool:
        """See a picture in large, and from there all that is found; whether that could be done."""
        self._large = await open_found(self._context, filters, image, self._grid.focus_on)
        return self._large is not None

    def _listen(self) -> None:
        grid, deeds = self._grid, self._deeds
        grid.on("found", lambda event: self._found(event.args))
        grid.on("mark", lambda event: self._mark(event.args))
        grid.on_images("unmark", deeds.take_back)
        grid.on_images("delete", deeds.delete)
        grid.on_images("collect", deeds.collect)
        grid.on("compare", lambda event: self._compare(event.args))
        grid.on("download", lambda event: self._taking.take(Wish.of(event.args)))
        grid.on_open(self.open)

    async def _change(self, filters: Filters) -> None:
        ui.navigate.history.replace(at(filters.address))
        self._head.follow(filters)
        self._grid.look_for(filters)
        await self.tell(self._total)

    async def _found(self, told: Any) -> None:
        """What the grid was told; it may look for what is typed sooner than this page knows."""
        await self.tell(int(told["total"]))

    async def tell(self, total: int | None) -> None:
        """How much there is, if that is known, and what to do if that is nothing."""
        self._total = total
        if self._total is None:
            return
        filtered = self._toolbar.filters.is_any
        self._toolbar.offer_models(await self._head.tell(self._total, filtered=filtered))
        self._empty.clear()
        if not self._total:
            with self._empty:
                say_what_to_do(filtered=filtered, may_make=self._context.may(Verb.MAKE))

    async def _mark(self, told: Any) -> None:
        await self._deeds.mark(unpacked(told["ids"]), told["what"], told["value"])

    async def _compare(self, told: Any) -> None:
        await self._deeds.compare(unpacked(told["ids"]), int(told["of"]))

    def _queue_changed(self) -> None:
        self._follow_running()
        self.look_again()

    def _follow_running(self) -> None:
        follow_made(self, self._context.queries.all_running)
