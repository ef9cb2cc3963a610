"""Starlette: a mount with everything below it, and an answer from a file that is open already."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

from anyio import AsyncFile, wrap_file
from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Mount
from starlette.types import ASGIApp


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
