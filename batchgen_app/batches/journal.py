"""The way of every event: durable first, then visible, then whoever else wants to know."""

import logging
from collections.abc import Awaitable, Callable, Sequence

from batchgen_app.batches.stopping import to_the_end
from batchgen_app.core.events import Event, Logged, Passing
from batchgen_app.core.state import BatchState
from batchgen_app.storage.event_log import EventLog

logger = logging.getLogger(__name__)

Listener = Callable[[BatchState, Logged], Awaitable[None]]


class Journal:
    """Records what happens to batches. A listener that fails is logged and stops nothing; the log
    itself raises StorageError, and then nothing has happened.
    """

    def __init__(self, log: EventLog, *listeners: Listener) -> None:
        self._log = log
        self._listeners = listeners

    async def record(self, batch: BatchState, *events: Event) -> None:
        """Log ``events`` next to each other or none of them, let them happen to ``batch``, tell the
        listeners. Once begun, this is done whole, even if the caller is cancelled.
        """
        await to_the_end(self._record(batch, events))

    async def open(self, event: Event, open_batch: Callable[[], BatchState]) -> BatchState:
        """Log the first event of a batch and only then make its state. Done whole, like record."""
        return await to_the_end(self._open(event, open_batch))

    async def _record(self, batch: BatchState, events: Sequence[Event]) -> None:
        all_logged = await self._log.append_all(events)
        for event in events:
            batch.apply(event)
        for logged in all_logged:
            await self._tell(batch, logged)

    async def _open(self, event: Event, open_batch: Callable[[], BatchState]) -> BatchState:
        logged = await self._log.append(event)
        batch = open_batch()
        await self._tell(batch, logged)
        return batch

    def show(self, batch: BatchState, event: Passing) -> None:
        """Let something be seen that is not worth remembering."""
        batch.apply(event)

    async def _tell(self, batch: BatchState, logged: Logged) -> None:
        for listener in self._listeners:
            try:
                await listener(batch, logged)
            except Exception:
                logger.exception("A listener failed at event %d", logged.seq)
