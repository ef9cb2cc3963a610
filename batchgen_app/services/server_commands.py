"""ServerCommands: the list of servers, changed."""

from collections.abc import Mapping

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend
from batchgen_app.comfy.client import NO_HEADERS
from batchgen_app.core.server_list import ListedServer, ServerChanges
from batchgen_app.services.server_queries import ServerStanding, standing


async def keep_headers(app: Backend, address: str | None, headers: Mapping[str, str]) -> None:
    """Keep these headers from now on, and for the next starts; those of the other servers stay.
    Raises StorageError.
    """
    beside = [server.about.address for server in app.servers.all]
    found = [] if app.settings.listed else [None]
    await app.headers.keep(address, headers, beside=[*beside, *found])


class ServerCommands:
    """What can be done with the list of servers, for this run and the next ones. Each command is
    told for whom, and raises Forbidden unless they may; and StorageError, whereupon nothing has
    changed.
    """

    def __init__(self, backend: Backend) -> None:
        self._app = backend

    async def add(
        self,
        caller: Caller,
        server: ListedServer,
        place: int | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> ServerStanding:
        """List another one, at that place or as the last; ``headers`` are kept for it. Raises
        InvalidRequest, and Conflict where it is listed already.
        """
        caller.require(Verb.SET)
        if headers:  # before it is spoken to
            self._app.servers.require_new(server)
            await keep_headers(self._app, server.address, headers)
        return standing(self._app, await self._app.servers.add(server, place))

    async def change(
        self, caller: Caller, server_id: str, changes: ServerChanges
    ) -> ServerStanding:
        """Change what is said of one, where it is, or its place. Raises NotFound, InvalidRequest,
        and Conflict where a batch needs it where it is.
        """
        caller.require(Verb.SET)
        return standing(self._app, await self._app.servers.change(server_id, changes))

    async def remove(self, caller: Caller, server_id: str) -> ListedServer:
        """Take one from the list; gives what ``add`` needs to have it back. Raises NotFound, and
        Conflict where a batch needs it or there is no other one.
        """
        caller.require(Verb.SET)
        return await self._app.servers.remove(server_id)
