"""Desk: what people do with batches. Pages, API and command line all come here."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakValueDictionary

from batchgen_app.batches.journal import Journal
from batchgen_app.batches.planning import Plan, Planner
from batchgen_app.batches.prompting import Patience
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.runner import BatchRunner
from batchgen_app.batches.server import Server
from batchgen_app.comfy.client import ServerStats
from batchgen_app.core import estimate
from batchgen_app.core.batch import BatchRequest, Parameters, Versions, new_batch_id
from batchgen_app.core.errors import Conflict, NotFound
from batchgen_app.core.estimate import ImageTime
from batchgen_app.core.events import BatchQueued, BatchResumed
from batchgen_app.core.state import BatchState
from batchgen_app.storage.memory import Memory


@dataclass(frozen=True)
class Accepted:
    """A batch that waits its turn, with what is known about it beforehand."""

    batch: BatchState
    images: int
    image_time: ImageTime
    without_place: list[str]

    @property
    def estimated_seconds(self) -> float:
        """Seconds for all images that will be made."""
        return self.image_time.of(self.images)


class Desk:
    """Accepts, repeats, resumes and stops batches. ``new_state`` makes their states: a user
    interface hands in an observable kind. Whoever asks for a batch gets the same object.
    """

    def __init__(
        self,
        server: Server,
        planner: Planner,
        queue: BatchQueue,
        journal: Journal,
        memory: Memory,
        *,
        app_version: str,
        patience: Patience,
        rng: random.Random,
        new_state: type[BatchState],
    ) -> None:
        self._server = server
        self._planner = planner
        self._queue = queue
        self._journal = journal
        self._memory = memory
        self._app_version = app_version
        self._patience = patience
        self._rng = rng
        self._new_state = new_state
        self._known: WeakValueDictionary[str, BatchState] = WeakValueDictionary()

    async def start(self, request: BatchRequest) -> Accepted:
        """Accept a batch. Raises InvalidRequest or ServerUnreachable, and then nothing is left
        behind; or StorageError.
        """
        plan = await self._planner.plan(request, new_batch_id(datetime.now(UTC), self._rng))
        event = _queued(plan)
        time = await self._image_time(event.parameters)
        batch = await self._journal.open(event, lambda: self._new_state.queued(event, time.seconds))
        self._line_up(batch, plan.server)
        return Accepted(batch, batch.total_images, time, plan.without_place)

    async def regenerate(self, batch_id: str) -> Accepted:
        """The same request again with other seeds. Raises NotFound and what ``start`` raises."""
        batch = await self.batch(batch_id)
        return await self.start(batch.request.after(batch.seeds))

    async def resume(self, batch_id: str, only: Sequence[int] | None = None) -> Accepted:
        """Make what is missing (or ``only`` these of it) with the planned seeds, into the same
        batch. Raises NotFound, Conflict or ServerUnreachable.
        """
        batch = await self.batch(batch_id)
        missing = [image.index for image in batch.missing if only is None or image.index in only]
        if not batch.ended:
            raise Conflict("This batch is still running.")
        if not missing:
            raise Conflict("No image of this batch is missing.")
        stats = await self._server.client.stats()
        time = await self._image_time(batch.parameters)
        await self._journal.record(
            batch, BatchResumed(at=datetime.now(UTC), batch_id=batch_id, missing=missing)
        )
        self._line_up(batch, stats)
        return Accepted(batch, len(missing), time, [])

    async def cancel(self, batch_id: str, because: str) -> BatchState:
        """Stop a batch; what is finished stays. Harmless after its end; raises NotFound."""
        batch = await self.batch(batch_id)
        await self._queue.cancel(batch_id, because)
        return batch

    async def batch(self, batch_id: str) -> BatchState:
        """A batch, of now or of long ago; raises NotFound."""
        if batch := self._known.get(batch_id):
            return batch
        stored = await self._memory.log.state(batch_id, self._new_state)
        if stored is None:
            raise NotFound(f"There is no batch {batch_id}.")
        return self._known.setdefault(batch_id, stored)

    async def _image_time(self, parameters: Parameters) -> ImageTime:
        return estimate.expect(await self._memory.gallery.measured_seconds(parameters), parameters)

    def _line_up(self, batch: BatchState, stats: ServerStats) -> None:
        self._known[batch.batch_id] = batch
        runner = BatchRunner(
            batch,
            self._server,
            self._journal,
            self._memory.store,
            versions=Versions(app=self._app_version, server=stats.version),
            patience=self._patience,
        )
        self._queue.line_up(batch, runner)


def _queued(plan: Plan) -> BatchQueued:
    return BatchQueued(
        at=datetime.now(UTC),
        batch_id=plan.batch_id,
        request=plan.request,
        seeds=list(plan.seeds),
        workflow=plan.workflow.nodes,
        parameters=plan.workflow.parameters(),
    )
