"""GET /view, POST /upload/image and /upload/mask: PROTOCOL.md, section 5."""

import asyncio
import json
import mimetypes
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from batchgen_app.demo.files import FOLDER_KINDS, Folders, OutsideFolderError
from batchgen_app.demo.routes.replies import empty, json_reply, studio_of

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
    # Of a name with a path in it, only the last part counts (section 5).
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


def _preview(path: Path, wanted: str, channel: str) -> tuple[bytes, str]:
    """The picture re-encoded: `format;quality`; what is not jpeg becomes webp."""
    name, *rest = wanted.split(";")
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
    # What is encoded anew carries no texts (section 5); Pillow would write what it has read.
    bare = picture.copy()
    bare.info.clear()
    content = BytesIO()
    bare.save(content, kind, **options)
    return content.getvalue()


async def upload_image(request: Request) -> Response:
    """Stores a picture; the name in the answer may differ from the one that was sent."""
    async with request.form() as form:
        if not form.get("image"):
            return empty(400)
        content = await _content(form)
        return await _stored(studio_of(request).folders, form, content)


async def upload_mask(request: Request) -> Response:
    """Stores the picture that `original_ref` names, with the alpha of the one that is sent."""
    folders = studio_of(request).folders
    async with request.form() as form:
        if not form.get("image"):
            return empty(400)
        original = json.loads(str(form["original_ref"]))
        mask = await _content(form)
        content = await asyncio.to_thread(_masked, folders, original, mask)
        return await _stored(folders, form, content)


async def _content(form: FormData) -> bytes:
    """Raises TypeError for what was not sent as a file."""
    image = form["image"]
    if not isinstance(image, UploadFile) or not image.filename:
        raise TypeError("The image is no file.")
    return await image.read()


async def _stored(folders: Folders, form: FormData, content: bytes) -> Response:
    image, kind = form["image"], str(form.get("type", "input"))
    name, subfolder = str(getattr(image, "filename", "")), str(form.get("subfolder", ""))
    overwrite = form.get("overwrite") in ("true", "1")
    try:
        folder = folders.inside(kind, subfolder)
        name = await asyncio.to_thread(_write, folder, name, content, overwrite=overwrite)
    except OutsideFolderError:
        return empty(400)
    return json_reply({"name": name, "subfolder": subfolder, "type": kind})


def _masked(folders: Folders, original: dict[str, Any], mask: bytes) -> bytes:
    folder = folders.inside(original.get("type", "output"), original.get("subfolder", ""))
    made = BytesIO()
    with Image.open(folder / Path(original["filename"]).name) as picture:
        whole = picture.convert("RGBA")
    with Image.open(BytesIO(mask)) as alpha:
        whole.putalpha(alpha.convert("RGBA").getchannel("A"))
    whole.save(made, "PNG")
    return made.getvalue()


def _write(folder: Path, name: str, content: bytes, *, overwrite: bool) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise OutsideFolderError(name)
    if not overwrite:
        path = _free_path(path, content)
    path.write_bytes(content)
    return path.name


def _free_path(path: Path, content: bytes) -> Path:
    """This path, or the first numbered one that is free or already holds these bytes."""
    candidate, number = path, 0
    while candidate.exists() and candidate.read_bytes() != content:
        number += 1
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return candidate
