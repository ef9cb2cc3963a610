"""The way of every event: durable first, then visible, then whoever else wants to know."""

import logging
from collections.abc import Awaitable, Callable

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

    async def record(self, batch: BatchState, event: Event) -> None:
        """Log ``event``, let it happen to ``batch``, tell the listeners."""
        logged = await self._log.append(event)
        batch.apply(event)
        await self._tell(batch, logged)

    async def open(self, event: Event, open_batch: Callable[[], BatchState]) -> BatchState:
        """Log the first event of a batch and only then make its state."""
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
