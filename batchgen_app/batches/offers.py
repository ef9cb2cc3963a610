"""Offers: what all servers together have to choose from."""

import asyncio

from batchgen_app.batches.servers import Servers
from batchgen_app.comfy.models import Model, place_in_list, required
from batchgen_app.core.errors import ServerError


async def models_of(servers: Servers, *, refresh: bool = False) -> tuple[Model, ...]:
    """The models of all that get batches and answer, sorted by category and name; with ``refresh``,
    those of now. What several have is told as by the first. Raises ServerError where none answers.
    """
    first, *others = servers.asked(None)
    asked = [first, *(other for other in others if not other.is_away)]
    told = await asyncio.gather(
        *(server.catalog.models(refresh=refresh) for server in asked), return_exceptions=True
    )
    lists = [one for one in told if not isinstance(one, BaseException)]
    faults = [one for one in told if isinstance(one, BaseException)]
    for fault in faults:
        if not (lists and isinstance(fault, ServerError)):
            raise fault
    if len(lists) == 1:
        return lists[0]
    found = {(model.category, model.name): model for one in reversed(lists) for model in one}
    return tuple(sorted(found.values(), key=place_in_list))


async def require_model(servers: Servers, name: str) -> Model:
    """The model of that name, asked for now. Raises InvalidRequest if no server has one that makes
    pictures under that name, ServerError.
    """
    return await asyncio.to_thread(required, name, await models_of(servers, refresh=True))
