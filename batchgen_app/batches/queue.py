"""BatchQueue: batches wait here until it is their turn; one runs at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from batchgen_app.batches.runner import BatchRunner
from batchgen_app.core.state import BatchState

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Entry:
    """One batch that has not ended: its state, who runs it, and the news of its end."""

    batch: BatchState
    runner: BatchRunner
    ended: asyncio.Event


class BatchQueue:
    """The batches that wait and the one that runs. ``on_change`` is called when one of them comes,
    goes or changes its place.
    """

    def __init__(self) -> None:
        self.on_change: list[Callable[[], None]] = []
        self._waiting: list[Entry] = []
        self._running: Entry | None = None
        self._more = asyncio.Event()

    @property
    def running(self) -> BatchState | None:
        """The batch whose turn it is."""
        return self._running.batch if self._running else None

    @property
    def waiting(self) -> tuple[BatchState, ...]:
        """The batches that wait, the next one first."""
        return tuple(entry.batch for entry in self._waiting)

    @property
    def is_busy(self) -> bool:
        """Whether a batch runs or waits."""
        return bool(self._running or self._waiting)

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

    def line_up(self, batch: BatchState, runner: BatchRunner) -> None:
        """The batch waits from now on, behind the others."""
        self._waiting.append(Entry(batch, runner, asyncio.Event()))
        self._more.set()
        self._changed()

    def move(self, batch_id: str, place: int) -> None:
        """Put a waiting batch at ``place``, 0 for the next one. Harmless if it no longer waits."""
        if entry := self._waits(batch_id):
            self._waiting.remove(entry)
            self._waiting.insert(place, entry)
            self._changed()

    async def cancel(self, batch_id: str, because: str) -> None:
        """Stop a batch, running or waiting; what is finished stays. Harmless after its end."""
        if not (entry := self._find(batch_id)):
            return
        entry.runner.stop(because)
        if entry in self._waiting:
            self._waiting.remove(entry)
            self._changed()
            await self._run(entry)

    def ask_again(self) -> None:
        """Where the running batch waits for a server that does not answer, try at once."""
        if self._running:
            self._running.runner.ask_again()

    async def ended(self, batch_id: str) -> None:
        """Wait until a batch has ended; at once, if it has."""
        if entry := self._find(batch_id):
            await entry.ended.wait()

    async def _work(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                self._running = self._waiting.pop(0)
                self._changed()
                await self._run(self._running)
                self._running = None
                self._changed()

    async def _run(self, entry: Entry) -> None:
        try:
            await entry.runner.run()
        finally:
            entry.ended.set()

    def _find(self, batch_id: str) -> Entry | None:
        running = self._running
        if running and running.batch.batch_id == batch_id:
            return running
        return self._waits(batch_id)

    def _waits(self, batch_id: str) -> Entry | None:
        return next((e for e in self._waiting if e.batch.batch_id == batch_id), None)

    def _changed(self) -> None:
        for call in self.on_change:
            call()
