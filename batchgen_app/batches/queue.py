"""BatchQueue: batches wait here until it is their turn; one runs at a time."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from batchgen_app.batches.journal import Journal
from batchgen_app.batches.planning import Plan, Planner
from batchgen_app.batches.prompting import Patience
from batchgen_app.batches.runner import BatchRunner
from batchgen_app.batches.server import Server
from batchgen_app.core import estimate
from batchgen_app.core.batch import BatchRequest, Versions, new_batch_id
from batchgen_app.core.errors import NotFound
from batchgen_app.core.estimate import ImageTime
from batchgen_app.core.events import BatchQueued
from batchgen_app.core.state import BatchState
from batchgen_app.core.workflow import Workflow
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Accepted:
    """A batch that waits its turn, with what is known about it beforehand."""

    batch: BatchState
    image_time: ImageTime
    without_place: list[str]

    @property
    def estimated_seconds(self) -> float:
        """Seconds for the whole batch."""
        return self.image_time.of(self.batch.total_images)


@dataclass(eq=False)
class Entry:
    """One batch of this session: its state, who runs it, and whether it has ended."""

    batch: BatchState
    runner: BatchRunner
    ended: asyncio.Event


class BatchQueue:
    """The batches of this session. ``new_state`` makes their states: a user interface hands in an
    observable kind.
    """

    def __init__(
        self,
        server: Server,
        journal: Journal,
        store: ImageStore,
        gallery: GalleryIndex,
        *,
        default_workflow: Workflow,
        app_version: str,
        patience: Patience,
        rng: random.Random,
        new_state: type[BatchState] = BatchState,
    ) -> None:
        self._server = server
        self._journal = journal
        self._store = store
        self._gallery = gallery
        self._planner = Planner(server, default_workflow, rng)
        self._app_version = app_version
        self._patience = patience
        self._rng = rng
        self._new_state = new_state
        self._entries: dict[str, Entry] = {}
        self._waiting: deque[Entry] = deque()
        self._more = asyncio.Event()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Batches are made as long as the context lasts."""
        worker = asyncio.create_task(self._work(), name="batch queue")
        try:
            yield
        finally:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker

    async def submit(self, request: BatchRequest) -> Accepted:
        """Accept a batch. Raises InvalidRequest or ServerUnreachable, and then nothing is left
        behind; or StorageError.
        """
        plan = await self._planner.plan(request, new_batch_id(datetime.now(UTC), self._rng))
        parameters = plan.workflow.parameters()
        measured = await self._gallery.measured_seconds(parameters)
        image_time = estimate.expect(measured, parameters)
        batch = await self._open(plan, image_time)
        self._line_up(batch, plan)
        return Accepted(batch, image_time, plan.without_place)

    def batch(self, batch_id: str) -> BatchState:
        """A batch of this session; raises NotFound."""
        return self._entry(batch_id).batch

    async def cancel(self, batch_id: str, because: str) -> BatchState:
        """Stop a batch, running or waiting; what is finished stays. Harmless after its end."""
        entry = self._entry(batch_id)
        entry.runner.stop(because)
        if entry in self._waiting:
            self._waiting.remove(entry)
            await self._run(entry)
        return entry.batch

    async def ended(self, batch_id: str) -> BatchState:
        """Wait until a batch has ended."""
        entry = self._entry(batch_id)
        await entry.ended.wait()
        return entry.batch

    async def _open(self, plan: Plan, image_time: ImageTime) -> BatchState:
        event = BatchQueued(
            at=datetime.now(UTC),
            batch_id=plan.batch_id,
            request=plan.request,
            seeds=list(plan.seeds),
            workflow=plan.workflow.nodes,
            parameters=plan.workflow.parameters(),
        )
        return await self._journal.open(
            event, lambda: self._new_state.queued(event, image_time.seconds)
        )

    def _line_up(self, batch: BatchState, plan: Plan) -> None:
        runner = BatchRunner(
            batch,
            self._server,
            self._journal,
            self._store,
            versions=Versions(app=self._app_version, server=plan.server.version),
            patience=self._patience,
        )
        entry = Entry(batch, runner, asyncio.Event())
        self._entries[batch.batch_id] = entry
        self._waiting.append(entry)
        self._more.set()

    async def _work(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                await self._run(self._waiting.popleft())

    async def _run(self, entry: Entry) -> None:
        try:
            await entry.runner.run()
        except Exception:
            logger.exception("Batch %s broke off", entry.batch.batch_id)
        finally:
            entry.ended.set()

    def _entry(self, batch_id: str) -> Entry:
        if entry := self._entries.get(batch_id):
            return entry
        raise NotFound(f"There is no batch {batch_id} in this session.")
