"""A visitor: one client of a server, with all that it hears."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from batchgen_app.comfy.client import ComfyClient, Ended, HistoryEntry
from batchgen_app.comfy.listener import ComfyListener
from batchgen_app.comfy.messages import ExecutionStarted, PromptEnded
from batchgen_app.core.wire import JsonObject
from tests.comfy.ear import Ear
from tests.contract.graphs import long

TIMEOUT = 180.0
"""Seconds: a real server on a slow machine loads its model first."""


@dataclass
class Visitor:
    """``about`` and ``end_of`` know only prompts that were posted with its own client_id."""

    client: ComfyClient
    listener: ComfyListener
    ear: Ear

    async def post(self, graph: JsonObject, **options: Any) -> str:
        """Submit a graph; gives its id."""
        given = {"prompt_id": str(uuid4()), "client_id": self.listener.client_id, **options}
        return (await self.client.submit(graph, **given)).prompt_id

    def about(self, prompt_id: str) -> list[Any]:
        """What was heard about a prompt, in order."""
        return [m for m in self.ear.heard if getattr(m, "prompt_id", None) == prompt_id]

    async def end_of(self, prompt_id: str) -> HistoryEntry:
        """Wait for the end signal; then the history entry must be there."""
        await self.ear.until(lambda: PromptEnded(prompt_id) in self.ear.heard)
        entry = await self.client.history(prompt_id)
        assert entry is not None
        return entry

    async def make(self, graph: JsonObject) -> HistoryEntry:
        """Submit a graph and wait for its end."""
        return await self.end_of(await self.post(graph))

    async def looked_for(self, prompt_id: str) -> HistoryEntry:
        """Wait for the end of a prompt by looking, as one without a websocket must."""
        async with asyncio.timeout(TIMEOUT):
            while True:
                if isinstance(found := await self.client.prompt_status(prompt_id), Ended):
                    return found.entry

    @asynccontextmanager
    async def keeping_busy(self) -> AsyncIterator[str]:
        """A prompt that runs, and is stopped in the end."""
        prompt_id = await self.post(long())
        await self.ear.until(lambda: ExecutionStarted(prompt_id) in self.ear.heard)
        try:
            yield prompt_id
        finally:
            await self.client.cancel(prompt_id)
            await self.end_of(prompt_id)


@asynccontextmanager
async def visiting(url: str) -> AsyncIterator[Visitor]:
    """A visitor whose websocket is open."""
    ear = Ear(TIMEOUT)
    async with ComfyClient(url) as client, ComfyListener(client, ear) as listener:
        async with asyncio.timeout(TIMEOUT):
            await listener.connected()
        yield Visitor(client, listener, ear)
