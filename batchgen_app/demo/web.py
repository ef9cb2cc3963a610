"""The engine as an ASGI application: every route, also under /api."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from batchgen_app.demo.gate import Gate
from batchgen_app.demo.mischief import Mischief
from batchgen_app.demo.routes import history, info, jobs, page, prompts, upload, view
from batchgen_app.demo.routes.listen import listen
from batchgen_app.demo.routes.replies import Handler, empty, guarded
from batchgen_app.demo.studio import Studio

NOTHING_THERE = ("/workflow_templates", "/i18n", "/global_subgraphs", "/node_replacements")


def build_web(studio: Studio) -> Starlette:
    """The application of one run of the server."""
    newer = _job_routes() if studio.settings.jobs_api else []
    both = [*_routes(), *_page_routes()]
    web = Starlette(
        routes=[Mount("/api", routes=[*newer, *both]), *both],
        middleware=[
            Middleware(Mischief, faults=studio.settings.faults),
            Middleware(Gate, max_body=studio.settings.max_upload_size),
        ],
        exception_handlers={404: _nothing_here},
    )
    web.state.studio = studio
    return web


async def _nothing_here(_: Request, __: Exception) -> Response:
    return empty(404)


def _routes() -> list[BaseRoute]:
    return [
        WebSocketRoute("/ws", listen),
        _get("/prompt", prompts.remaining),
        _post("/prompt", prompts.submit),
        _get("/queue", prompts.show_queue),
        _post("/queue", prompts.change_queue),
        _post("/interrupt", prompts.interrupt),
        _post("/free", prompts.free),
        _get("/history", history.show_history),
        _post("/history", history.change_history),
        _get("/history/{prompt_id:path}", history.show_entry),
        _get("/view", view.view),
        _post("/upload/image", upload.upload_image),
        _get("/system_stats", info.system_stats),
        _get("/features", info.features),
        _get("/object_info", info.object_info),
        _get("/object_info/{class_type}", info.one_object_info),
        _get("/models", info.model_folders),
        _get("/models/{folder}", info.models),
        _get("/embeddings", info.embeddings),
        _get("/view_metadata/{folder}", info.view_metadata),
    ]


def _page_routes() -> list[BaseRoute]:
    """For the page that a real server has."""
    return [
        _get("/users", page.users),
        _get("/settings", page.nothing_set),
        _post("/settings", page.settings_taken),
        _get("/settings/{name}", page.no_value),
        _post("/settings/{name}", page.settings_taken),
        _get("/extensions", page.extensions),
        *(_get(path, page.nothing_set) for path in NOTHING_THERE),
    ]


def _job_routes() -> list[BaseRoute]:
    """Only under /api."""
    return [
        _get("/jobs", jobs.list_jobs),
        _post("/jobs/cancel", jobs.cancel_jobs),
        _get("/jobs/{job_id}", jobs.show_job),
        _post("/jobs/{job_id}/cancel", jobs.cancel_job),
    ]


def _get(path: str, handler: Handler) -> Route:
    return Route(path, guarded(handler), methods=["GET"])


def _post(path: str, handler: Handler) -> Route:
    return Route(path, guarded(handler), methods=["POST"])
