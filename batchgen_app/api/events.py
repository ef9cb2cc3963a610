"""The event log, a piece at a time."""

from fastapi import APIRouter
from starlette.responses import Response

from batchgen_app.api.answering import json_of
from batchgen_app.api.errors import failing
from batchgen_app.api.parameters import After, EventLimit
from batchgen_app.api.reading import Here
from batchgen_app.api.schemas import EventsAnswer, LoggedEvent

router = APIRouter(tags=["Log"])


@router.get(
    "/events", response_model=EventsAnswer, responses=failing(400), operation_id="listEvents"
)
async def events(workshop: Here, after: After = 0, limit: EventLimit = 100) -> Response:
    """What happened after event number ``after``, oldest first."""
    log = workshop.memory.log
    found = await log.read(after, limit)
    end = await log.end()
    last = found[-1].seq if found else min(after, end)
    shown = [LoggedEvent.parse(entry.to_json()) for entry in found]
    return await json_of(EventsAnswer(events=shown, last=last, end=end))
