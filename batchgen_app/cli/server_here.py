"""The servers, for commands that work without the app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from batchgen_app.batches.server import Server, servers_to_use
from batchgen_app.core.server_list import ListedServer
from batchgen_app.secrets_store.server_headers import ServerHeaders
from batchgen_app.settings import Settings


@asynccontextmanager
async def server_here(settings: Settings) -> AsyncIterator[Server]:
    """The first that is switched on, or a demo engine where there is none."""
    async with ServerHeaders(settings.data_dir) as headers, servers_to_use(settings) as found:
        about = next((server for server in found if server.enabled), found[0])
        async with server_of(about, settings, headers) as server:
            yield server


def server_of(about: ListedServer, settings: Settings, headers: ServerHeaders) -> Server:
    """One of them, not entered yet, with the extra headers that are kept for it. Raises
    InvalidRequest for what is no address.
    """
    saved_with = about.address if settings.listed else None
    values = {} if about.is_demo else headers.values_for(saved_with)
    return Server(about.address, values, about=about)
