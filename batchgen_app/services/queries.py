"""Queries: what everybody may ask who may look."""

from collections.abc import Sequence

from batchgen_app.access.callers import Caller
from batchgen_app.batches.trash_keeper import InTrash
from batchgen_app.batches.workshop import Workshop
from batchgen_app.core.batch import CompletedBatch, GeneratedImage, Parameters
from batchgen_app.core.estimate import ImageTime
from batchgen_app.core.events import Logged
from batchgen_app.core.state import BatchState
from batchgen_app.services.files import FileQueries
from batchgen_app.services.questions import Questions, whole
from batchgen_app.services.server import ServerQueries
from batchgen_app.storage.gallery_query import GalleryPage, GalleryQuery, GalleryStatistics


class Queries(Questions):
    """The batches of now and of long ago, the queue, the gallery, the trash, the log, and how this
    start found things; ``server`` and ``files`` for questions about those.
    """

    def __init__(self, workshop: Workshop, caller: Caller) -> None:
        super().__init__(workshop, caller)
        self.server = ServerQueries(workshop, caller)
        self.files = FileQueries(workshop, caller)

    @whole
    async def batch(self, batch_id: str) -> BatchState:
        """A batch; whoever asks gets the same object. Raises NotFound, StorageError."""
        return await self._app.desk.batch(batch_id)

    @whole
    async def image(self, image_id: str) -> GeneratedImage:
        """A finished image; raises NotFound."""
        return await self._app.desk.image(image_id)

    @whole
    async def estimate(self, parameters: Parameters) -> ImageTime:
        """How long one image of this kind will take."""
        return await self._app.desk.estimate(parameters)

    @property
    def defaults(self) -> Parameters:
        """What holds where a request without a workflow says nothing."""
        return self._app.desk.defaults

    # The queue.

    @property
    def running(self) -> BatchState | None:
        """The batch whose turn it is."""
        return self._app.queue.running

    @property
    def waiting(self) -> tuple[BatchState, ...]:
        """The batches that wait, the next one first."""
        return self._app.queue.waiting

    @property
    def is_busy(self) -> bool:
        """Whether a batch runs or waits."""
        return self._app.queue.is_busy

    async def ended(self, batch_id: str) -> None:
        """Wait until a batch has ended; at once, if it has."""
        await self._app.queue.ended(batch_id)

    # The gallery, the trash, the log.

    @whole
    async def gallery(self, query: GalleryQuery) -> GalleryPage:
        """A page of batches, and what the query finds on all pages."""
        return await self._app.memory.gallery.batches(query)

    @whole
    async def in_gallery(self, batch_id: str) -> CompletedBatch | None:
        """A batch as the gallery shows it; None where it does not."""
        return await self._app.memory.gallery.batch(batch_id)

    @whole
    async def pictures(self, batch_id: str) -> list[GeneratedImage]:
        """The images of a batch that the gallery shows."""
        return await self._app.memory.gallery.images(batch_id)

    @whole
    async def statistics(self) -> GalleryStatistics:
        """What the gallery shows in all."""
        return await self._app.memory.gallery.statistics()

    @whole
    async def trash(self) -> list[InTrash]:
        """What can be had back, what was deleted last first. Raises StorageError."""
        return await self._app.trash.contents()

    @whole
    async def trash_thumbnail(self, batch_id: str, index: int) -> bytes | None:
        """Of a picture in the trash, if it has one; raises NotFound, StorageError."""
        return await self._app.trash.thumbnail(batch_id, index)

    @whole
    async def events(self, after: int, limit: int) -> Sequence[Logged]:
        """What happened after event number ``after``, oldest first."""
        return await self._app.memory.log.page(after, limit)

    @whole
    async def last_event(self) -> int:
        """The number of the last event."""
        return await self._app.memory.log.end()

    # This start.

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know about how this start found things, one sentence each."""
        return self._app.notices

    @property
    def recovered(self) -> str:
        """The one of the notices that is about batches left unfinished; mostly empty."""
        return self._app.recovery.sentence

    @property
    def recovered_batches(self) -> list[str]:
        """The ids of the batches that it is about, or was."""
        return [found.batch.batch_id for found in self._app.recovery.found]

    @property
    def lockout(self) -> str:
        """That another program keeps the database locked, in words; empty while none does."""
        return self._app.memory.lockout.words

    @property
    def is_demo_wanted(self) -> bool:
        """Whether somebody asked for the demo engine."""
        return self._app.settings.demo
