"""The engine as an ASGI application: every route, also under /api, and what a request must pass
before any of them sees it (PROTOCOL.md, section 9).
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from batchgen_app.demo.routes import info, jobs, page, pictures, prompts, userdata
from batchgen_app.demo.routes.listen import listen
from batchgen_app.demo.routes.replies import everywhere_else, place
from batchgen_app.demo.studio import Studio

REFUSED = 403
TOO_LARGE = 413
NOTHING_THERE = ("/workflow_templates", "/i18n", "/global_subgraphs", "/node_replacements")
ASSET = "/assets/{asset_id:uuid}"
ASSET_ORDERS = ("from-hash", "seed", "seed/cancel", "prune")


def build_web(studio: Studio) -> Starlette:
    """The application of one run of the server."""
    newer = [*(_job_routes() if studio.settings.jobs_api else ()), *_asset_routes()]
    both = [*_routes(), *_page_routes(), *_user_routes(), everywhere_else()]
    internal = Mount("/internal", routes=_internal_routes())
    web = Starlette(
        routes=[Mount("/api", routes=[*newer, *both]), internal, *both],
        middleware=[
            Middleware(studio.hooks.around),
            Middleware(Gate, max_body=studio.settings.max_upload_size),
        ],
    )
    web.state.studio = studio
    return web


def _routes() -> list[BaseRoute]:
    return [
        WebSocketRoute("/ws", listen),
        place("/ws", get=page.no_upgrade),
        place("/prompt", get=prompts.remaining, post=prompts.submit),
        place("/queue", get=prompts.show_queue, post=prompts.change_queue),
        place("/interrupt", post=prompts.interrupt),
        place("/free", post=prompts.free),
        place("/history", get=prompts.show_history, post=prompts.change_history),
        place("/history/{prompt_id}", get=prompts.show_entry),
        place("/view", get=pictures.view),
        place("/upload/image", post=pictures.upload_image),
        place("/upload/mask", post=pictures.upload_mask),
        place("/system_stats", get=info.system_stats),
        place("/features", get=info.features),
        place("/object_info", get=info.object_info),
        place("/object_info/{class_type}", get=info.one_object_info),
        place("/models", get=info.model_folders),
        place("/models/{folder}", get=info.models),
        place("/experiment/models", get=info.experiment_folders),
        place("/experiment/models/{folder}", get=info.experiment_models),
        place("/embeddings", get=info.embeddings),
        place("/view_metadata/{folder}", get=info.view_metadata),
    ]


def _page_routes() -> list[BaseRoute]:
    """For the page that a real server has."""
    return [
        place("/", get=page.front),
        place("/index.html", get=page.front_file),
        place("/users", get=page.users, post=page.no_more_users),
        place("/settings", get=page.settings, post=page.set_some),
        place("/settings/{name}", get=page.setting, post=page.set_one),
        place("/extensions", get=page.extensions),
        place("/global_subgraphs/{name}", get=page.no_value),
        *(place(path, get=page.nothing_set) for path in NOTHING_THERE),
    ]


def _user_routes() -> list[BaseRoute]:
    return [
        place("/userdata", get=userdata.list_files),
        place("/v2/userdata", get=userdata.list_entries),
        place("/userdata/{file:path}/move/{dest:path}", post=userdata.move),
        place(
            "/userdata/{file:path}", get=userdata.read, post=userdata.write, delete=userdata.remove
        ),
    ]


def _internal_routes() -> list[BaseRoute]:
    """Not under /api; no file lies here."""
    return [
        place("/logs", beside_files=False, get=page.logs),
        place("/logs/raw", beside_files=False, get=page.raw_logs),
        place("/logs/subscribe", beside_files=False, patch=page.subscribe),
        place("/folder_paths", beside_files=False, get=page.folder_paths),
        place("/files/{kind}", beside_files=False, get=page.files),
        everywhere_else(beside_files=False),
    ]


def _job_routes() -> list[BaseRoute]:
    """Only under /api."""
    return [
        place("/jobs", get=jobs.list_jobs),
        place("/jobs/cancel", get=jobs.no_job, post=jobs.cancel_jobs),
        place("/jobs/{job_id}", get=jobs.show_job),
        place("/jobs/{job_id}/cancel", post=jobs.cancel_job),
    ]


def _asset_routes() -> list[BaseRoute]:
    """Only under /api."""
    none = page.no_assets
    return [
        place("/assets", get=none, post=none),
        place(ASSET, get=none, put=none, delete=none),
        place(f"{ASSET}/content", get=none),
        place(f"{ASSET}/tags", post=none, delete=none),
        place("/assets/tags/refine", get=none),
        place("/assets/seed/status", get=none),
        *(place(f"/assets/{name}", post=none) for name in ASSET_ORDERS),
        place("/tags", get=none),
    ]


class Gate:
    """Refuses requests that another site's page sends, and bodies that are too large."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        answer = self._answer(scope, Headers(scope=scope))
        if answer is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        else:
            await answer(scope, receive, send)

    def _answer(self, scope: Scope, headers: Headers) -> Response | None:
        if is_foreign(headers):
            return Response(status_code=REFUSED)
        if int(headers.get("content-length", "0")) > self._max_body:
            text = f"Maximum request body size {self._max_body} exceeded."
            return Response(text, TOO_LARGE, media_type="text/plain")
        return Response() if scope.get("method") == "OPTIONS" else None


def is_foreign(headers: Headers) -> bool:
    """Whether the page behind a request is not the server's own, as far as ComfyUI looks."""
    if headers.get("sec-fetch-site") == "cross-site":
        return True
    origin, host = urlsplit(headers.get("origin", "")), urlsplit(f"//{headers.get('host', '')}")
    if not origin.netloc or not _is_loopback(host.hostname or ""):
        return False
    # Only under a loopback name are both compared, and an Origin without a port by its name alone.
    own = host.hostname if origin.port is None else host.netloc.lower()
    return origin.netloc.lower() != own


def _is_loopback(hostname: str) -> bool:
    if hostname == "localhost":
        return True
    try:
        return ip_address(hostname).is_loopback
    except ValueError:
        return False
