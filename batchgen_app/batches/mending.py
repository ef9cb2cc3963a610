"""A database that turns out damaged while the app runs is mended as a start would mend it, as soon
as no batch runs: what its log still tells is kept, the batch folders bring back the rest.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from batchgen_app.batches.queue import BatchQueue
from batchgen_app.core.errors import StorageError
from batchgen_app.storage.memory import Memory

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 3.0
"""Between two tries: what cannot be mended shows itself at every question."""


@asynccontextmanager
async def mending(
    memory: Memory,
    queue: BatchQueue,
    turn: asyncio.Lock,
    begin_anew: Callable[[], Awaitable[None]],
) -> AsyncIterator[None]:
    """As long as the context lasts; in its ``turn`` no batch begins. ``begin_anew`` is awaited
    afterwards: what was known of batches is out of date then.
    """
    noticed = asyncio.Event()
    unsubscribe = memory.damaged.subscribe(noticed.set)
    at_work = asyncio.create_task(_mend(memory, queue, turn, begin_anew, noticed), name="mending")
    try:
        yield
    finally:
        unsubscribe()
        at_work.cancel()
        with suppress(asyncio.CancelledError):
            await at_work


async def _mend(
    memory: Memory,
    queue: BatchQueue,
    turn: asyncio.Lock,
    begin_anew: Callable[[], Awaitable[None]],
    noticed: asyncio.Event,
) -> None:
    while True:
        await noticed.wait()
        await queue.idle()
        async with turn:
            if queue.is_busy:
                continue
            logger.warning("Something in the database cannot be read; it is looked after now")
            try:
                await memory.mend()
                await begin_anew()
            except StorageError as error:
                logger.warning("The database cannot be mended yet: %s", error)
        await asyncio.sleep(PAUSE_SECONDS)
        noticed.clear()
