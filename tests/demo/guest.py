"""A guest of the engine: plain httpx and websockets, nothing of the product in between."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.demo.graphs import Graph

TIMEOUT = 30.0
"""Seconds after which a test that waits for something has failed."""

FLAGS = {"type": "feature_flags", "data": {"supports_preview_metadata": True}}

FEATURES = {
    "supports_preview_metadata": True,
    "supports_model_type_tags": True,
    "max_upload_size": 100 * 1024 * 1024,
    "extension": {"manager": {"supports_v4": True}},
    "node_replacements": True,
    "assets": False,
}
"""What the engine says it can do, as 0.33 does."""

Message = dict[str, Any] | bytes


@dataclass
class Guest:
    """One client: its HTTP side, its open websocket, and all that it has heard."""

    client_id: str
    http: httpx.AsyncClient
    socket: ClientConnection
    heard: list[Message] = field(default_factory=list)

    async def hear(self) -> Message:
        """The next frame; text frames as the object that they hold."""
        async with asyncio.timeout(TIMEOUT):
            frame = await self.socket.recv()
        message: Message = frame if isinstance(frame, bytes) else json.loads(frame)
        self.heard.append(message)
        return message

    async def hear_until(self, kind: str, **data: Any) -> dict[str, Any]:
        """Hears on until such a message comes, with these values in its data; gives the data."""
        while True:
            message = await self.hear()
            if isinstance(message, dict) and message["type"] == kind:
                told: dict[str, Any] = message["data"]
                if data.items() <= told.items():
                    return told

    async def hear_end(self, prompt_id: str) -> list[Message]:
        """Hears on until the end of a prompt; gives all that has been heard so far."""
        await self.hear_until("executing", node=None, prompt_id=prompt_id)
        return self.heard

    async def hear_all(self) -> list[Message]:
        """Hears on until the queue is empty again; the end of what one without an address hears."""
        await self.hear_until("status", status={"exec_info": {"queue_remaining": 0}})
        return self.heard

    async def post(self, graph: Graph, **fields: Any) -> httpx.Response:
        """Submits a graph under the guest's own address."""
        return await self.http.post(
            "/prompt", json={"prompt": graph, "client_id": self.client_id, **fields}
        )

    async def submit(self, graph: Graph, **fields: Any) -> str:
        """Submits a graph that must be accepted; gives the prompt_id."""
        answer = await self.post(graph, **fields)
        assert answer.status_code == 200, answer.text
        prompt_id: str = answer.json()["prompt_id"]
        return prompt_id

    async def run(self, graph: Graph, **fields: Any) -> dict[str, Any]:
        """Submits a graph and waits for its end; gives its history entry."""
        prompt_id = await self.submit(graph, **fields)
        await self.hear_end(prompt_id)
        return await self.history(prompt_id)

    async def ended(self, prompt_id: str) -> dict[str, Any]:
        """Asks until the history knows the prompt, as one without a websocket must."""
        async with asyncio.timeout(TIMEOUT):
            while not (entry := await self.history(prompt_id)):
                pass
        return entry

    async def history(self, prompt_id: str) -> dict[str, Any]:
        """The history entry of a prompt; empty if there is none."""
        answer = (await self.http.get(f"/history/{prompt_id}")).json()
        entry: dict[str, Any] = answer.get(prompt_id, {})
        return entry

    async def view(self, file: dict[str, str], **options: Any) -> httpx.Response:
        """The file behind an entry of a history's outputs."""
        return await self.http.get("/view", params={**file, **options.pop("params", {})}, **options)

    def about(self, prompt_id: str) -> list[dict[str, Any]]:
        """The text messages heard about one prompt."""
        texts = [message for message in self.heard if isinstance(message, dict)]
        return [m for m in texts if m["data"].get("prompt_id") == prompt_id]


def images(entry: dict[str, Any]) -> list[dict[str, str]]:
    """The files that a history entry names."""
    return [file for ui in entry["outputs"].values() for file in ui["images"]]


@asynccontextmanager
async def visiting(
    url: str, client_id: str | None = None, *, flags: bool = False
) -> AsyncIterator[Guest]:
    """A guest whose websocket is open and has been greeted."""
    name = client_id or uuid4().hex
    address = f"{url.replace('http', 'ws', 1)}/ws?clientId={name}"
    async with (
        httpx.AsyncClient(base_url=url, timeout=TIMEOUT) as http,
        connect(address, max_size=None, max_queue=None, ping_interval=None) as socket,
    ):
        guest = Guest(name, http, socket)
        await guest.hear_until("status", sid=name)
        if flags:
            await socket.send(json.dumps(FLAGS))
            await guest.hear_until("feature_flags")
        yield guest
