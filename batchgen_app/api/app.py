"""The API as one FastAPI application, mounted at ``/api``."""

from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.applications import Starlette
from starlette.routing import Route

from batchgen_app import __version__
from batchgen_app.adapters.starlette import mount_whole
from batchgen_app.api import (
    batches,
    images,
    imports,
    server,
    servers,
    styles,
    uploads,
    wildcards,
    workflows,
)
from batchgen_app.api.conditional_requests import Snapshots
from batchgen_app.api.errors import answer_errors
from batchgen_app.services import Services

ROUTERS = (
    batches.router,
    images.router,
    workflows.router,
    styles.router,
    wildcards.router,
    uploads.router,
    imports.router,
    server.router,
    servers.router,
    server.log,
)


def build_api(services: Services) -> FastAPI:
    """The API of the app: ``/batches``, ``/images`` … and its documentation, a page to read and try
    it on that works without the internet.
    """
    api = FastAPIOffline(
        title="BatchGen",
        version=__version__,
        summary="One prompt, 2 to 20 ComfyUI variations.",
        redoc_url=None,
        static_url="/docs/files",
        # Else the page asks swagger.io whether the description is valid.
        swagger_ui_parameters={"validatorUrl": None},
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    api.state.services = services
    api.state.snapshots = Snapshots()
    answer_errors(api)
    for router in ROUTERS:
        # To include it would build each of its routes a second time, when the first request waits.
        api.router.routes.extend(router.routes)
    # As FastAPI says to do it ("Extending OpenAPI").
    api.openapi = partial(_describe, api)  # type: ignore[method-assign]
    api.state.routes = [route for route in api.router.routes if isinstance(route, Route)]
    return api


def mount_api(web: Starlette, services: Services) -> None:
    """The API at ``/api`` of ``web``, with everything below: an id may have any character in it."""
    mount_whole(web, "/api", build_api(services))


def _describe(api: FastAPI) -> dict[str, Any]:
    """The errors are those that it gives: bad input is 400, never 422."""
    description = FastAPI.openapi(api)
    for path in description["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        description["components"]["schemas"].pop(name, None)
    return description
