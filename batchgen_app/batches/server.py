"""The ComfyUI server in use: how to speak to it, how to hear it, what it offers."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Self

from batchgen_app.batches.watching import Switchboard
from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.listener import ComfyListener


class Server:
    """One server, as long as it is used; an async context manager."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        self.client = ComfyClient(address, headers=headers)
        self.switchboard = Switchboard()
        self.listener = ComfyListener(self.client, self.switchboard)
        self.catalog = Catalog(self.client)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self.client)
        await self._open.enter_async_context(self.listener)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()
