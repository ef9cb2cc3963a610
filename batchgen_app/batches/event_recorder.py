"""The way of every event: first into the log, then into the batch's state, then to listeners."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from batchgen_app.batches.stopping import to_the_end
from batchgen_app.core.errors import InUse, LifecycleError
from batchgen_app.core.events import BatchEvent, Event, Logged
from batchgen_app.core.passing import Passing
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.logs import about
from batchgen_app.storage.event_log import EventLog

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.1
"""Between two tries to write into a database that is locked."""

T = TypeVar("T")
Listener = Callable[[BatchState, Logged], Awaitable[None]]


class EventRecorder:
    """Records what happens to batches; ``now`` is the time of events. A listener that fails is
    logged and stops nothing; the log itself raises StorageError, and then nothing has happened.
    What somebody asks for waits up to ``lock_timeout`` seconds for a database that is locked.
    """

    def __init__(
        self,
        log: EventLog,
        *listeners: Listener,
        now: Callable[[], datetime],
        lock_timeout: float,
    ) -> None:
        self.now = now
        self._lock_timeout = lock_timeout
        self._too_late = asyncio.Event()
        self._log = log
        self._recorded = Signal[[BatchState, Logged]]()
        for listener in listeners:
            self._recorded.subscribe(listener)
        self._owed: list[tuple[BatchState, Event]] = []

    def event_of(self, batch: BatchState, kind: type[BatchEvent], **fields: Any) -> Event:
        """What happens to ``batch`` now."""
        event: Event = kind(at=self.now(), batch_id=batch.batch_id, **fields)  # type: ignore[assignment]
        return event

    async def record(self, batch: BatchState, *events: Event) -> None:
        """Log ``events`` next to each other or none of them, let them happen to ``batch``, tell the
        listeners. Once begun, this is done whole, even if the caller is cancelled.
        """
        await self.to_the_end(self._record([(batch, event) for event in events]))

    async def record_asked(self, batch: BatchState, *events: Event) -> None:
        """Record what somebody asks for and is waiting for."""
        await self.record_all_asked([(batch, event) for event in events])

    async def record_all_asked(self, happening: Sequence[tuple[BatchState, Event]]) -> None:
        """The same for several batches: all of it or nothing."""
        await self._while_locked(lambda: self.to_the_end(self._record(happening)))

    async def open(self, event: Event, open_batch: Callable[[], BatchState]) -> BatchState:
        """Log the first event of a batch that somebody asks for, and only then make its state."""
        return await self.open_whole([event], open_batch)

    async def open_whole(
        self, events: Sequence[Event], open_batch: Callable[[], BatchState]
    ) -> BatchState:
        """The same for a batch that has happened: all its events next to each other or none."""
        return await self._while_locked(lambda: self.to_the_end(self._open(events, open_batch)))

    def owe(self, batch: BatchState, *events: Event) -> None:
        """Let ``events`` happen though the log cannot be written; they are logged before all others
        as soon as it can.
        """
        for event in events:
            batch.apply(event)
            self._owed.append((batch, event))

    async def settle(self) -> None:
        """Log what is owed, as far as it can still have happened; raises StorageError."""
        if self._owed:
            await self.to_the_end(self._settle())

    async def to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of ``work``, which writes: done whole, even if the caller is cancelled."""
        return await to_the_end(work, self._too_late)

    def hurry(self) -> None:
        """The app has to end: a write in hand that does not end is left behind."""
        self._too_late.set()

    async def _while_locked(self, work: Callable[[], Awaitable[T]]) -> T:
        tries = AsyncRetrying(
            retry=retry_if_exception_type(InUse),
            wait=wait_fixed(PAUSE_SECONDS),
            stop=stop_after_delay(self._lock_timeout),
            reraise=True,
        )
        async for attempt in tries:
            with attempt:
                return await work()
        raise AssertionError("the loop only ends by returning or raising")

    async def _settle(self) -> None:
        # A repair may have found in a batch's folder what the log did not get to know: that the
        # batch was complete, say, whose interruption is owed.
        known: dict[str, BatchState | None] = {}
        for batch_id in {batch.batch_id for batch, _ in self._owed}:
            known[batch_id] = await self._log.state(batch_id)
        self._owed = [
            (batch, event) for batch, event in self._owed if _fits(known[batch.batch_id], event)
        ]
        await self._append([])

    async def _record(self, happening: Sequence[tuple[BatchState, Event]]) -> None:
        all_logged = await self._append([event for _, event in happening])
        for batch, event in happening:
            batch.apply(event)
        # All are applied before anybody is told: a listener sees the batch behind the last of them.
        for (batch, _), logged in zip(happening, all_logged, strict=True):
            await self._tell(batch, logged)

    async def _open(
        self, events: Sequence[Event], open_batch: Callable[[], BatchState]
    ) -> BatchState:
        all_logged = await self._append(events)
        batch = open_batch()
        for event in events[1:]:
            batch.apply(event)
        for logged in all_logged:
            await self._tell(batch, logged)
        return batch

    async def _append(self, events: Sequence[Event]) -> list[Logged]:
        """Log ``events``, and what is owed before them."""
        # Taken out before the wait, so that what is owed meanwhile is not logged twice or lost.
        owed, self._owed = self._owed, []
        try:
            logged = await self._log.append_all([*(event for _, event in owed), *events])
        except BaseException:
            self._owed = [*owed, *self._owed]
            raise
        # These have happened to their batches already, when they were owed.
        for (batch, _), entry in zip(owed, logged, strict=False):
            await self._tell(batch, entry)
        return logged[len(owed) :]

    def show(self, batch: BatchState, event: Passing) -> None:
        """Show a passing event, with the time of the steady clock; it is not logged."""
        batch.apply(replace(event, at=time.monotonic()))

    async def _tell(self, batch: BatchState, logged: Logged) -> None:
        with about(batch=batch.batch_id, image=getattr(logged.event, "index", None)):
            logger.info("%s is event %d", logged.event.type, logged.seq)
            await self._recorded.send(batch, logged)


def _fits(batch: BatchState | None, event: Event) -> bool:
    """Whether ``event`` can happen to ``batch``; then it does."""
    if batch is None:
        return False
    try:
        batch.apply(event)
    except LifecycleError as error:
        logger.warning("%s is not logged any more: %s", event.type, error)
        return False
    return True
