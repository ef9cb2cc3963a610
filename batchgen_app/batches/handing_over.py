"""HandingOver: a batch goes from one server to another, with the seeds that it has planned."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.bench import Benches
from batchgen_app.batches.flow_service import ENDED
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.server import Server
from batchgen_app.core.errors import BatchGenError, Conflict
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later

MOVED = later("Moved to {name}.")
NO_OTHER = later("There is no other server that is switched on and answers.")


def _has_begun(batch: BatchState) -> bool:
    """Whether its server has taken in anything of it, as far as it told."""
    sent = (image for image in batch.images if image.status is not ImageStatus.PENDING)
    activities = (batch.activities.get(image.index) for image in sent)
    return any(activity is None or not activity.is_sending for activity in activities)


class HandingOver:
    """What the old server has begun is taken back there, as soon as it hears it: a picture that
    it finishes all the same is not fetched, so none is made twice. Of a batch that is only here for
    what its server had before the app died, all that is missing is made by the new one.
    """

    def __init__(self, benches: Benches, batch_service: BatchService, queue: BatchQueue) -> None:
        self._benches = benches
        self._servers = benches.servers
        self._batch_service = batch_service
        self._queue = queue
        self._turn = asyncio.Lock()

    async def move(self, batch_id: str, server_id: str | None) -> BatchState:
        """Have a batch made by that server, and by no other one; with None, by any other one than
        now. Raises NotFound, InvalidRequest where there is no such server; Conflict where it has
        ended, or that server cannot make it; ServerUnreachable, StorageError.
        """
        batch = await self._batch_service.batch(batch_id)
        target = None if server_id is None else self._servers.asked(server_id)[0]
        async with self._turn:
            if batch.ended:
                raise Conflict(ENDED)
            runner = await self._batch_service.runner_at_work(batch_id)
            if runner:
                await self._move_begun(batch, runner.server, target)
            elif self._queue.recovers(batch_id):
                await self._move_begun(batch, self._servers.maker_of(batch), target)
            else:
                await self._move_waiting(batch, target)
        return batch

    @asynccontextmanager
    async def giving_back(self) -> AsyncIterator[None]:
        """As long as the context lasts, what a server that goes away has not begun goes to another
        one by itself, unless that server alone was asked for.
        """
        tasks: set[asyncio.Task[None]] = set()

        def heard(server: Server) -> None:
            if server.is_away and (batch := self._queue.on(server)):
                task = asyncio.create_task(self._give_back(batch), name="give a batch back")
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        unsubscribe = self._servers.told.subscribe(heard)
        try:
            yield
        finally:
            unsubscribe()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _give_back(self, batch: BatchState) -> None:
        if self._queue.is_bound(batch.batch_id) or _has_begun(batch):
            return
        with suppress(BatchGenError):  # nobody else can make it now: it is waited for
            await self.move(batch.batch_id, None)
            self._queue.bind(batch.batch_id, None)

    async def _move_waiting(self, batch: BatchState, target: Server | None) -> None:
        if target:
            await self._benches.of(target).made_ready(batch)
        self._queue.bind(batch.batch_id, target)

    async def _move_begun(
        self, batch: BatchState, before: Server | None, target: Server | None
    ) -> None:
        if before and before is target:
            return
        others = [server for server in self._servers.enabled if server is not before]
        candidates = [target] if target else [other for other in others if not other.is_away]
        if not candidates:
            raise Conflict(NO_OTHER)
        _, server = await self._benches.first_of(candidates, lambda b: b.made_ready(batch))
        wanted = {image.index for image in batch.unfinished}
        why = later(MOVED, name=server.about.shown_name)
        with self._queue.moving(batch.batch_id):
            await self._batch_service.cancel(batch.batch_id, why)
            await self._queue.left(batch.batch_id)
            left = [image.index for image in batch.missing if image.index in wanted]
            if left:  # some may have been finished in the last moment
                await self._batch_service.resume(batch.batch_id, left, on=server)
                self._queue.move(batch.batch_id, 0)
