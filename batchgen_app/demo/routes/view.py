"""GET /view: PROTOCOL.md, section 5."""

import asyncio
import mimetypes
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from PIL import Image
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from batchgen_app.demo.files import FOLDER_KINDS, Folders, OutsideFolderError
from batchgen_app.demo.routes.replies import empty, studio_of

DEFAULT_QUALITY = 90
UNKNOWN_KIND = "application/octet-stream"
KEPT_WHEN_UNCHANGED = ("content-disposition", "content-type", "etag", "last-modified")
CAN_CARRY_SCRIPTS = ("text/html", "text/javascript", "image/svg+xml", "text/css", "text/xml")


async def view(request: Request) -> Response:
    """A picture, whole, in part or re-encoded."""
    studio = studio_of(request)
    found = await asyncio.to_thread(_locate, studio.folders, request.query_params)
    if isinstance(found, Response):
        return found
    if instead := await studio.hooks.viewing(found):
        return instead
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
