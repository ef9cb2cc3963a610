"""Answers in the form that ComfyUI gives them, the way from a request to the studio, and what a
path answers to each method.

ComfyUI looks for a file of its page wherever no route of its own takes a GET: so that is 404, also
where only POST is known, and any other method is 405.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route

from batchgen_app.demo.studio import Studio

logger = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
OF_FILES = ("GET", "HEAD")


def studio_of(connection: HTTPConnection) -> Studio:
    """What the application of this request was built for."""
    studio: Studio = connection.app.state.studio
    return studio


def json_reply(content: Any, status: int = 200) -> Response:
    """JSON under the content type that ComfyUI gives."""
    return Response(json.dumps(content), status, media_type="application/json; charset=utf-8")


def empty(status: int = 200) -> Response:
    """No body."""
    return Response(status_code=status)


def broken() -> Response:
    """The 500 of a server that tripped over a request."""
    text = "500 Internal Server Error\n\nServer got itself in trouble"
    return Response(text, 500, media_type="text/plain")


def ordered(orders: Any, name: str, without: Any = None) -> Any:
    """What a body orders under this name. A list or a text, which orders nothing, is taken; null or
    a number raises TypeError, as ComfyUI's own look-up does.
    """
    if name in orders:
        return orders[name]
    return without


def guarded(handler: Handler) -> Handler:
    """A handler whose exceptions become the plain 500 of section 7."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Exception:
            logger.exception("%s %s failed", request.method, request.url.path)
            return broken()

    return answer


def place(path: str, *, beside_files: bool = True, **handlers: Handler) -> Route:
    """A path with its handlers by method in small letters; whoever handles GET handles HEAD."""
    known = {method.upper(): guarded(handler) for method, handler in handlers.items()}
    if "GET" in known:
        known["HEAD"] = known["GET"]
    allowed = {*known, *(OF_FILES if beside_files else ())}

    async def answer(request: Request) -> Response:
        handler = known.get(request.method)
        return await handler(request) if handler else _refusal(request.method, allowed)

    return Route(path, answer, methods=METHODS)


def everywhere_else(*, beside_files: bool = True) -> Route:
    """All paths that nothing else takes."""
    return place("/{path:path}", beside_files=beside_files)


def _refusal(method: str, allowed: Collection[str]) -> Response:
    if not allowed:
        return Response("404: Not Found", 404, media_type="text/plain")
    if method in allowed:
        return Response(status_code=404, media_type="application/octet-stream")
    headers = {"allow": ",".join(sorted(allowed))}
    return Response("405: Method Not Allowed", 405, headers, media_type="text/plain")
