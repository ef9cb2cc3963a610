"""Stragglers: prompts that the server takes in when nobody waits for them any more.

A ``POST /prompt`` without an answer may still be on its way, in a proxy or in a validation that
takes its time, long after the prompt was looked for in vain and sent again, or given up.
"""

import asyncio
from contextlib import suppress
from typing import Self

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.core.errors import ServerError

PAUSES = tuple(0.25 * 2**step for step in range(11))
"""Seconds before each look at the server, four to nine minutes in all."""


class Stragglers:
    """Takes them back from one server; an async context manager."""

    def __init__(self, client: ComfyClient) -> None:
        self._client = client
        self._hunts: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        hunts = [*self._hunts.values()]
        for hunt in hunts:
            hunt.cancel()
        await asyncio.gather(*hunts, return_exceptions=True)

    def take_back(self, prompt_id: str) -> None:
        """Nobody wants this prompt any more, whenever it comes."""
        self.let_be(prompt_id)
        hunt = asyncio.create_task(self._hunt(prompt_id), name="take back a late prompt")
        self._hunts[prompt_id] = hunt
        hunt.add_done_callback(lambda done: self._forget(prompt_id, done))

    def let_be(self, prompt_id: str) -> None:
        """Somebody wants it after all."""
        if hunt := self._hunts.pop(prompt_id, None):
            hunt.cancel()

    async def _hunt(self, prompt_id: str) -> None:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            with suppress(ServerError):
                await self._client.cancel(prompt_id)

    def _forget(self, prompt_id: str, done: asyncio.Task[None]) -> None:
        if self._hunts.get(prompt_id) is done:
            del self._hunts[prompt_id]
