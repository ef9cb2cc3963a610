"""Queries: what everybody may ask who may look, about batches and images."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.dynamic_prompts import Example
from batchgen_app.batches.image_graphs import ImageGraphs
from batchgen_app.batches.trash_service import InTrash
from batchgen_app.core.batch import CompletedBatch, GeneratedImage, Parameters
from batchgen_app.core.durations import ImageTime
from batchgen_app.core.events import Logged
from batchgen_app.core.state import BatchState
from batchgen_app.core.styles import Style
from batchgen_app.services.delivery_queries import DeliveryQueries
from batchgen_app.services.file_queries import FileQueries
from batchgen_app.services.housekeeping import HousekeepingQueries
from batchgen_app.services.lineage_queries import LineageQueries
from batchgen_app.services.questions import whole
from batchgen_app.services.search_queries import SearchQueries
from batchgen_app.services.server_queries import ServerQueries
from batchgen_app.services.workflow_queries import WorkflowQueries
from batchgen_app.storage.event_feed import Told
from batchgen_app.storage.gallery_query import GalleryStatistics
from batchgen_app.storage.kept_workflow import KeptWorkflow
from batchgen_app.workflows.listing import ListedNode, listed


class Queries(SearchQueries):
    """The batches of now and of long ago, the queue, the gallery, the trash, the log, and how this
    start found things; ``server``, ``files``, ``delivery``, ``library``, ``lineage`` and
    ``housekeeping`` have questions of their own.
    """

    def __init__(self, backend: Backend, caller: Caller) -> None:
        super().__init__(backend, caller)
        self.server = ServerQueries(backend, caller)
        self.files = FileQueries(backend, caller)
        self.delivery = DeliveryQueries(backend, caller)
        self.library = WorkflowQueries(backend, caller)
        self.lineage = LineageQueries(backend, caller)
        self.housekeeping = HousekeepingQueries(backend, caller)

    @whole
    async def batch(self, batch_id: str) -> BatchState:
        """A batch; whoever asks gets the same object. Raises NotFound, StorageError."""
        return await self._app.batch_service.batch(batch_id)

    @whole
    async def graph(self, batch_id: str, index: int) -> list[ListedNode]:
        """The graph that makes image ``index`` of a batch, node by node; empty where it is not
        known. Raises NotFound.
        """
        batch = await self._app.batch_service.batch(batch_id)
        return await asyncio.to_thread(_listed, batch, index)

    @whole
    async def image(self, image_id: str) -> GeneratedImage:
        """A finished image; raises NotFound."""
        return await self._app.batch_service.image(image_id)

    async def workflows(self) -> dict[str, str]:
        """What those are called that people keep, by id."""
        return {one: told.name for one, told in (await self._app.library.look()).kept.items()}

    async def workflow(self, workflow_id: str) -> KeptWorkflow:
        """One of them; raises NotFound."""
        return await self._app.library.get(workflow_id)

    async def wildcards(self) -> tuple[str, ...]:
        """The names of the lists that a prompt may choose from; Forbidden for those who make
        nothing.
        """
        self._caller.require(Verb.MAKE)
        return await self._app.dynamic_prompts.wildcards()

    @property
    def wildcard_folder(self) -> Path:
        """Where they lie."""
        return self._app.dynamic_prompts.folder

    async def example(self, prompt: str, negative_prompt: str) -> Example:
        """What prompts that vary may become; raises InvalidRequest, and Forbidden for those who
        make nothing.
        """
        self._caller.require(Verb.MAKE)
        return await self._app.dynamic_prompts.example(prompt, negative_prompt, self.prompt_limit)

    async def styles(self) -> list[Style]:
        """Those that people keep, by name. Raises StorageError."""
        return await self._app.styles.all()

    @property
    def styles_fault(self) -> str:
        """That the file of the styles was not in order, in words; mostly empty."""
        return self._app.styles.fault

    @whole
    async def estimate(self, parameters: Parameters) -> ImageTime:
        """How long one image of this kind will take."""
        return await self._app.batch_service.estimate(parameters)

    @property
    def defaults(self) -> Parameters:
        """What holds where a request without a workflow says nothing."""
        return self._app.batch_service.defaults

    @property
    def prompt_limit(self) -> int:
        """How many characters the prompt of a new batch may have."""
        return self._app.batch_service.prompt_limit

    # The queue.

    @property
    def running(self) -> BatchState | None:
        """The batch whose turn it is."""
        return self._app.queue.running

    @property
    def all_running(self) -> tuple[BatchState, ...]:
        """All whose turn it is, each on a server of its own."""
        return self._app.queue.all_running

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

    async def follow_events(self, after: int, pause: float) -> AsyncGenerator[Sequence[Told], None]:
        """What happened behind event number ``after``, in pieces, and then what happens; an empty
        piece where that is nothing for ``pause`` seconds. Raises StorageError.
        """
        async with aclosing(self._app.storage.feed.follow(after, pause)) as pieces:
            async for piece in pieces:
                self._caller.require(Verb.LOOK)
                yield piece

    async def events_over(self) -> None:
        """Wait until the app is told to end: nobody is told more events then."""
        await self._app.storage.feed.over()

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

    @property
    def is_server_given(self) -> bool:
        """Whether somebody gave the address of the server that this start uses."""
        settings = self._app.settings
        return settings.comfyui_url is not None and not settings.demo


def _listed(batch: BatchState, index: int) -> list[ListedNode]:
    if not batch.workflow:
        return []
    image = batch.image(index)
    made_at = image.picture.created_at if image.picture else batch.created_at
    return listed(ImageGraphs(batch).of(image, made_at))
