"""A client and the scripted server that it talks to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from batchgen_app.comfy.client import ComfyClient
from tests.comfy.http_server import Script, ScriptedServer


@asynccontextmanager
async def talking(
    script: Script, prefix: str = "", **options: Any
) -> AsyncIterator[tuple[ComfyClient, ScriptedServer]]:
    """A client of a server that answers by ``script``."""
    async with (
        ScriptedServer(script) as server,
        ComfyClient(server.url + prefix, **options) as client,
    ):
        yield client, server


def always(answer: object) -> Script:
    return lambda _: answer
