"""POST /upload/image and /upload/mask: PROTOCOL.md, section 5."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.files import Folders, OutsideFolderError
from batchgen_app.demo.routes.replies import empty, json_reply, studio_of


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
    made = io.BytesIO()
    with Image.open(folder / Path(original["filename"]).name) as picture:
        whole = picture.convert("RGBA")
    with Image.open(io.BytesIO(mask)) as alpha:
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
