"""Starlette: a mount with everything below it, an answer from a file that is open already, and
people who go away before they have one.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO, TypeVar

from anyio import AsyncFile, wrap_file
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, StreamingResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

T = TypeVar("T")


def mount_whole(web: Starlette, path: str, app: ASGIApp) -> None:
    """``app`` at ``path`` of ``web``, with everything below: what follows may have any character in
    it, even a line break, which a plain mount would leave to ``web``.
    """
    mount = Mount(path, app)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    web.router.routes.append(mount)


class OpenFileResponse(FileResponse):
    """The content of an open file, with ranges as for one that is named: a path, which might lead
    elsewhere by now, is never opened. ``name`` is for the type; ``options`` as in FileResponse,
    ``stat_result`` among them.
    """

    def __init__(self, name: str, file: BinaryIO, **options: Any) -> None:
        self._file = file
        super().__init__(name, **options)

    @asynccontextmanager
    async def _open_file(self) -> AsyncIterator[AsyncFile[bytes]]:
        yield wrap_file(self._file)


class ChunksResponse(StreamingResponse):
    """Content that is made while it is sent, outside the event loop. Where whoever asked goes away,
    it is closed at once, and all that it has open.
    """

    def __init__(self, chunks: Generator[bytes], **options: Any) -> None:
        self._chunks = chunks
        super().__init__(chunks, **options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._chunks.close()


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T | None:
    """What comes of ``work``; None where whoever asked has gone away, and it was cancelled. For
    requests without a body.
    """
    working, leaving = asyncio.create_task(work), asyncio.create_task(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
