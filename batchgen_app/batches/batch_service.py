"""BatchService: what people do with batches. Pages, API and command line all come here."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from batchgen_app.batches.accepted import Accepted, queued
from batchgen_app.batches.bench import Bench, Benches
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.known_batches import KnownBatches
from batchgen_app.batches.planning import Plan
from batchgen_app.batches.proving import Prover
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.runner import BatchRunner
from batchgen_app.batches.runners import Runners
from batchgen_app.batches.server import Server
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.core import durations
from batchgen_app.core.batch import GeneratedImage, Parameters
from batchgen_app.core.durations import ImageTime
from batchgen_app.core.errors import (
    Conflict,
    InvalidRequest,
    LifecycleError,
    NotFound,
    StorageError,
)
from batchgen_app.core.events import BatchQueued, Event
from batchgen_app.core.ids import new_batch_id
from batchgen_app.core.limits import prompt_too_long
from batchgen_app.core.request import BasedOn, BatchRequest
from batchgen_app.core.resuming import missing_images, resumed
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later
from batchgen_app.storage.storage import Storage

NOT_A_PROOF = later(
    "A picture is proved by the graph in its own file: ask for that with POST "
    "/api/images/IMAGE_ID/prove."
)
NOT_AS_IT_IS = later(
    "This batch was made elsewhere, and cannot be made here as it is. {why} Use its settings, and "
    "change them first."
)


class BatchService:
    """Accepts, repeats, resumes and stops batches. ``new_state`` makes their states: a user
    interface hands in an observable kind. Whoever asks for a batch gets the same object. In its
    ``turn``, what was checked still holds when it is logged.
    """

    def __init__(
        self,
        benches: Benches,
        queue: BatchQueue,
        recorder: EventRecorder,
        storage: Storage,
        *,
        turn: asyncio.Lock,
        app_version: str,
        timeouts: Timeouts,
        prompt_limit: int,
        rng: random.Random,
        new_state: type[BatchState],
    ) -> None:
        self._benches = benches
        self._known = KnownBatches(storage, new_state)
        self._prover = Prover(storage.store, partial(self._known.batch, even_deleted=True))
        self._runners = Runners(benches.of, recorder, storage.store, self._prover, app_version)
        self._queue = queue
        self._recorder = recorder
        self._storage = storage
        self._turn = turn
        self.timeouts = timeouts
        """Of batches that are lined up from now on."""
        self.prompt_limit = prompt_limit
        """Characters that a prompt may have, of requests from now on."""
        self._rng = rng

    async def start(
        self, request: BatchRequest, avoid: Sequence[int] = (), *, rest: float = 0.0
    ) -> Accepted:
        """Accept a batch, which begins in ``rest`` seconds at the soonest; random seeds are not in
        ``avoid``. Raises InvalidRequest or ServerUnreachable, and then nothing is left behind; or
        StorageError.
        """
        batch_id = new_batch_id(self._recorder.now(), self._rng)
        await self._check_origin(request)
        if len(request.prompt) > self.prompt_limit:
            raise InvalidRequest([prompt_too_long(self.prompt_limit)])
        request = await self._benches.planner.with_styles(request, self.prompt_limit)
        request = await self._benches.planner.with_stored(request)

        async def planned(bench: Bench) -> Plan:
            return await bench.planner.plan(
                request, batch_id, avoid, prompt_limit=self.prompt_limit
            )

        plan, server = await self._benches.first(request.server, planned)
        return await self._accept(plan, server, rest)

    async def prove(self, image_id: str) -> Accepted:
        """Make a picture once more, by the graph and the seed in its own file, and compare the two.
        Raises NotFound, InvalidRequest where the server lacks something that it needs, Conflict
        where no graph is known; and what ``start`` raises.
        """
        picture = await self.image(image_id)
        batch, now = await self.batch(picture.batch_id), self._recorder.now()
        batch_id = new_batch_id(now, self._rng)
        plan, server = await self._benches.first(
            None, lambda bench: bench.making_again.plan(batch, picture, batch_id, now)
        )
        return await self._accept(plan, server)

    async def _accept(self, plan: Plan, server: Server, rest: float = 0.0) -> Accepted:
        batch_id = plan.batch_id
        event = await asyncio.to_thread(queued, plan, self._recorder.now())
        time = await self.estimate(event.parameters)
        async with self._turn:
            # Locked before it is logged: the start of another process takes a batch that is logged,
            # has not ended and has no lock for one whose app died.
            await self._take(batch_id)
            try:
                batch = await self._recorder.open(
                    event, lambda: self._known.opened(event, time.known)
                )
            except StorageError:
                await self._storage.locks.let_go(batch_id)
                raise
            is_bound = self._benches.servers.is_bound(batch)
            self._line_up(batch, server, plan.server.version, rest, is_bound=is_bound)
        return Accepted(batch, batch.total_images, time, plan.understood.remarks)

    async def take_in(self, events: Sequence[Event]) -> BatchState:
        """Remember a batch that was made elsewhere and lies in its place, by its events: all of
        them or none. Raises Conflict where its id is taken, StorageError.
        """
        first = events[0]
        assert isinstance(first, BatchQueued), "a batch begins with it"
        await self._take(first.batch_id)
        try:
            return await self._recorder.open_whole(events, lambda: self._known.opened(first, None))
        except StorageError:
            await self._storage.locks.let_go(first.batch_id)
            raise

    async def regenerate(self, batch_id: str, *, rest: float = 0.0) -> Accepted:
        """The same request again with other seeds, as ``start`` does. Raises NotFound and what
        ``start`` raises; Conflict where the batch was imported, and this server cannot make it.
        """
        batch = await self.batch(batch_id)
        request = await asyncio.to_thread(batch.request.after, batch.seeds)
        origin = BasedOn(batch_id=batch_id, how="regenerated")
        server = self._benches.servers.find(request.server)  # where it is gone, any other may
        changes = {"based_on": origin, "server": server.id if server else None}
        again = request.model_copy(update=changes)
        try:
            return await self.start(again, batch.seeds, rest=rest)
        except InvalidRequest as error:
            if batch.imported is None:
                raise
            raise Conflict(later(NOT_AS_IT_IS, why=error.message)) from error

    async def _check_origin(self, request: BatchRequest) -> None:
        """Raises InvalidRequest where what it is based on is no batch, also none in the trash; and
        for what only seems to prove something.
        """
        if request.based_on:
            if request.based_on.how == "proved":
                raise InvalidRequest.of("basedOn", "not_a_proof", NOT_A_PROOF)
            try:
                await self.batch(request.based_on.batch_id, even_deleted=True)
            except NotFound as error:
                raise InvalidRequest.of("basedOn", "unknown_batch", error.message) from error

    async def resume(
        self, batch_id: str, only: Sequence[int] | None = None, *, on: Server | None = None
    ) -> Accepted:
        """Make what is missing (or ``only`` these of it) with the planned seeds, into the same
        batch, and by no other server than ``on``. Raises NotFound, Conflict or ServerUnreachable.
        """
        known = await self.batch(batch_id)
        if not self._queue.recovers(batch_id):
            # Asked once more in the turn: refused here, nobody waits for a server first.
            missing_images(known, only)
        servers = (on,) if on else self._benches.servers.asked_again(known)
        version, server = await self._benches.first_of(servers, lambda b: b.made_ready(known))
        async with self._turn:
            # Recovery follows what was submitted; its end is logged before the missing are counted.
            await self._queue.step_aside(batch_id)
            batch = await self.batch(batch_id)
            missing = missing_images(batch, only)
            is_bound = bool(on) or self._benches.servers.is_bound(batch)  # resumed, none tells it
            time = await self.estimate(batch.parameters)
            await self._take(batch_id)
            events = resumed(batch, missing, self._recorder.now())
            try:
                await self._recorder.record_asked(batch, *events)
            except StorageError:
                await self._let_go_if_ended(batch_id)
                raise
            await self._take(batch_id)  # its end may have let it go just before that
            self._line_up(batch, server, version, is_bound=is_bound)
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
        """A runner that brings home what its server was left with when the app died."""
        server = self._benches.servers.maker_of(batch) or self._benches.servers.preferred
        return self._runner(batch, server, None, only_begun=True)

    async def cancel(self, batch_id: str, because: str) -> BatchState:
        """Stop a batch; what is finished stays. Harmless after its end; raises NotFound."""
        batch = await self.batch(batch_id)
        await self._lined_up(batch)
        await self._queue.cancel(batch_id, because)
        return batch

    async def runner_at_work(self, batch_id: str) -> BatchRunner | None:
        """Who runs a batch, if it is its turn. Raises what ``batch`` does."""
        await self._lined_up(await self.batch(batch_id))
        return self._queue.at_work(batch_id)

    async def _lined_up(self, batch: BatchState) -> None:
        if not (batch.ended or self._queue.holds(batch.batch_id)):
            async with self._turn:  # logged already, it is about to be lined up
                pass

    async def batch(self, batch_id: str, *, even_deleted: bool = False) -> BatchState:
        """A batch, of now or of long ago; raises NotFound, unless ``even_deleted`` also for one in
        the trash, and StorageError.
        """
        return await self._known.batch(batch_id, even_deleted=even_deleted)

    async def image(self, image_id: str) -> GeneratedImage:
        """A finished image; raises NotFound. A batch in memory is ahead of the gallery."""
        return await self._known.image(image_id)

    def forget(self) -> None:
        """Read every batch anew from the log: the database was repaired."""
        self._known.forget()

    @property
    def defaults(self) -> Parameters:
        """The parameters of the built-in workflow, which hold where a request without one says
        nothing.
        """
        return self._benches.planner.defaults

    async def estimate(self, parameters: Parameters) -> ImageTime:
        """How long one image of this kind will take."""
        return durations.expect(
            await self._storage.gallery.measured_seconds(parameters), parameters
        )

    def _line_up(
        self,
        batch: BatchState,
        server: Server,
        version: str | None,
        rest: float = 0.0,
        *,
        is_bound: bool,
    ) -> None:
        def runner_on(other: Server) -> BatchRunner:
            return self._runner(batch, other, version if other is server else other.version)

        self._known.hold(batch)
        self._queue.line_up(batch, server, runner_on, is_bound=is_bound, rest=rest)

    def _runner(
        self, batch: BatchState, server: Server, version: str | None, *, only_begun: bool = False
    ) -> BatchRunner:
        return self._runners.of(
            batch,
            server,
            version,
            timeouts=self.timeouts,
            prompt_limit=self.prompt_limit,
            only_begun=only_begun,
        )
