"""The engine as an ASGI application: every route, also under /api."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, WebSocketRoute

from batchgen_app.demo.gate import Gate
from batchgen_app.demo.routes import (
    experiment,
    history,
    info,
    internal,
    jobs,
    page,
    prompts,
    upload,
    userdata,
    view,
)
from batchgen_app.demo.routes.listen import listen
from batchgen_app.demo.routes.places import everywhere_else, place
from batchgen_app.demo.studio import Studio

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
        place("/history", get=history.show_history, post=history.change_history),
        place("/history/{prompt_id}", get=history.show_entry),
        place("/view", get=view.view),
        place("/upload/image", post=upload.upload_image),
        place("/upload/mask", post=upload.upload_mask),
        place("/system_stats", get=info.system_stats),
        place("/features", get=info.features),
        place("/object_info", get=info.object_info),
        place("/object_info/{class_type}", get=info.one_object_info),
        place("/models", get=info.model_folders),
        place("/models/{folder}", get=info.models),
        place("/experiment/models", get=experiment.model_folders),
        place("/experiment/models/{folder}", get=experiment.models),
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
        place("/logs", beside_files=False, get=internal.logs),
        place("/logs/raw", beside_files=False, get=internal.raw_logs),
        place("/logs/subscribe", beside_files=False, patch=internal.subscribe),
        place("/folder_paths", beside_files=False, get=internal.folder_paths),
        place("/files/{kind}", beside_files=False, get=internal.files),
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
