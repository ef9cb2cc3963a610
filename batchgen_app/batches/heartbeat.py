"""Heartbeat: while a batch runs, time passes also where nothing happens: an image that is overdue
changes what can be said about the rest.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.core.passing import TimePassed

HEARTBEAT_SECONDS = 1.0
"""Between two moments at which the running batches are told that time has passed."""


@asynccontextmanager
async def beating(queue: BatchQueue, recorder: EventRecorder) -> AsyncIterator[None]:
    """As long as the context lasts, those that run are told every second that time passes."""
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
        for batch in queue.all_running:
            if not batch.ended:
                recorder.show(batch, TimePassed(batch.batch_id))
