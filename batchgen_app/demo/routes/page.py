"""What a newer server's own page asks for when it opens, of most of which the engine has nothing;
and /internal, which that page asks and nobody else should.
"""

import asyncio
import json

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.files import FOLDER_KINDS
from batchgen_app.demo.routes.replies import empty, json_reply, studio_of

NAME_ONLY = "<!doctype html><title>BatchGen demo engine</title>"
HTML = {"content-type": "text/html"}
NOT_ENABLED = {
    "error": {
        "code": "SERVICE_DISABLED",
        "message": "The demo engine has no assets.",
        "details": {},
    }
}


async def front(_: Request) -> Response:
    """The page itself, which shows nothing."""
    return Response(NAME_ONLY, headers={**HTML, "cache-control": "no-store, must-revalidate"})


async def front_file(_: Request) -> Response:
    """The same under its file name."""
    return Response(NAME_ONLY, headers=HTML)


async def no_upgrade(_: Request) -> Response:
    """The websocket's path, asked by a plain request."""
    return Response("This path is for websockets.", 400, media_type="text/plain")


async def users(_: Request) -> Response:
    """One user, whose folder is there."""
    return json_reply({"storage": "server", "migrated": True})


async def no_more_users(_: Request) -> Response:
    """A server for one user breaks down over another one."""
    raise PermissionError("The demo engine has one user.")


async def nothing_set(_: Request) -> Response:
    """Templates, translations, subgraphs, replacements: an object without any."""
    return json_reply({})


async def no_value(_: Request) -> Response:
    """A subgraph that is not there."""
    return json_reply(None)


async def settings(request: Request) -> Response:
    """Of the page, as it left them since the server's start."""
    return json_reply(studio_of(request).page_settings)


async def setting(request: Request) -> Response:
    """One of them; null where nobody made it."""
    return json_reply(studio_of(request).page_settings.get(request.path_params["name"]))


async def set_some(request: Request) -> Response:
    """Those that are named; the others stay."""
    studio_of(request).page_settings.update({**json.loads(await request.body())})
    return empty()


async def set_one(request: Request) -> Response:
    """It may be anything."""
    value = json.loads(await request.body())
    studio_of(request).page_settings[request.path_params["name"]] = value
    return empty()


async def extensions(_: Request) -> Response:
    """No script of a custom node."""
    return json_reply([])


async def no_assets(_: Request) -> Response:
    """A server that was not told to keep them says so."""
    return json_reply(NOT_ENABLED, 503)


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
