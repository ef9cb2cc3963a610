"""/userdata: files that ComfyUI's page keeps for its user, workflows above all."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from batchgen_app.demo.files import Folders, OutsideFolderError
from batchgen_app.demo.routes.replies import empty, json_reply, studio_of

Answer = Callable[[Folders, Request], Response]


async def list_files(request: Request) -> Response:
    """Names below ``dir``, or with ``full_info`` more about each of them."""
    return await _answered(request, _listed)


async def list_entries(request: Request) -> Response:
    """All folders and files below ``path``, folders first."""
    return await _answered(request, _entries)


async def read(request: Request) -> Response:
    """The file, to be kept and not shown."""
    return await _answered(request, _read)


async def write(request: Request) -> Response:
    """Keeps the body under the path's name; an ``overwrite`` of false spares what is there."""
    body = await request.body()

    def put(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    return await _answered(request, lambda folders, asked: _put(folders, asked, "file", put))


async def move(request: Request) -> Response:
    """Gives a file another name."""
    return await _answered(request, _move)


async def remove(request: Request) -> Response:
    """Deletes a file."""
    return await _answered(request, _remove)


async def _answered(request: Request, answer: Answer) -> Response:
    """A path that leads out of the user's folder is refused."""
    try:
        return await asyncio.to_thread(answer, studio_of(request).folders, request)
    except OutsideFolderError:
        return empty(403)


def _listed(folders: Folders, request: Request) -> Response:
    query = request.query_params
    if not query.get("dir"):
        return _text("Directory not provided", 400)
    folder = folders.of_user(query["dir"])
    if not folder.exists():
        return _text("Directory not found", 404)
    pattern = "**/*" if query.get("recurse", "").lower() == "true" else "*"
    files = sorted(path for path in folder.glob(pattern) if path.is_file())
    return json_reply([_shown(path, folder, request) for path in files])


def _shown(path: Path, root: Path, request: Request) -> Any:
    name = path.relative_to(root).as_posix()
    if request.query_params.get("full_info", "").lower() == "true":
        facts = path.stat()
        times = {"modified": facts.st_mtime * 1000, "created": facts.st_ctime * 1000}
        return {"path": name, "size": facts.st_size, **times}
    split = request.query_params.get("split", "").lower() == "true"
    return [name, *name.split("/")] if split else name


def _entries(folders: Folders, request: Request) -> Response:
    root, folder = (
        folders.of_user(""),
        folders.of_user(unquote(request.query_params.get("path", ""))),
    )
    if not folder.exists():
        return _text("Requested path not found", 404)
    if not folder.is_dir():
        return _text("Requested path is not a directory", 400)
    found = sorted(folder.rglob("*"), key=lambda path: (path.is_file(), path.name.lower()))
    return json_reply([_entry(path, root) for path in found])


def _entry(path: Path, root: Path) -> dict[str, Any]:
    entry = {"name": path.name, "path": path.relative_to(root).as_posix()}
    if path.is_dir():
        return {**entry, "type": "directory"}
    return {**entry, "type": "file", "size": path.stat().st_size, "modified": path.stat().st_mtime}


def _read(folders: Folders, request: Request) -> Response:
    path = folders.of_user(request.path_params["file"])
    if not path.is_file():
        return empty(404)
    headers = {"x-content-type-options": "nosniff", "content-disposition": "attachment"}
    return FileResponse(path, headers=headers)


def _put(folders: Folders, request: Request, name: str, put: Callable[[Path], object]) -> Response:
    path = folders.of_user(request.path_params[name])
    if request.query_params.get("overwrite") == "false" and path.exists():
        return _text("File already exists", 409)
    put(path)
    return json_reply(_shown(path, folders.of_user(""), request))


def _move(folders: Folders, request: Request) -> Response:
    source = folders.of_user(request.path_params["file"])
    if not source.is_file():
        return empty(404)

    def put(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        source.replace(path)

    return _put(folders, request, "dest", put)


def _remove(folders: Folders, request: Request) -> Response:
    path = folders.of_user(request.path_params["file"])
    if not path.is_file():
        return empty(404)
    path.unlink()
    return empty(204)


def _text(words: str, status: int) -> Response:
    return Response(words, status, media_type="text/plain")
