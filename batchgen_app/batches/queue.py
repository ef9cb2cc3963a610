"""BatchQueue: batches wait here until it is their turn; one runs at a time.

While it runs, time passes also where nothing happens: an image that is overdue changes what can be
said about the rest.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.runner import BatchRunner
from batchgen_app.core.passing import TimePassed
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState

HURRY_SECONDS = 0.8
"""How long a write in hand is waited for when the app ends."""


@dataclass(eq=False)
class Entry:
    """One batch that has not ended: its state, who runs it, when it may begin (in the loop's time),
    and the news of its end. ``run`` is there while it has its turn.
    """

    batch: BatchState
    runner: BatchRunner
    begins_at: float
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    run: asyncio.Task[None] | None = None


class BatchQueue:
    """The batches that wait and the one that runs. ``changed``: one of them has come, gone or
    changed its place.
    """

    def __init__(self) -> None:
        self.changed = Signal[[]]()
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
    async def working(self, hurry: Callable[[], None]) -> AsyncIterator[None]:
        """Batches are made as long as the context lasts. Those that have not ended then are broken
        off, and say so; ``hurry`` is called when that takes long.
        """
        worker = asyncio.create_task(self._work(), name="batch queue")
        try:
            yield
        finally:
            # The worker first, so that no other batch begins; then those that are left.
            late = asyncio.get_running_loop().call_later(HURRY_SECONDS, hurry)
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker
            await self._break_off_all()
            late.cancel()

    def line_up(self, batch: BatchState, runner: BatchRunner, rest: float = 0.0) -> None:
        """The batch waits from now on, behind the others; for ``rest`` seconds in any case."""
        self._waiting.append(Entry(batch, runner, asyncio.get_running_loop().time() + rest))
        self._more.set()
        self.changed.emit()

    def move(self, batch_id: str, place: int) -> None:
        """Put a waiting batch at ``place``, 0 for the next one. Harmless if it no longer waits."""
        if entry := self._waits(batch_id):
            self._waiting.remove(entry)
            self._waiting.insert(place, entry)
            self.changed.emit()

    def holds(self, batch_id: str) -> bool:
        """Whether a batch runs or waits."""
        return self._find(batch_id) is not None

    def at_work(self, batch_id: str) -> BatchRunner | None:
        """Who runs a batch, if it is its turn."""
        entry = self._find(batch_id)
        return entry.runner if entry and entry is self._running else None

    def look_again(self, batch_id: str) -> None:
        """Something was changed in a batch that may change what is made next."""
        if runner := self.at_work(batch_id):
            runner.flow.look_again()

    async def cancel(self, batch_id: str, because: str) -> None:
        """Stop a batch, running or waiting; what is finished stays. Harmless after its end."""
        if not (entry := self._find(batch_id)):
            return
        entry.runner.stop(because)
        if entry in self._waiting:
            self._waiting.remove(entry)
            self.changed.emit()
            # Stopped before it began, its runner only records the end.
            await self._run(entry)

    def recovers(self, batch_id: str) -> bool:
        """Whether a batch is here only to bring home what was begun before the app died."""
        entry = self._find(batch_id)
        return entry is not None and entry.runner.only_begun

    async def step_aside(self, batch_id: str) -> None:
        """If a batch is here only for that, break it off: now all of it is wanted."""
        if (entry := self._find(batch_id)) and entry.runner.only_begun:
            await self._break_off(entry)

    def ask_again(self) -> None:
        """Where the running batch waits for a server that does not answer, try at once."""
        if self._running:
            self._running.runner.ask_again()

    async def idle(self) -> None:
        """Wait until no batch runs or waits; at once, if none does."""
        while self.is_busy:
            changed = asyncio.Event()
            unsubscribe = self.changed.subscribe(changed.set)
            try:
                await changed.wait()
            finally:
                unsubscribe()

    async def ended(self, batch_id: str) -> None:
        """Wait until a batch has ended; at once, if it has."""
        if entry := self._find(batch_id):
            await entry.ended.wait()

    async def _work(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                if entry := self._next():
                    await self._give_turn(entry)
                else:
                    await self._rest()

    def _next(self) -> Entry | None:
        now = asyncio.get_running_loop().time()
        return next((entry for entry in self._waiting if entry.begins_at <= now), None)

    async def _give_turn(self, entry: Entry) -> None:
        self._waiting.remove(entry)
        self._running = entry
        self.changed.emit()
        await self._run(entry)
        self._running = None
        self.changed.emit()

    async def _rest(self) -> None:
        """Until one of those that wait may begin, or another one comes."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(min(entry.begins_at for entry in self._waiting)):
                await self._more.wait()
                self._more.clear()

    async def _run(self, entry: Entry) -> None:
        entry.run = asyncio.create_task(entry.runner.run(), name=f"batch {entry.batch.batch_id}")
        entry.run.add_done_callback(lambda _: entry.ended.set())
        # Unlike await, wait passes no cancellation on to the run: _break_off_all does, in its way.
        await asyncio.wait({entry.run})

    async def _break_off_all(self) -> None:
        for entry in filter(None, [self._running, *self._waiting]):
            await self._break_off(entry)

    async def _break_off(self, entry: Entry) -> None:
        """End it without a word to the server."""
        if entry.run:
            entry.run.cancel()
            await asyncio.wait({entry.run})
        else:
            self._waiting.remove(entry)
            await entry.runner.break_off()
            entry.ended.set()
            self.changed.emit()

    def _find(self, batch_id: str) -> Entry | None:
        running = self._running
        if running and running.batch.batch_id == batch_id:
            return running
        return self._waits(batch_id)

    def _waits(self, batch_id: str) -> Entry | None:
        return next((e for e in self._waiting if e.batch.batch_id == batch_id), None)


HEARTBEAT_SECONDS = 1.0
"""Between two moments at which the running batch is told that time has passed."""


@asynccontextmanager
async def beating(queue: BatchQueue, recorder: EventRecorder) -> AsyncIterator[None]:
    """As long as the context lasts, the batch that runs is told every second that time passes."""
    beat = asyncio.create_task(_beat(queue, recorder), name="heartbeat")
    try:
        yield
    finally:
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat


async def _beat(queue: BatchQueue, recorder: EventRecorder) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        if (batch := queue.running) and not batch.ended:
            recorder.show(batch, TimePassed(batch.batch_id))
