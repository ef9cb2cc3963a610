"""BatchService: what people do with batches. Pages, API and command line all come here."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.planning import Plan, Planner
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.runner import BatchRunner
from batchgen_app.batches.server import Server
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.comfy.models import Model
from batchgen_app.core import durations
from batchgen_app.core.batch import GeneratedImage, Parameters, Versions
from batchgen_app.core.durations import ImageTime
from batchgen_app.core.errors import (
    Conflict,
    DatabaseDamaged,
    LifecycleError,
    NotFound,
    StorageError,
)
from batchgen_app.core.events import BatchQueued, BatchResumed, Event, ImageCancelled
from batchgen_app.core.ids import new_batch_id, split_image_id
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import joined, later
from batchgen_app.storage.storage import Storage

WORKFLOW_UNKNOWN = later(
    "The workflow of this batch is not known: it was rebuilt from pictures that do not carry it. "
    "Make a new batch with these settings."
)


@dataclass(frozen=True)
class Accepted:
    """A batch that waits its turn, with what is known about it beforehand."""

    batch: BatchState
    images: int
    image_time: ImageTime
    remarks: Sequence[str] = ()
    """What of the request does not come through as it was asked; mostly nothing."""

    @property
    def estimated_seconds(self) -> float:
        """Seconds for all images that will be made."""
        return self.image_time.of(self.images)

    @property
    def known_seconds(self) -> float | None:
        """The same; None if it is only a guess, which nobody should be told as a number."""
        each = self.image_time.known
        return None if each is None else each * self.images

    @property
    def remark(self) -> str:
        """The same as one text."""
        return joined(self.remarks) if self.remarks else ""


class BatchService:
    """Accepts, repeats, resumes and stops batches. ``new_state`` makes their states: a user
    interface hands in an observable kind. Whoever asks for a batch gets the same object. In its
    ``turn``, what was checked still holds when it is logged.
    """

    def __init__(
        self,
        server: Server,
        planner: Planner,
        queue: BatchQueue,
        recorder: EventRecorder,
        storage: Storage,
        *,
        turn: asyncio.Lock,
        app_version: str,
        timeouts: Timeouts,
        rng: random.Random,
        new_state: type[BatchState],
    ) -> None:
        self._server = server
        self._planner = planner
        self._queue = queue
        self._recorder = recorder
        self._storage = storage
        self._turn = turn
        self._app_version = app_version
        self.timeouts = timeouts
        """Of batches that are lined up from now on."""
        self._rng = rng
        self._new_state = new_state
        # Weak: a batch stays in memory as long as the queue, a page or a request holds it.
        self._known: WeakValueDictionary[str, BatchState] = WeakValueDictionary()

    async def start(self, request: BatchRequest, avoid: Sequence[int] = ()) -> Accepted:
        """Accept a batch; random seeds are not in ``avoid``. Raises InvalidRequest or
        ServerUnreachable, and then nothing is left behind; or StorageError.
        """
        batch_id = new_batch_id(self._recorder.now(), self._rng)
        request = await self._planner.with_stored(request)
        plan = await self._planner.plan(request, batch_id, avoid)
        event = await asyncio.to_thread(_queued, plan, self._recorder.now())
        time = await self.estimate(event.parameters)
        async with self._turn:
            # Locked before it is logged: the start of another process takes a batch that is logged,
            # has not ended and has no lock for one whose app died.
            await self._take(batch_id)
            try:
                batch = await self._recorder.open(event, lambda: self._opened(event, time.known))
            except StorageError:
                await self._storage.locks.let_go(batch_id)
                raise
            self._line_up(batch, plan.server.version)
        return Accepted(batch, batch.total_images, time, plan.understood.remarks)

    def _opened(self, event: BatchQueued, expected_seconds: float | None) -> BatchState:
        """Known from the moment in which it is logged. Who has read it from the log before that has
        the same object as everybody, too.
        """
        batch = self._new_state.queued(event, expected_seconds)
        return self._known.setdefault(event.batch_id, batch)

    async def regenerate(self, batch_id: str) -> Accepted:
        """The same request again with other seeds. Raises NotFound and what ``start`` raises."""
        batch = await self.batch(batch_id)
        request = await asyncio.to_thread(batch.request.after, batch.seeds)
        return await self.start(request, avoid=batch.seeds)

    async def resume(self, batch_id: str, only: Sequence[int] | None = None) -> Accepted:
        """Make what is missing (or ``only`` these of it) with the planned seeds, into the same
        batch. Raises NotFound, Conflict or ServerUnreachable.
        """
        if not self._queue.recovers(batch_id):
            # Asked once more in the turn: refused here, nobody waits for a server first.
            _missing(await self.batch(batch_id), only)
        stats = await self._server.client.stats()
        known = await self.batch(batch_id)
        await self._planner.require_runnable(known.workflow)
        await self._planner.bring_pictures(known.request)
        async with self._turn:
            # Recovery follows what was submitted; its end is logged before the missing are counted.
            await self._queue.step_aside(batch_id)
            batch = await self.batch(batch_id)
            missing = _missing(batch, only)
            time = await self.estimate(batch.parameters)
            await self._take(batch_id)
            resumed = _resumed(batch, missing, self._recorder.now())
            try:
                await self._recorder.record_asked(batch, *resumed)
            except StorageError:
                await self._let_go_if_ended(batch_id)
                raise
            await self._take(batch_id)  # its end may have let it go just before that
            self._line_up(batch, stats.version)
        return Accepted(batch, len(missing), time)

    async def _take(self, batch_id: str) -> None:
        """Make the batch this process's own until it has ended; raises Conflict, StorageError."""
        if not await self._storage.locks.take(batch_id):
            raise Conflict(
                later("Another BatchGen is working on this batch. Let it end there first.")
            )

    async def _let_go_if_ended(self, batch_id: str) -> None:
        """Where the log does not know its end yet, that is owed to it: the batch is let go with it,
        as till then another process would take it for one whose app died.
        """
        with suppress(StorageError, LifecycleError):
            known = await self._storage.log.state(batch_id)
            if known is None or known.ended:
                await self._storage.locks.let_go(batch_id)

    def recover(self, batch: BatchState) -> BatchRunner:
        """A runner that brings home what the server was left with when the app died."""
        return self._runner(batch, None, only_begun=True)

    async def cancel(self, batch_id: str, because: str) -> BatchState:
        """Stop a batch; what is finished stays. Harmless after its end; raises NotFound."""
        batch = await self.batch(batch_id)
        if not (batch.ended or self._queue.holds(batch_id)):
            async with self._turn:  # logged already, it is about to be lined up
                pass
        await self._queue.cancel(batch_id, because)
        return batch

    async def batch(self, batch_id: str, *, even_deleted: bool = False) -> BatchState:
        """A batch, of now or of long ago; raises NotFound, unless ``even_deleted`` also for one in
        the trash, and StorageError.
        """
        batch = self._known.get(batch_id) or await self._remembered(batch_id)
        if batch is None or (batch.deleted and not even_deleted):
            raise NotFound(later("There is no batch {id}.", id=batch_id))
        return batch

    async def image(self, image_id: str) -> GeneratedImage:
        """A finished image; raises NotFound. A batch in memory is ahead of the gallery."""
        batch_id, _ = split_image_id(image_id) or ("", 0)
        if batch := self._known.get(batch_id):
            shown = () if batch.deleted else batch.pictures
            found = next((picture for picture in shown if picture.id == image_id), None)
        else:
            found = await self._storage.gallery.image(image_id)
        if found is None:
            raise NotFound(later("There is no image {id}.", id=image_id))
        return found

    async def _remembered(self, batch_id: str) -> BatchState | None:
        try:
            stored = await self._storage.log.state(batch_id, self._new_state)
        except LifecycleError as error:  # what could not be read was passed over
            self._storage.damaged.emit()
            raise DatabaseDamaged(
                later(
                    "Entries of batch {id} in the database are damaged. They come back from the "
                    "batch's folder as soon as no batch runs: try again then.",
                    id=batch_id,
                )
            ) from error
        # Another caller may have read it meanwhile: then theirs is the one.
        return stored and self._known.setdefault(batch_id, stored)

    def forget(self) -> None:
        """Read every batch anew from the log: the database was repaired."""
        self._known.clear()

    @property
    def defaults(self) -> Parameters:
        """The parameters of the built-in workflow, which hold where a request without one says
        nothing.
        """
        return self._planner.defaults

    def defaults_for(self, model: Model) -> Parameters:
        """What holds where a request with this model says nothing."""
        return self._planner.defaults_for(model)

    async def estimate(self, parameters: Parameters) -> ImageTime:
        """How long one image of this kind will take."""
        return durations.expect(
            await self._storage.gallery.measured_seconds(parameters), parameters
        )

    def _line_up(self, batch: BatchState, server_version: str | None) -> None:
        self._known[batch.batch_id] = batch
        self._queue.line_up(batch, self._runner(batch, server_version))

    def _runner(
        self, batch: BatchState, server_version: str | None, *, only_begun: bool = False
    ) -> BatchRunner:
        return BatchRunner(
            batch,
            self._server,
            self._recorder,
            self._storage.store,
            versions=Versions(app=self._app_version, server=server_version),
            timeouts=self.timeouts,
            only_begun=only_begun,
        )


def _missing(batch: BatchState, only: Sequence[int] | None) -> list[int]:
    """What a resume would make; raises Conflict if that is nothing, or not now."""
    if not batch.ended:
        raise Conflict(later("This batch is still running."))
    missing = [image.index for image in batch.missing if only is None or image.index in only]
    if not missing:
        raise Conflict(later("No image of this batch is missing."))
    if not batch.workflow:
        raise Conflict(WORKFLOW_UNKNOWN)
    return missing


def _resumed(batch: BatchState, missing: list[int], now: datetime) -> list[Event]:
    """An interruption leaves images open; those that are not wanted now are not made along."""
    batch_id = batch.batch_id
    given_up = [image.index for image in batch.unfinished if image.index not in missing]
    return [
        *(ImageCancelled(at=now, batch_id=batch_id, index=index) for index in given_up),
        BatchResumed(at=now, batch_id=batch_id, missing=missing),
    ]


def _queued(plan: Plan, now: datetime) -> BatchQueued:
    return BatchQueued(
        at=now,
        batch_id=plan.batch_id,
        request=plan.request,
        seeds=list(plan.seeds),
        workflow=plan.workflow.nodes,
        parameters=plan.workflow.parameters(),
        understood=plan.understood,
    )
