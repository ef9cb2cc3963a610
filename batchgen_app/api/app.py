"""The API as one FastAPI application, mounted at ``/api``."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from batchgen_app import __version__
from batchgen_app.api import batches, images, server
from batchgen_app.api.conditional_requests import Snapshots
from batchgen_app.api.errors import answer_errors
from batchgen_app.services import Services

ROUTERS = (batches.router, images.router, server.router, server.log)
SWAGGER_UI = ("fastapi_swagger", "resources")
"""The package that brings the documentation page's script and style, and where in it they are."""


def build_api(services: Services) -> FastAPI:
    """The API of the app: ``/batches``, ``/images`` … and its documentation."""
    api = _Api(
        title="BatchGen",
        version=__version__,
        summary="One prompt, 2 to 20 ComfyUI variations.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    api.state.services = services
    api.state.snapshots = Snapshots()
    answer_errors(api)
    for router in ROUTERS:
        # To include it would build each of its routes a second time, when the first request waits.
        api.router.routes.extend(router.routes)
    _add_documentation(api)
    api.state.routes = [route for route in api.router.routes if isinstance(route, Route)]
    return api


def mount_api(web: Starlette, services: Services) -> None:
    """The API at ``/api`` of ``web``, with everything below: an id may have any character in it,
    even a line break, which a plain mount would leave to ``web``.
    """
    mount = Mount("/api", build_api(services))
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    web.router.routes.append(mount)


class _Api(FastAPI):
    """Documents the errors that it gives: bad input is 400, never 422."""

    def openapi(self) -> dict[str, Any]:
        description = super().openapi()
        for path in description["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            description["components"]["schemas"].pop(name, None)
        return description


def _add_documentation(api: FastAPI) -> None:
    """A page to read and try the API on, complete in itself: it works without the internet."""
    api.mount("/docs/files", StaticFiles(packages=[SWAGGER_UI]))

    @api.get("/docs", include_in_schema=False)
    async def documentation() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="openapi.json",
            title=f"{api.title} API",
            swagger_js_url="docs/files/swagger-ui-bundle.js",
            swagger_css_url="docs/files/swagger-ui.css",
            swagger_favicon_url="docs/files/favicon-32x32.png",
            swagger_ui_parameters={"validatorUrl": None},
        )
