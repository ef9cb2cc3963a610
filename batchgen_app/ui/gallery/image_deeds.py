"""What is done with pictures of the grid, of one batch or of many: judged, put into the trash, laid
side by side.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from batchgen_app.core.batch import GeneratedImage, Marks
from batchgen_app.core.errors import NotFound
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison.image_actions import Attempts, ImageActions
from batchgen_app.ui.comparison.light_table.light_table import FEWEST, MOST, open_light_table
from batchgen_app.ui.comparison.light_table.source import OfBatch, OfSeveral, Source
from batchgen_app.ui.gallery import image_words as words
from batchgen_app.ui.live import seen_here
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.collecting import collect
from batchgen_app.ui.parts.marking import Choose, Marking, liked, rated, rejected
from batchgen_app.ui.parts.tagging import Tagging
from batchgen_app.ui.parts.toast import toast, tried, undos_here

MOST_STARS = 5


class Pictures:
    """Pictures as they are, by their ids. Those of the batch that was asked for last are remembered
    until something happens to it: many are asked for one after the other.
    """

    def __init__(self, context: PageContext) -> None:
        self._queries = context.queries
        self._batch_id = ""
        self._known: Mapping[str, GeneratedImage] = {}
        context.news.batch_edited.subscribe(self._forget)

    async def find(self, image: str) -> GeneratedImage | None:
        """None for what is not in the gallery, or no more."""
        batch_id, _ = split_image_id(image) or ("", 0)
        if batch_id != self._batch_id:
            found = await self._queries.pictures(batch_id)
            self._batch_id, self._known = batch_id, {picture.id: picture for picture in found}
        return self._known.get(image)

    async def find_all(self, images: Sequence[str]) -> list[GeneratedImage]:
        """Those of them that are there."""
        return [found for image in images if (found := await self.find(image))]

    def _forget(self, batch_id: str) -> None:
        if batch_id == self._batch_id:
            self._batch_id, self._known = "", {}


class ImageDeeds:
    """The deeds of one open page. Each tells its own fault; ``failed`` is called then, because the
    page shows some of them before they are done. ``restoring`` is told which picture is had back.
    """

    def __init__(
        self,
        context: PageContext,
        failed: Callable[[], None],
        restoring: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._context = context
        self._failed = failed
        self._restoring = restoring
        self._undos = undos_here()
        self._pictures = Pictures(context)
        self._marking = Marking(context.caller, context.commands, self._undos, self._pictures.find)
        self._tagging = Tagging(context.caller, context.commands, self._undos)
        self._batches: dict[str, BatchState] = {}

    async def mark(self, images: Sequence[str], what: str, value: object) -> None:
        """``what`` is favourite, reject or rate, and ``value`` the stars; of all or of none."""
        if choose := _choice(what, value):
            await self._try(lambda: self._marking.mark(images, choose))

    async def take_back(self, images: Sequence[str]) -> None:
        """The last mark that was given here to a picture."""
        if len(images) == 1:
            await self._try(lambda: self._marking.take_back(images[0]))

    async def collect(self, images: Sequence[str]) -> None:
        """Ask into which collection they are put."""
        await collect(self._context.queries, self._tagging, images, self._pictures.find)

    async def delete(self, images: Sequence[str]) -> None:
        """Put them into the trash, all or none, and offer to have them back."""
        pictures = await self._pictures.find_all(images)
        if not pictures:
            self._failed()
        elif await self._try(lambda: self._delete(pictures)):
            toast(words.deleted(len(pictures)), undo=lambda: self._restore(pictures), lasting=True)

    async def take_out(self, image: str, name: str) -> None:
        """Out of a collection."""
        await self._try(lambda: self._tagging.take_out(name, [image]))

    async def say(self, image: str, marks: Marks, said: Callable[[int], str]) -> None:
        """Give marks that belong together, and tell it by its index with a way back; nothing where
        it has gone meanwhile, or where all of it was said before.
        """
        client = ui.context.client  # the view may be closed before the message comes

        async def give() -> None:
            picture = await self._pictures.find(image)
            deed = await self._marking.mark([image], lambda _: marks)
            if picture and deed:
                with client.layout:
                    toast(said(picture.index), undo=deed, lasting=True)

        await self._try(give)

    async def compare(self, images: Sequence[str], chosen: int) -> None:
        """Lay two to nine side by side, which are the first of those that are ``chosen``."""
        named = [found for image in images if (found := split_image_id(image))]
        if not FEWEST <= len(named) <= MOST:
            return
        batches = [await self._batch(batch_id) for batch_id in dict.fromkeys(b for b, _ in named)]
        there = [batch for batch in batches if batch]
        if there:
            open_light_table(
                self._context, lambda attempts: self._source(there, images, attempts), images
            )
            if chosen > len(images):
                toast(words.first_of_chosen(len(images), chosen), replaces=True)

    def _source(
        self, batches: Sequence[BatchState], images: Sequence[str], attempts: Attempts
    ) -> Source:
        def told(batch: BatchState) -> str:
            return words.from_batch(batch.request.prompt) if len(batches) > 1 else ""

        sources = [
            OfBatch(batch, ImageActions(self._context, batch, attempts), told(batch))
            for batch in batches
        ]
        return OfSeveral(sources, images)

    async def _batch(self, batch_id: str) -> BatchState | None:
        """The page's own view of it: one for as long as the page is open."""
        if batch_id not in self._batches:

            async def see() -> None:
                self._batches[batch_id] = seen_here(await self._context.queries.batch(batch_id))

            await self._try(see)
        return self._batches.get(batch_id)

    async def _delete(self, pictures: Sequence[GeneratedImage]) -> None:
        async with self._undos.turn:
            ids = (picture.id for picture in pictures)
            await self._context.commands.delete_images(self._context.caller, *ids)

    async def _restore(self, pictures: Sequence[GeneratedImage]) -> None:
        """All that are still there; what is gone for good keeps no other one from coming back."""
        self._restoring(pictures[0].id)
        gone: NotFound | None = None
        async with self._undos.turn:
            for picture in pictures:
                try:
                    await self._context.commands.restore_image(self._context.caller, picture.id)
                except NotFound as error:
                    gone = error
        if gone:
            raise gone

    async def _try(self, act: Callable[[], Any]) -> bool:
        is_done = await tried(act())
        if not is_done:
            self._failed()
        return is_done


def _choice(what: str, value: object) -> Choose | None:
    """None for what no page of ours says."""
    if what == "rate" and isinstance(value, int) and 0 <= value <= MOST_STARS:
        return rated(value)
    return {"favourite": liked, "reject": rejected}.get(what)
