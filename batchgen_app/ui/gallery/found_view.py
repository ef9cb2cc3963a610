"""One picture of all that were found in the whole window, with all that is known about it."""

import json
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from nicegui import background_tasks, ui
from nicegui.binding import BindableProperty

from batchgen_app.access import Verb
from batchgen_app.core.batch import Marks
from batchgen_app.core.found_image import FoundImage
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.wire import JsonObject
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.detail_panel import DetailPanel
from batchgen_app.ui.comparison.image_actions import Attempts
from batchgen_app.ui.comparison.image_detail import full_screen, is_covered, viewed
from batchgen_app.ui.comparison.large_view import LargeView
from batchgen_app.ui.comparison.seen import Place
from batchgen_app.ui.comparison.verdict import KEPT, REJECTED
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.found import Found
from batchgen_app.ui.gallery.image_deeds import ImageDeeds
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.marking import refused
from batchgen_app.ui.parts.toast import tried

TILE = '[data-testid="gallery-image"][data-id="%s"]'
MOVED = "window.viewMovedTo?.(%s)"
PROMPT = 160
"""Characters of a prompt that are told of each picture, for those who do not see it."""

Left = Callable[[str, int], object]


async def open_found(
    context: PageContext, filters: Filters, image: str, left: Left
) -> "FoundView | None":
    """Show a picture in the whole window; from there one goes through all that ``filters`` find.
    When it is closed, ``left`` is told which one was seen last, and at which place. None where it
    is not there (any more), or something else covers the page.
    """
    found = Found(context.queries, filters)
    is_looked_for = await tried(found.look(image))
    if not is_looked_for or found.picture(image) is None or is_covered():
        return None
    tile, address = TILE % image, at(filters.address_of(""))
    with full_screen("image-detail", str(words.DETAILS), tile, f"{address}{image}") as dialog:
        view = FoundView(context, found, image, dialog, address)
        client = ui.context.client
        dialog.on("before-hide", view.leave)

        def leave() -> None:
            client.run_javascript(MOVED % json.dumps(TILE % view.at))
            left(view.at, view.number)

        dialog.on("hide", leave)
    dialog.props("no-refocus")
    return view


class FoundDeeds:
    """What is done with the picture that is seen; ``restoring`` is told which one is had back."""

    def __init__(self, context: PageContext, restoring: Callable[[str], None]) -> None:
        self._deeds = ImageDeeds(context, refused, restoring)

    async def toggle(self, image: str) -> None:
        """A favourite, or no longer."""
        await self._deeds.mark([image], "favourite", 0)

    async def reject(self, image: str) -> None:
        """Not wanted, or no longer so."""
        await self._deeds.mark([image], "reject", 0)

    async def rate(self, image: str, stars: int) -> None:
        """One to five; 0 for none."""
        await self._deeds.mark([image], "rate", stars)

    async def take_back(self, image: str) -> None:
        """Its last mark."""
        await self._deeds.take_back([image])

    async def collect(self, image: str) -> None:
        """Ask into which collection it is put."""
        await self._deeds.collect([image])

    async def take_out(self, image: str, name: str) -> None:
        """Out of a collection."""
        await self._deeds.take_out(image, name)

    async def delete(self, image: str) -> None:
        """Into the trash; the message that follows brings it back."""
        await self._deeds.delete([image])

    async def say(self, marks: Marks, said: Callable[[int], str], image: str) -> None:
        """What a swipe says, told with a way back."""
        await self._deeds.say(image, marks, said)


class FoundView(ui.element):
    """The picture, and beside it what is known about it. Follows what becomes of it, and of what is
    found, when it is told that something has changed.
    """

    followed: ClassVar[tuple[str, ...]] = ("at", "images", "batch")
    at = BindableProperty()
    images = BindableProperty()
    batch = BindableProperty()

    def __init__(
        self, context: PageContext, found: Found, image: str, dialog: ui.dialog, address: str
    ) -> None:
        super().__init__("div")
        self.classes("bg-detail")
        self._context = context
        self._found = found
        self._dialog = dialog
        self._awaited = ""
        """The id of a picture that is being had back, to be seen when it is there."""
        self._is_stale = self._is_busy = self._is_left = False
        self._wanted: int | None = None
        self.at = image
        self.images = ()
        self.batch = None
        self._unknown = ""
        with self:
            may_mark = context.may(Verb.MARK)
            self._view = LargeView(image, words.FOUND_VIEW, may_mark=may_mark, address=address)
            with ui.element("aside").classes("bg-panel"):
                attempts = Attempts()
                deeds = FoundDeeds(context, self.wait_for)
                DetailPanel(context, self, deeds, attempts.attempt)
        self._view.on("close", dialog.close)
        self._view.on_id("see", self.see)
        self._view.on_index("reach", self.reach)
        self._view.on_id("keep", partial(deeds.say, KEPT, words.kept))
        self._view.on_id("reject", partial(deeds.say, REJECTED, words.rejected))
        self._tell()
        self._soon()

    @property
    def number(self) -> int:
        """Its place among those that are found, counted from 0."""
        return self._found.place(self.at) or 0

    @property
    def picture(self) -> FoundImage | None:
        """The one that is seen; None where it is gone."""
        return self._found.picture(self.at)

    @property
    def place(self) -> Place | None:
        """Where it stands among all that are found."""
        picture, found = self.picture, self._found
        if picture is None:
            return None
        number, prompt = self.number + 1, picture.prompt or ""
        return Place(picture.index, number, found.total, prompt, picture.batch_id)

    def see(self, image: str) -> None:
        """Somebody has gone to another picture; one that is not known is none."""
        if self._found.picture(image):
            self._move(image)
            self._is_stale = self._is_stale or self._found.is_near_the_end(image)
            self._soon()

    def reach(self, place: int) -> None:
        """Somebody wants to see the picture at a place that is not known yet."""
        self._wanted = max(0, place)
        self._soon()

    def wait_for(self, image: str) -> None:
        """See it as soon as it is there."""
        self._awaited = image

    def look_again(self) -> None:
        """Something may have changed."""
        self._is_stale = True
        self._soon()

    def leave(self) -> None:
        """It is being closed: what becomes of the picture from now on moves it no more."""
        self._is_left = True

    def _soon(self) -> None:
        if not self._is_busy:
            self._is_busy = True
            background_tasks.create(self._catch_up())

    async def _catch_up(self) -> None:
        """One thing after the other, until nothing is to be done any more."""
        try:
            while not (self._is_left or self.is_deleted):
                with self:
                    if not (await self._go() or await self._look() or await self._know_batch()):
                        return
        finally:
            self._is_busy = False

    async def _go(self) -> bool:
        place, self._wanted = self._wanted, None
        if place is None:
            return False
        await tried(self._reach(place))
        return True

    async def _reach(self, place: int) -> None:
        if image := await self._found.reach(place):
            self._move(image)
            self._view.show(image)
        self._tell()

    async def _look(self) -> bool:
        if not self._is_stale:
            return False
        self._is_stale = False
        await tried(self._look_around())
        return True

    async def _look_around(self) -> None:
        if self._awaited and await self._found.look(self._awaited):
            image, self._awaited = self._awaited, ""
            self._move(image)
            self._view.show(image)
        else:
            await self._look_around_seen()
        self._tell()

    async def _look_around_seen(self) -> None:
        at = self.at
        there = await self._found.look(at)
        if there is None:
            self._dialog.close()
        elif there != at and self._found.picture(self.at) is None:
            self._move(there)
            self._view.show(there)

    async def _know_batch(self) -> bool:
        """Of the picture that is seen; one that cannot be had is not asked for again and again."""
        batch_id, _ = split_image_id(self.at) or ("", 0)
        known = self.batch.batch_id if self.batch else self._unknown
        if batch_id == known:
            return False

        async def know() -> None:
            self.batch = await self._context.queries.batch(batch_id)

        self.batch, self._unknown = None, batch_id
        await tried(know())
        return True

    def _move(self, image: str) -> None:
        batch_id, _ = split_image_id(image) or ("", 0)
        if self.batch and self.batch.batch_id != batch_id:
            self.batch = None
        self.at = image

    def _tell(self) -> None:
        found = self._found
        self._view.tell([_viewed(one) for one in found.pictures], found.start, found.total)
        self.images = tuple(found.pictures)


def _viewed(picture: FoundImage) -> JsonObject:
    short = picture.model_copy(update={"prompt": (picture.prompt or "")[:PROMPT]})
    (told,) = viewed("", [short])
    return {**told, "key": picture.id}
