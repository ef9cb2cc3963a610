"""/prompt, /queue, /interrupt, /free and /history: PROTOCOL.md, sections 2, 5 and 6."""

import json
import time
from contextlib import suppress
from itertools import islice
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.queue import QueuedPrompt, is_canonical_uuid
from batchgen_app.demo.routes.replies import empty, json_reply, ordered, studio_of
from batchgen_app.demo.studio import Studio

NO_UUID = (
    "prompt_id must be a UUID string in canonical lowercase hyphenated form; "
    "omit it to let the server generate one"
)
SECRETS = ("auth_token_comfy_org", "api_key_comfy_org")


async def remaining(request: Request) -> Response:
    """How many prompts wait or run."""
    return json_reply(studio_of(request).status())


async def submit(request: Request) -> Response:
    """Queues a prompt. A body that is no JSON, or null or a number, ends in a plain 500."""
    studio = studio_of(request)
    body = json.loads(await request.body())
    ordinal = next(studio.ordinals)
    if instead := await studio.hooks.arriving(ordinal):
        return instead
    answer = _accept(studio, body, ordinal, request.headers.get("comfy-usage-source"))
    return await studio.hooks.answering(ordinal, request, answer)


def _accept(studio: Studio, body: dict[str, Any], ordinal: int, usage: str | None) -> Response:
    number = _number(studio, body)
    if "prompt" not in body:
        return _refused("no_prompt", "No prompt provided", "No prompt provided")
    prompt_id = body.get("prompt_id")
    if prompt_id is not None and not is_canonical_uuid(prompt_id):
        return _refused("invalid_prompt_id", "prompt_id must be a valid UUID", NO_UUID)
    # Also converts values in place: what is queued, and later told, is the converted graph.
    verdict = studio.validator.judge(body["prompt"], body.get("partial_execution_targets"))
    extra_data = _extra_data(body, usage)
    if verdict.error:
        return json_reply({"error": verdict.error, "node_errors": verdict.node_errors}, 400)
    prompt_id = prompt_id or str(uuid4())
    prompt = QueuedPrompt(number, prompt_id, body["prompt"], extra_data, verdict.outputs, ordinal)
    prompt = studio.hooks.queueing(prompt)
    with studio.hooks.attending_to(ordinal):
        studio.queue.put(prompt)
    answer = {"prompt_id": prompt.prompt_id, "number": number, "node_errors": verdict.node_errors}
    return json_reply(answer)


def _number(studio: Studio, body: dict[str, Any]) -> float:
    if "number" in body:
        return float(body["number"])
    number = studio.queue.next_number()
    # The smallest number runs first, so a negative one is before all that wait.
    return -number if ordered(body, "front") else number


def _extra_data(body: dict[str, Any], usage: str | None) -> dict[str, Any]:
    """What queue and history keep; newer servers keep secrets out of both (section 6), and note
    what a client says it is used for.
    """
    extra_data = {k: v for k, v in dict(body.get("extra_data", {})).items() if k not in SECRETS}
    if "client_id" in body:
        extra_data["client_id"] = body["client_id"]
    if usage:
        extra_data.setdefault("comfy_usage_source", usage)
    return {**extra_data, "create_time": int(time.time() * 1000)}


def _refused(kind: str, message: str, details: str) -> Response:
    error = {"type": kind, "message": message, "details": details, "extra_info": {}}
    return json_reply({"error": error, "node_errors": {}}, 400)


async def show_queue(request: Request) -> Response:
    """What runs and what waits; the latter in no useful order."""
    studio = studio_of(request)
    queue = studio.queue
    running = [queue.running.shown()] if queue.running else []
    pending = studio.hooks.showing_queue([prompt.shown() for prompt in queue.pending])
    return json_reply({"queue_running": running, "queue_pending": pending})


async def change_queue(request: Request) -> Response:
    """Removes waiting prompts: those of the ids in `delete`, or with `clear` all."""
    queue = studio_of(request).queue
    orders = json.loads(await request.body())
    if ordered(orders, "clear"):
        queue.clear()
    for prompt_id in ordered(orders, "delete", ()):
        queue.delete(prompt_id)
    return empty()


async def interrupt(request: Request) -> Response:
    """Stops what runs; with a prompt_id only that. No body, or no JSON, is a general stop; JSON
    that is no object breaks it.
    """
    studio = studio_of(request)
    orders: Any = {}
    with suppress(ValueError):
        orders = json.loads(await request.body())
    prompt_id = orders.get("prompt_id") or None
    studio.worker.interrupt(studio.hooks.interrupting(prompt_id))
    return empty()


async def free(request: Request) -> Response:
    """Empties the cache as soon as nothing runs; a body without JSON breaks it."""
    body = json.loads(await request.body())
    if body.get("free_memory") or body.get("unload_models"):
        studio_of(request).worker.free_memory_soon()
    return empty()


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
    if ordered(orders, "clear"):
        history.clear()
    for prompt_id in ordered(orders, "delete", ()):
        history.pop(prompt_id, None)
    return empty()
