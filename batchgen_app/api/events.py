"""The event log, a piece at a time."""

import asyncio
import json
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from batchgen_app.api.errors import failing
from batchgen_app.api.parameters import After, EventLimit
from batchgen_app.api.reading import Here
from batchgen_app.api.schemas import EventsAnswer
from batchgen_app.core.events import Logged

router = APIRouter(tags=["Log"])


@router.get(
    "/events", response_model=EventsAnswer, responses=failing(400), operation_id="listEvents"
)
async def events(workshop: Here, after: After = 0, limit: EventLimit = 100) -> Response:
    """What happened after event number ``after``, oldest first."""
    log = workshop.memory.log
    found = await log.page(after, limit)
    return await asyncio.to_thread(_written, found, after, await log.end())


def _written(found: Sequence[Logged], after: int, end: int) -> Response:
    answer = {
        "events": [entry.to_json() for entry in found],
        "last": found[-1].seq if found else min(after, end),
        "end": end,
    }
    return Response(json.dumps(answer, ensure_ascii=False), media_type="application/json")
