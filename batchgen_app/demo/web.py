"""The engine as an ASGI application: every route, also under /api."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from batchgen_app.demo.gate import Gate
from batchgen_app.demo.mischief import Mischief
from batchgen_app.demo.routes import history, info, jobs, prompts, upload, view
from batchgen_app.demo.routes.listen import listen
from batchgen_app.demo.routes.replies import Handler, empty, guarded
from batchgen_app.demo.studio import Studio


def build_web(studio: Studio) -> Starlette:
    """The application of one run of the server."""
    newer = _job_routes() if studio.settings.jobs_api else []
    web = Starlette(
        routes=[Mount("/api", routes=[*newer, *_routes()]), *_routes()],
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
