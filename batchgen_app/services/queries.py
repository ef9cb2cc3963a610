"""Queries: what everybody may ask who may look, about batches and images, their files, and the
ComfyUI server in use. ``Questions`` is the one way of all of them into the app.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.image_service import InTrash
from batchgen_app.batches.workflow_reader import Inspection, WorkflowReader
from batchgen_app.comfy.client import ServerStats
from batchgen_app.comfy.models import Model
from batchgen_app.core.batch import CompletedBatch, GeneratedImage, Parameters, ShownExtra
from batchgen_app.core.durations import ImageTime
from batchgen_app.core.errors import ServerError
from batchgen_app.core.events import Logged
from batchgen_app.core.state import BatchState
from batchgen_app.storage.archive import Archive, pack
from batchgen_app.storage.batch_folder import OpenFile
from batchgen_app.storage.faults import folder_missing
from batchgen_app.storage.gallery_query import GalleryPage, GalleryQuery, GalleryStatistics
from batchgen_app.storage.workflow_library import KeptWorkflow

Q = TypeVar("Q", bound="Questions")
P = ParamSpec("P")
T = TypeVar("T")


class Questions:
    """Questions of one caller. Every one raises Forbidden where they may not look, or not any
    more: a page that is still open after its device was signed out learns nothing.
    """

    def __init__(self, backend: Backend, caller: Caller) -> None:
        self._backend = backend
        self._caller = caller

    @property
    def _app(self) -> Backend:
        # At each question: a page lives longer than what let its caller in.
        self._caller.require(Verb.LOOK)
        return self._backend


def whole(
    question: Callable[Concatenate[Q, P], Awaitable[T]],
) -> Callable[Concatenate[Q, P], Coroutine[Any, Any, T]]:
    """Where ``question`` meets a damaged database, it is mended first if it can be."""

    @wraps(question)
    async def answered(self: Q, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._app.live_repair.whole(lambda: question(self, *args, **kwargs))

    return answered


class FileQueries(Questions):
    """Files are handed out open, and closed by whoever asked. Every question raises NotFound for
    what is not there, and StorageError.
    """

    async def picture(self, image: GeneratedImage, extra: ShownExtra | None = None) -> OpenFile:
        """The picture of an image, or a further one of the same prompt."""
        name = (extra or image).filename
        return await self._app.storage.store.open(image.batch_id, name)

    async def thumbnail(self, image: GeneratedImage, extra: ShownExtra | None = None) -> OpenFile:
        """The same small. Raises PictureBroken."""
        name = (extra or image).filename
        return await self._app.storage.store.thumbnail(image.batch_id, name)

    async def uploaded(self, upload_id: str) -> bytes:
        """A picture that a person gave."""
        return await self._app.pictures.read(upload_id)

    async def archive(self, images: Sequence[GeneratedImage]) -> Archive:
        """A ZIP of these with their extras."""
        store = self._app.storage.store
        return await pack([file for image in images for file in store.files(image)])

    def folder(self, batch_id: str) -> Path:
        """Where a batch has its files, made or not."""
        return self._app.storage.store.folder(batch_id)

    def path(self, image: GeneratedImage) -> Path:
        """Where a picture lies, for people."""
        return self._app.storage.store.picture_path(image.batch_id, image.filename)

    async def missing_folder(self, batch: BatchState) -> str:
        """In words, where a batch that has pictures has no folder; empty where all is well."""
        store = self._app.storage.store
        if batch.deleted or not batch.pictures or await store.is_there(batch.batch_id):
            return ""
        return folder_missing(batch.batch_id, store.folder(batch.batch_id).parent)


class ServerQueries(Questions):
    """As it was found when it was last looked at; the lists of what it offers are remembered for a
    while, and raise ServerError where it does not answer in time.
    """

    @property
    def address(self) -> str:
        """The server's address."""
        return self._app.server.client.address

    @property
    def fault(self) -> ServerError | None:
        """Why it does not answer; None while it does, or as long as that is not known."""
        return self._app.server.fault

    @property
    def stats(self) -> ServerStats | None:
        """What it last told about itself; None before it did."""
        return self._app.server.stats

    @property
    def is_demo(self) -> bool:
        """Whether it is a demo engine, which paints placeholder pictures."""
        return self._app.server.is_demo

    async def inspect(self, content: bytes) -> Inspection:
        """What is understood of a file that may carry a workflow; nothing is kept. Raises
        InvalidRequest where there is none in it; Forbidden for those who make nothing.
        """
        self._caller.require(Verb.MAKE)
        return await WorkflowReader(self._app.server).inspect(content)

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """All models, sorted by category and name; with ``refresh``, those of now. Of those that
        make pictures, the family is what a person said, or else their name does.
        """
        listed, of = await self._app.server.catalog.models(refresh=refresh), self._app.families.of
        return tuple(model.model_copy(update={"family": of(model)}) for model in listed)

    def defaults_for(self, model: Model) -> Parameters:
        """What holds where a request with this model says nothing."""
        return self._app.batch_service.defaults_for(model)

    async def samplers(self) -> tuple[str, ...]:
        """What ``samplerName`` may be, in the server's order."""
        return await self._app.server.catalog.samplers()

    async def schedulers(self) -> tuple[str, ...]:
        """What ``scheduler`` may be, in the server's order."""
        return await self._app.server.catalog.schedulers()


class Queries(Questions):
    """The batches of now and of long ago, the queue, the gallery, the trash, the log, and how this
    start found things; ``server`` and ``files`` for questions about those.
    """

    def __init__(self, backend: Backend, caller: Caller) -> None:
        super().__init__(backend, caller)
        self.server = ServerQueries(backend, caller)
        self.files = FileQueries(backend, caller)

    @whole
    async def batch(self, batch_id: str) -> BatchState:
        """A batch; whoever asks gets the same object. Raises NotFound, StorageError."""
        return await self._app.batch_service.batch(batch_id)

    @whole
    async def image(self, image_id: str) -> GeneratedImage:
        """A finished image; raises NotFound."""
        return await self._app.batch_service.image(image_id)

    async def workflows(self) -> dict[str, KeptWorkflow]:
        """Those that people keep, by id."""
        return await self._app.library.all()

    async def workflow(self, workflow_id: str) -> KeptWorkflow:
        """One of them; raises NotFound."""
        return await self._app.library.get(workflow_id)

    @whole
    async def estimate(self, parameters: Parameters) -> ImageTime:
        """How long one image of this kind will take."""
        return await self._app.batch_service.estimate(parameters)

    @property
    def defaults(self) -> Parameters:
        """What holds where a request without a workflow says nothing."""
        return self._app.batch_service.defaults

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
        return await self._app.storage.gallery.batches(query)

    @whole
    async def in_gallery(self, batch_id: str) -> CompletedBatch | None:
        """A batch as the gallery shows it; None where it does not."""
        return await self._app.storage.gallery.batch(batch_id)

    @whole
    async def pictures(self, batch_id: str) -> list[GeneratedImage]:
        """The images of a batch that the gallery shows."""
        return await self._app.storage.gallery.images(batch_id)

    @whole
    async def statistics(self) -> GalleryStatistics:
        """What the gallery shows in all."""
        return await self._app.storage.gallery.statistics()

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
        return await self._app.storage.log.page(after, limit)

    @whole
    async def last_event(self) -> int:
        """The number of the last event."""
        return await self._app.storage.log.end()

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
        return self._app.storage.lockout.words

    @property
    def is_demo_wanted(self) -> bool:
        """Whether somebody asked for the demo engine."""
        return self._app.settings.demo
