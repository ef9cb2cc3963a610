"""What the API tells about the app and its server: whether all is well, what there is to choose
from, and the event log, a piece at a time or as it grows.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from batchgen_app import __version__
from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.event_stream import BEAT_SECONDS, STREAM, EventStream
from batchgen_app.api.parameters import After, EventLimit, LastEventId
from batchgen_app.api.requests import Ask, Asker, Body, Do, takes
from batchgen_app.api.schemas import EventsAnswer, Health, ModelFamily, ModelsAnswer
from batchgen_app.core.events import Logged
from batchgen_app.services import Queries
from batchgen_app.services.values import Model

router = APIRouter(tags=["Server"], responses=failing(*ALWAYS_POSSIBLE))


@router.get("/health", operation_id="getHealth")
async def health(ask: Ask) -> Health:
    """Which server makes the pictures, whether it answered when it was last asked, and whether
    what happens can be recorded.
    """
    running = ask.running
    return Health(
        status=_status(ask),
        engine="demo" if ask.server.is_demo else ask.server.kind,
        server=ask.server.address,
        version=__version__,
        active_batch_id=running.batch_id if running else None,
    )


def _status(ask: Queries) -> Literal["ok", "server_unreachable", "database_in_use"]:
    if ask.lockout:
        return "database_in_use"
    return "server_unreachable" if ask.server.fault else "ok"


@router.get("/models", responses=failing(503), operation_id="listModels")
async def models(ask: Ask) -> ModelsAnswer:
    """Every model that the server names."""
    return ModelsAnswer(models=list(await ask.server.models()))


@router.patch(
    "/models",
    responses=failing(400, 415, 503),
    operation_id="sayModelFamily",
    openapi_extra=takes({"$ref": "#/components/schemas/ModelFamily"}),
)
async def say_family(do: Do, caller: Asker, data: Body) -> Model:
    """Say to which family a model belongs: once, for all batches from now on."""
    said = await asyncio.to_thread(ModelFamily.parse, data)
    return await do.say_family(caller, said.name, said.family)


log = APIRouter(tags=["Log"])


@log.get("/events", response_model=EventsAnswer, responses=failing(400), operation_id="listEvents")
async def events(ask: Ask, after: After = 0, limit: EventLimit = 100) -> Response:
    """What happened after event number ``after``, oldest first."""
    found = await ask.events(after, limit)
    return await asyncio.to_thread(_written, found, after, await ask.last_event())


@log.get(
    "/events/stream",
    response_class=Response,
    responses=STREAM,
    operation_id="followEvents",
)
async def stream(ask: Ask, caller: Asker, after: After = 0, last: LastEventId = None) -> Response:
    """What happened after event number ``after``, oldest first, and then what happens, as server-
    sent events: ``id`` is the number of the event, ``event`` its type, ``data`` its JSON. Who comes
    again with ``Last-Event-ID``, as browsers do by themselves, gets what is behind that one.
    """
    pieces = ask.follow_events(after if last is None else last, BEAT_SECONDS)
    return EventStream(pieces, [caller.grant.ended(), ask.events_over()])


def _written(found: Sequence[Logged], after: int, end: int) -> Response:
    """One after the other: a workflow may be in each."""
    events = ",".join(entry.to_text() for entry in found)
    last = found[-1].seq if found else min(after, end)
    text = f'{{"events":[{events}],"last":{last},"end":{end}}}'
    return Response(text, media_type="application/json")
