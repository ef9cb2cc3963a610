"""Who hears what a listener tells."""

import asyncio
from collections.abc import Callable
from typing import Any

from batchgen_app.comfy.listener import Heard


class Ear:
    """Collects what the listener tells; ``timeouts`` is in seconds."""

    def __init__(self, timeouts: float = 20.0) -> None:
        self.heard: list[Heard] = []
        self._timeouts = timeouts
        self._news = asyncio.Event()

    def __call__(self, heard: Heard) -> None:
        self.heard.append(heard)
        self._news.set()

    async def until(self, enough: Callable[[], bool]) -> None:
        """Wait until what was heard is enough."""
        async with asyncio.timeout(self._timeouts):
            while not enough():
                self._news.clear()
                await self._news.wait()

    def of(self, *kinds: type[Any]) -> list[Any]:
        return [heard for heard in self.heard if isinstance(heard, kinds)]
