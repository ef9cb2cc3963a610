"""GET /view: PROTOCOL.md, section 5."""

import asyncio
import mimetypes
import struct
import zlib
from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from PIL import Image
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from batchgen_app.demo.faults import DripView, FailView, Hold, Moment, ViewFailure
from batchgen_app.demo.files import FOLDER_KINDS, Folders, OutsideFolderError
from batchgen_app.demo.routes.replies import broken, empty, studio_of
from batchgen_app.demo.studio import Studio

DEFAULT_QUALITY = 90
PAUSE_OF_DROPS = 0.05
UNKNOWN_KIND = "application/octet-stream"
KEPT_WHEN_UNCHANGED = ("content-disposition", "content-type", "etag", "last-modified")
CAN_CARRY_SCRIPTS = ("text/html", "text/javascript", "image/svg+xml", "text/css", "text/xml")


async def view(request: Request) -> Response:
    """A picture, whole, in part or re-encoded; or the failure that a fault calls for."""
    studio = studio_of(request)
    found = await asyncio.to_thread(_locate, studio.folders, request.query_params)
    if isinstance(found, Response):
        return found
    maker, faults = studio.folders.maker(found), studio.settings.faults
    await faults.hold(Moment.VIEWED, maker)
    if failure := _failure(studio, found, maker):
        return await asyncio.to_thread(_failed, failure, found)
    if faults.find(DripView, maker):
        return DrippingResponse(await asyncio.to_thread(found.read_bytes))
    if hold := faults.hold_at(Moment.HALF_SENT, maker):
        return HeldResponse(await asyncio.to_thread(found.read_bytes), hold)
    return await asyncio.to_thread(_picture, request, found)


def _locate(folders: Folders, query: Mapping[str, str]) -> Path | Response:
    """The file that is asked for, or the refusal."""
    name, kind = _without_annotation(query.get("filename"), query.get("type", "output"))
    if name is None:
        return empty(404)
    if not name or name.startswith("/") or ".." in name or kind not in FOLDER_KINDS:
        return empty(400)
    try:
        folder = folders.inside(kind, query.get("subfolder", ""))
    except OutsideFolderError:
        return empty(403)
    path = folder / PurePosixPath(name).name
    return path if path.is_file() else empty(404)


def _without_annotation(name: str | None, kind: str) -> tuple[str | None, str]:
    """A name that ends in " [output]" overrides the type."""
    for candidate in FOLDER_KINDS:
        if name and name.endswith(f" [{candidate}]"):
            return name.removesuffix(f" [{candidate}]"), candidate
    return name, kind


def _picture(request: Request, path: Path) -> Response:
    headers = {
        "content-disposition": f'filename="{path.name}"',
        "x-content-type-options": "nosniff",
    }
    channel = request.query_params.get("channel", "rgba")
    if "preview" in request.query_params:
        content, kind = _preview(path, request.query_params["preview"], channel)
        return Response(content, media_type=f"image/{kind}", headers=headers)
    if channel in ("rgb", "a"):
        return Response(_channel(path, channel), media_type="image/png", headers=headers)
    return _file(request, path, headers)


def _file(request: Request, path: Path, headers: dict[str, str]) -> Response:
    facts = path.stat()
    etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    kind = mimetypes.guess_type(path.name)[0] or UNKNOWN_KIND
    whole = FileResponse(
        path,
        media_type=UNKNOWN_KIND if kind in CAN_CARRY_SCRIPTS else kind,
        headers={**headers, "etag": etag},
        stat_result=facts,
    )
    if etag not in request.headers.get("if-none-match", ""):
        return whole
    return Response(status_code=304, headers={k: whole.headers[k] for k in KEPT_WHEN_UNCHANGED})


def _preview(path: Path, wish: str, channel: str) -> tuple[bytes, str]:
    """The picture re-encoded: `format;quality`; what is not jpeg becomes webp."""
    name, *rest = wish.split(";")
    kind = "jpeg" if name == "jpeg" and "a" not in channel.replace("rgba", "") else "webp"
    quality = int(rest[-1]) if rest and rest[-1].isdigit() else DEFAULT_QUALITY
    with Image.open(path) as picture:
        shown = picture.convert("RGB") if kind == "jpeg" or channel == "rgb" else picture
        return _encoded(shown, kind, quality=quality), kind


def _channel(path: Path, channel: str) -> bytes:
    with Image.open(path) as picture:
        if channel == "rgb":
            return _encoded(picture.convert("RGB"), "png")
        alpha = Image.new("RGBA", picture.size)
        alpha.putalpha(picture.convert("RGBA").getchannel("A"))
        return _encoded(alpha, "png")


def _encoded(picture: Image.Image, kind: str, **options: int) -> bytes:
    bare = picture.copy()
    bare.info.clear()
    content = BytesIO()
    bare.save(content, kind, **options)
    return content.getvalue()


def _failure(studio: Studio, path: Path, maker: int | None) -> ViewFailure | None:
    """The fault that hits this request, if its file was made by a prompt with one."""
    fault = studio.settings.faults.find(FailView, maker) if maker is not None else None
    if fault is None:
        return None
    studio.view_failures[path] += 1
    spent = fault.times is not None and studio.view_failures[path] > fault.times
    return None if spent else fault.failure


def _failed(failure: ViewFailure, path: Path) -> Response:
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
