"""Extra headers of a server that the keyring gives only once a person has unlocked it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.server import Server
from batchgen_app.core.errors import Conflict
from batchgen_app.secrets_store.server_headers import ServerHeaders


@asynccontextmanager
async def taken_over_late(
    headers: ServerHeaders, server: Server, queue: BatchQueue, configured: str | None
) -> AsyncIterator[None]:
    """Where the keyring gives the headers of the ``configured`` server only later, they go along
    from then on, if the server in use is still the same.
    """
    if not headers.fault:
        yield
        return
    waiting = asyncio.create_task(_use_once_known(headers, server, queue, configured))
    try:
        yield
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting


async def _use_once_known(
    headers: ServerHeaders, server: Server, queue: BatchQueue, configured: str | None
) -> None:
    address, changed = server.client.address, asyncio.Event()
    await headers.known()
    unsubscribe = queue.changed.subscribe(changed.set)
    try:
        while server.client.address == address:
            with suppress(Conflict):  # not in the middle of a batch
                if (values := headers.values_for(configured)) != server.client.headers:
                    await server.use(address, values)
                return
            changed.clear()
            await changed.wait()
    finally:
        unsubscribe()
