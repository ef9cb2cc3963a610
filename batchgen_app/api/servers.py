"""The servers that make batches, in order of preference."""

import asyncio

from fastapi import APIRouter

from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.requests import Ask, Asker, Body, Do, takes
from batchgen_app.api.schemas import Deleted, ServerAnswer, ServersAnswer
from batchgen_app.core.server_list import ListedServer, ServerChanges

ONE = "/servers/{server_id}"
router = APIRouter(tags=["Server"], responses=failing(*ALWAYS_POSSIBLE))


@router.get("/servers", operation_id="listServers")
async def servers(ask: Ask) -> ServersAnswer:
    """All of them, each asked whether it is there, if that was not done in the last seconds."""
    return ServersAnswer(servers=[ServerAnswer.of(one) for one in await ask.server.listed()])


@router.post(
    "/servers",
    status_code=201,
    responses=failing(400, 409, 415),
    operation_id="addServer",
    openapi_extra=takes(ListedServer.model_json_schema()),
)
async def add(do: Do, caller: Asker, data: Body) -> ServerAnswer:
    """List another one as the last; whether it answers is not waited for long."""
    server = await asyncio.to_thread(ListedServer.parse, data)
    return ServerAnswer.of(await do.servers.add(caller, server))


@router.patch(
    ONE,
    responses=failing(400, 404, 409, 415),
    operation_id="changeServer",
    openapi_extra=takes(ServerChanges.model_json_schema()),
)
async def change(do: Do, caller: Asker, server_id: str, data: Body) -> ServerAnswer:
    """What is left out stays; ``place`` 0 makes it the preferred one. One that is not ``enabled``
    gets no batches, and makes those to their end that it has begun.
    """
    changes = await asyncio.to_thread(ServerChanges.parse, data)
    return ServerAnswer.of(await do.servers.change(caller, server_id, changes))


@router.delete(ONE, responses=failing(404, 409), operation_id="removeServer")
async def remove(do: Do, caller: Asker, server_id: str) -> Deleted:
    """Take it from the list, unless a batch needs it."""
    await do.servers.remove(caller, server_id)
    return Deleted()
