"""The ComfyUI server in use: how to speak to it, how to hear it, what it offers."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Self

from batchgen_app.batches.watching import Switchboard
from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.listener import ComfyListener, Connected, Disconnected, Heard


class Server:
    """One server, as long as it is used; an async context manager."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        self.client = ComfyClient(address, headers=headers)
        self.switchboard = Switchboard()
        self.listener = ComfyListener(self.client, self._hear)
        self.catalog = Catalog(self.client)
        self.on_change: list[Callable[[], None]] = []
        self._open = AsyncExitStack()

    @property
    def is_connected(self) -> bool:
        """Whether the server speaks to us at this moment; ``on_change`` tells when that changes."""
        return self.listener.client_id is not None

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self.client)
        await self._open.enter_async_context(self.listener)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    def _hear(self, heard: Heard) -> None:
        self.switchboard(heard)
        if isinstance(heard, Connected | Disconnected):
            for call in self.on_change:
                call()
