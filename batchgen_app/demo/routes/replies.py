"""Answers in the form that ComfyUI gives them, and the way from a request to the studio."""

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from batchgen_app.demo.studio import Studio

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]


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


def wish(orders: Any, name: str, without: Any = None) -> Any:
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
