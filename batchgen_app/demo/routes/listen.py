"""The websocket: PROTOCOL.md, section 1."""

import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

from starlette.websockets import WebSocket

from batchgen_app.demo.hub import Listener
from batchgen_app.demo.routes.replies import studio_of
from batchgen_app.demo.studio import Studio


async def listen(socket: WebSocket) -> None:
    """Greets, then hears at most one message that counts: the client's feature flags."""
    studio = studio_of(socket)
    sid = socket.query_params.get("clientId") or uuid4().hex
    listener = Listener(socket)
    await socket.accept()
    studio.hub.enter(sid, listener)
    try:
        await _greet(studio, listener, sid)
        await _hear(studio, listener)
    finally:
        studio.hub.leave(sid)


async def _greet(studio: Studio, listener: Listener, sid: str) -> None:
    await listener.send(_message("status", {"status": studio.status(), "sid": sid}))
    node_id = studio.worker.node_for(sid)
    if node_id is not None:
        # Only the node, without whose prompt it is (section 8).
        await listener.send(_message("executing", {"node": node_id}))


async def _hear(studio: Studio, listener: Listener) -> None:
    first = True
    while (message := await listener.socket.receive())["type"] != "websocket.disconnect":
        # Flags count in the very first message only (section 1).
        flags = _flags(message.get("text")) if first else None
        if flags is not None:
            listener.flags = flags
            await listener.send(_message("feature_flags", studio.features()))
        first = False


def _flags(text: str | None) -> dict[str, Any] | None:
    """The flags in a feature_flags message; None for anything else."""
    with suppress(TypeError, ValueError):
        message = json.loads(text or "")
        if message["type"] == "feature_flags" and isinstance(message["data"], dict):
            return dict(message["data"])
    return None


def _message(kind: str, data: dict[str, Any]) -> str:
    return json.dumps({"type": kind, "data": data})
