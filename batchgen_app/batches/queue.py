"""BatchQueue: batches wait here until it is their turn; on each server, one runs at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from batchgen_app.batches.runner import BatchRunner
from batchgen_app.batches.server import Server
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState

HURRY_SECONDS = 0.8
"""How long a write in hand is waited for when the app ends."""
LOOK_AGAIN_SECONDS = 15.0
"""Between two looks for a server for those that wait, where nothing has changed that is known."""


RunnerOn: TypeAlias = Callable[[Server], BatchRunner]


@dataclass(eq=False)
class Entry:
    """One batch that has not ended: its state, who runs it, on which server that is or was planned,
    whether no other one will do (``is_bound``), when it may begin (in the loop's time), and the
    news of its end. ``run`` is there while it has its turn.
    """

    batch: BatchState
    server: Server
    runner_on: RunnerOn
    begins_at: float
    is_bound: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    run: asyncio.Task[None] | None = None
    runner: BatchRunner = field(init=False)

    def __post_init__(self) -> None:
        self.runner = self.runner_on(self.server)

    def go_to(self, server: Server) -> None:
        """Be made by this one."""
        if server is not self.server:
            self.server, self.runner = server, self.runner_on(server)


Choose: TypeAlias = Callable[[Entry, frozenset[Server]], Awaitable[Server | None]]
"""Gives the server that makes a batch now, while others are busy; None where it has to wait."""


class BatchQueue:
    """The batches that wait and those that run. ``changed``: one of them has come, gone or
    changed its place.
    """

    def __init__(self) -> None:
        self.changed = Signal[[]]()
        self._waiting: list[Entry] = []
        self._running: list[Entry] = []
        self._moving: dict[str, asyncio.Event] = {}
        self._more = asyncio.Event()

    @property
    def running(self) -> BatchState | None:
        """The batch whose turn it is; of several, the one that has it longest."""
        return next(iter(self.all_running), None)

    @property
    def all_running(self) -> tuple[BatchState, ...]:
        """All whose turn it is, each on a server of its own."""
        return tuple(entry.batch for entry in self._running)

    @property
    def waiting(self) -> tuple[BatchState, ...]:
        """The batches that wait, the next one first."""
        return tuple(entry.batch for entry in self._waiting)

    @property
    def is_busy(self) -> bool:
        """Whether a batch runs or waits."""
        return bool(self._running or self._waiting or self._moving)

    def on(self, server: Server) -> BatchState | None:
        """The batch that runs there."""
        return next((entry.batch for entry in self._running if entry.server is server), None)

    def needs(self, server_id: str) -> bool:
        """Whether a batch runs on this server, or waits and can be made nowhere else."""
        bound = (entry for entry in self._waiting if entry.is_bound)
        return any(entry.server.id == server_id for entry in (*self._running, *bound))

    @asynccontextmanager
    async def working(self, hurry: Callable[[], None], choose: Choose) -> AsyncIterator[None]:
        """Batches are made as long as the context lasts, each by the server that ``choose`` gives.
        Those that have not ended then are broken off, and say so; ``hurry`` is called when that
        takes long.
        """
        worker = asyncio.create_task(self._work(choose), name="batch queue")
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

    def line_up(
        self,
        batch: BatchState,
        server: Server,
        runner_on: RunnerOn,
        *,
        is_bound: bool = False,
        rest: float = 0.0,
    ) -> None:
        """The batch waits from now on, behind the others; for ``rest`` seconds in any case."""
        begins_at = asyncio.get_running_loop().time() + rest
        self._waiting.append(Entry(batch, server, runner_on, begins_at, is_bound))
        self.look_about()
        self.changed.emit()

    def move(self, batch_id: str, place: int) -> None:
        """Put a waiting batch at ``place``, 0 for the next one. Harmless if it no longer waits."""
        if entry := self._waits(batch_id):
            self._waiting.remove(entry)
            self._waiting.insert(place, entry)
            self.changed.emit()

    def is_bound(self, batch_id: str) -> bool:
        """Whether one server alone may make a batch that runs or waits."""
        entry = self._find(batch_id)
        return entry is not None and (entry.is_bound or entry.runner.only_begun)

    def bind(self, batch_id: str, server: Server | None) -> None:
        """Have a waiting batch made by this one alone, or by any. Harmless if it waits no longer,
        or only for what its server has of it.
        """
        if (entry := self._waits(batch_id)) and not entry.runner.only_begun:
            entry.is_bound = server is not None
            if server:
                entry.go_to(server)
            self.look_about()

    def holds(self, batch_id: str) -> bool:
        """Whether a batch runs or waits."""
        return self._find(batch_id) is not None

    def at_work(self, batch_id: str) -> BatchRunner | None:
        """Who runs a batch, if it is its turn."""
        entry = self._find(batch_id)
        return entry.runner if entry and entry in self._running else None

    def look_again(self, batch_id: str) -> None:
        """Something was changed in a batch that may change what is made next."""
        if runner := self.at_work(batch_id):
            runner.flow.look_again()

    def look_about(self) -> None:
        """Something has changed that may give a waiting batch its turn."""
        self._more.set()

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

    def ask_again(self, server: Server | None = None) -> None:
        """Where a running batch waits for this server (None: for any, or for the database), which
        did not answer, try at once.
        """
        for entry in self._running:
            if server in {None, entry.server}:
                entry.runner.ask_again()

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
        """Wait until a batch has ended, wherever it is moved till then; at once, if it has."""
        await self.left(batch_id)
        if moved := self._moving.get(batch_id):
            await moved.wait()
            await self.ended(batch_id)

    async def left(self, batch_id: str) -> None:
        """Wait until a batch runs and waits no more; at once, if it does neither."""
        if entry := self._find(batch_id):
            await entry.ended.wait()

    @contextmanager
    def moving(self, batch_id: str) -> Iterator[None]:
        """As long as the context lasts, a batch that has left is on its way to another server."""
        moved = self._moving[batch_id] = asyncio.Event()
        try:
            yield
        finally:
            del self._moving[batch_id]
            moved.set()
            self.changed.emit()

    async def _work(self, choose: Choose) -> None:
        while True:
            self._more.clear()
            await self._look_for_places(choose)
            await self._rest()

    async def _look_for_places(self, choose: Choose) -> None:
        for entry in tuple(self._waiting):
            if entry.begins_at <= asyncio.get_running_loop().time():
                await self._look_for_place(entry, choose)

    async def _look_for_place(self, entry: Entry, choose: Choose) -> None:
        busy = frozenset(each.server for each in self._running)
        server = await choose(entry, busy)
        if server and entry in self._waiting:
            self._give_turn(entry, server)

    def _give_turn(self, entry: Entry, server: Server) -> None:
        entry.go_to(server)
        self._waiting.remove(entry)
        self._running.append(entry)
        self.changed.emit()
        self._begin(entry).add_done_callback(lambda _: self._turn_is_over(entry))

    def _turn_is_over(self, entry: Entry) -> None:
        self._running.remove(entry)
        self.look_about()
        self.changed.emit()

    async def _rest(self) -> None:
        """Until something changes, or one of those that wait may begin."""
        loop = asyncio.get_running_loop()
        times = (max(e.begins_at, loop.time() + LOOK_AGAIN_SECONDS) for e in self._waiting)
        soon = (e.begins_at for e in self._waiting if e.begins_at > loop.time())
        with suppress(TimeoutError):
            async with asyncio.timeout_at(min((*times, *soon), default=None)):
                await self._more.wait()

    def _begin(self, entry: Entry) -> asyncio.Task[None]:
        entry.run = asyncio.create_task(entry.runner.run(), name=f"batch {entry.batch.batch_id}")
        entry.run.add_done_callback(lambda _: entry.ended.set())
        return entry.run

    async def _run(self, entry: Entry) -> None:
        # Unlike await, wait passes no cancellation on to the run: _break_off_all does, in its way.
        await asyncio.wait({self._begin(entry)})

    async def _break_off_all(self) -> None:
        for entry in (*self._running, *self._waiting):
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
        lined_up = (*self._running, *self._waiting)
        return next((entry for entry in lined_up if entry.batch.batch_id == batch_id), None)

    def _waits(self, batch_id: str) -> Entry | None:
        return next((e for e in self._waiting if e.batch.batch_id == batch_id), None)
