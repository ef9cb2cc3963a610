"""The open websockets and what is sent to them: PROTOCOL.md, sections 1, 3 and 4."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from batchgen_app.demo.hooks import Hooks


@dataclass(eq=False)
class Listener:
    """One open websocket and the feature flags it announced."""

    socket: WebSocket
    flags: dict[str, Any] = field(default_factory=dict)

    async def send(self, frame: str | bytes) -> None:
        """Sends; a socket that is gone is its own handler's business."""
        with suppress(WebSocketDisconnect, RuntimeError):
            if isinstance(frame, str):
                await self.socket.send_text(frame)
            else:
                await self.socket.send_bytes(frame)


class Hub:
    """Addresses of the listeners, and the one line in which all messages wait.

    One task sends everything in order and waits for each socket, so a client that does not read
    stops the messages of all: section 1, "One reader that does not read". An address (sid) is
    given away to the latest comer and emptied by whoever leaves, also a former holder: "Trap:
    reconnecting with the same clientId".
    """

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._listeners: dict[str, Listener] = {}
        self._waiting: asyncio.Queue[tuple[str | bytes, str | None]] = asyncio.Queue()

    def enter(self, sid: str, listener: Listener) -> None:
        self._listeners[sid] = listener

    def leave(self, sid: str) -> None:
        self._listeners.pop(sid, None)

    def announced(self, sid: str | None, flag: str) -> bool:
        """Whether the listener at this address sent this flag as JSON true."""
        listener = self._listeners.get(sid) if sid is not None else None
        return listener is not None and listener.flags.get(flag) is True

    def send(self, kind: str, data: dict[str, Any], sid: str | None = None) -> None:
        """Queues a text message for one address, or for all listeners."""
        self.send_frame(json.dumps({"type": kind, "data": data}), sid)

    def send_frame(self, frame: str | bytes, sid: str | None = None) -> None:
        """The same for what is a frame already."""
        # Queued, never sent here: whoever runs a prompt does not wait for a client to read.
        told = self._hooks.telling(frame)
        if told is not None:
            self._waiting.put_nowait((told, sid))

    async def publish(self) -> None:
        """Sends what waits, for ever."""
        while True:
            frame, sid = await self._waiting.get()
            for listener in self._addressed(sid):
                await listener.send(frame)

    def _addressed(self, sid: str | None) -> list[Listener]:
        if sid is None:
            return list(self._listeners.values())
        return [self._listeners[sid]] if sid in self._listeners else []
