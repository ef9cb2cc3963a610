"""While a batch runs, time passes also where nothing happens: an image that is overdue changes what
can be said about the rest.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from batchgen_app.batches.journal import Journal
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.core.events import TimePassed

EVERY = 1.0
"""Seconds."""


@asynccontextmanager
async def beating(queue: BatchQueue, journal: Journal) -> AsyncIterator[None]:
    """The batch that runs is told of the time as long as the context lasts."""
    beat = asyncio.create_task(_beat(queue, journal), name="heartbeat")
    try:
        yield
    finally:
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat


async def _beat(queue: BatchQueue, journal: Journal) -> None:
    while True:
        await asyncio.sleep(EVERY)
        if (batch := queue.running) and not batch.ended:
            journal.show(batch, TimePassed(batch.batch_id))
