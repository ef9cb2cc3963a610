"""What GET /view answers in place of a picture, or how it gives one."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from batchgen_app.demo.routes.replies import broken, empty
from tests.faulty_engine.faults import Hold, ViewFailure

PAUSE_OF_DROPS = 0.05


def failed(failure: ViewFailure, path: Path) -> Response:
    """The answer that goes wrong in this way, in place of a file."""
    content = path.read_bytes()
    match failure:
        case ViewFailure.MISSING:
            return empty(404)
        case ViewFailure.BROKEN:
            return broken()
        case ViewFailure.CUT_CONNECTION:
            return CutResponse(content, media_type="image/png")
        case ViewFailure.CUT_FILE:
            return Response(content[: len(content) // 2], media_type="image/png")
        case ViewFailure.NOT_A_PICTURE:
            return Response(b"This is not a picture.", media_type="image/png")
        case ViewFailure.HUGE_CLAIM:
            return Response(_claiming(60_000, 60_000), media_type="image/png")


def _claiming(width: int, height: int) -> bytes:
    """A PNG of that size, as far as its header goes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


class CutResponse(Response):
    """Promises the whole length, sends one half and ends: the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


class HeldResponse(Response):
    """Sends one half, stands still, sends the other half."""

    def __init__(self, content: bytes, hold: Hold) -> None:
        super().__init__(content, media_type="image/png")
        self._hold = hold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        middle = len(self.body) // 2
        first, rest = bytes(self.body)[:middle], bytes(self.body)[middle:]
        await send({"type": "http.response.body", "body": first, "more_body": True})
        await self._hold.stand_still()
        await send({"type": "http.response.body", "body": rest})


class DrippingResponse(StreamingResponse):
    """Sends byte by byte."""

    def __init__(self, content: bytes) -> None:
        size = {"Content-Length": str(len(content))}
        super().__init__(_drops(content), media_type="image/png", headers=size)


async def _drops(content: bytes) -> AsyncIterator[bytes]:
    for byte in content:
        yield bytes([byte])
        await asyncio.sleep(PAUSE_OF_DROPS)
