"""/internal: what ComfyUI's own page asks and nobody else should."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.files import FOLDER_KINDS
from batchgen_app.demo.routes.replies import empty, json_reply, studio_of


async def logs(_: Request) -> Response:
    """One text; the engine keeps none."""
    return json_reply("")


async def raw_logs(_: Request) -> Response:
    """The same line by line, and the size of the terminal."""
    return json_reply({"entries": [], "size": {"cols": 80, "rows": 24}})


async def subscribe(_: Request) -> Response:
    """Nothing will ever come."""
    return empty()


async def folder_paths(request: Request) -> Response:
    """For each kind of model the folders where it lies."""
    catalogue = studio_of(request).catalogue
    return json_reply({name: catalogue.folders(name) for name in catalogue.model_folders()})


async def files(request: Request) -> Response:
    """Names at the top of a folder, the newest first."""
    kind, folders = request.path_params["kind"], studio_of(request).folders
    if kind not in FOLDER_KINDS:
        return json_reply({"error": "Invalid directory type"}, 400)
    return json_reply(await asyncio.to_thread(folders.newest, kind))
