"""The event log, a piece at a time."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.parameters import After, EventLimit
from batchgen_app.api.reading import Ask
from batchgen_app.api.schemas import EventsAnswer
from batchgen_app.core.events import Logged

router = APIRouter(tags=["Log"], responses=failing(*ALWAYS_POSSIBLE))


@router.get(
    "/events", response_model=EventsAnswer, responses=failing(400), operation_id="listEvents"
)
async def events(ask: Ask, after: After = 0, limit: EventLimit = 100) -> Response:
    """What happened after event number ``after``, oldest first."""
    found = await ask.events(after, limit)
    return await asyncio.to_thread(_written, found, after, await ask.last_event())


def _written(found: Sequence[Logged], after: int, end: int) -> Response:
    """One after the other: a workflow may be in each."""
    events = ",".join(map(_text, found))
    last = found[-1].seq if found else min(after, end)
    text = f'{{"events":[{events}],"last":{last},"end":{end}}}'
    return Response(text, media_type="application/json")


def _text(entry: Logged) -> str:
    return f'{{"seq":{entry.seq},{entry.event.model_dump_json(by_alias=True)[1:]}'
