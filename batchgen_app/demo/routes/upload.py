"""POST /upload/image: PROTOCOL.md, section 5."""

import asyncio
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.files import Folders, OutsideFolderError
from batchgen_app.demo.routes.replies import empty, json_reply, studio_of


async def upload_image(request: Request) -> Response:
    """Stores a picture; the name in the answer may differ from the one that was sent."""
    async with request.form() as form:
        return await _store(studio_of(request).folders, form)


async def _store(folders: Folders, form: FormData) -> Response:
    image = form.get("image")
    if not isinstance(image, UploadFile) or not image.filename:
        return empty(400)
    kind, subfolder = str(form.get("type", "input")), str(form.get("subfolder", ""))
    try:
        folder = folders.inside(kind, subfolder)
    except OutsideFolderError:
        return empty(400)
    overwrite = form.get("overwrite") in ("true", "1")
    content = await image.read()
    name = await asyncio.to_thread(_write, folder, image.filename, content, overwrite=overwrite)
    return json_reply({"name": name, "subfolder": subfolder, "type": kind})


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
