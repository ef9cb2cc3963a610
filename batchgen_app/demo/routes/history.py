"""/history: PROTOCOL.md, section 5."""

import json
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.routes.replies import empty, json_reply, studio_of, wish


async def show_history(request: Request) -> Response:
    """The newest `max_items` entries; with an `offset` they are counted from the oldest."""
    history = studio_of(request).queue.history
    most = int(request.query_params.get("max_items", len(history)))
    offset = int(request.query_params.get("offset", -1))
    if offset < 0:
        offset = max(0, len(history) - most)
    return json_reply(dict(islice(history.items(), offset, offset + most)))


async def show_entry(request: Request) -> Response:
    """{} for a prompt that is unknown, waiting or running."""
    prompt_id = request.path_params["prompt_id"]
    entry = studio_of(request).queue.history.get(prompt_id)
    return json_reply({prompt_id: entry} if entry else {})


async def change_history(request: Request) -> Response:
    """Forgets entries: those of the ids in `delete`, or with `clear` all."""
    history = studio_of(request).queue.history
    orders = json.loads(await request.body())
    if wish(orders, "clear"):
        history.clear()
    for prompt_id in wish(orders, "delete", ()):
        history.pop(prompt_id, None)
    return empty()
