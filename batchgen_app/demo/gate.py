"""What a request must pass before any route sees it: PROTOCOL.md, section 9."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

REFUSED = 403
TOO_LARGE = 413


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
    own = host.hostname if origin.port is None else host.netloc.lower()
    return origin.netloc.lower() != own


def _is_loopback(hostname: str) -> bool:
    if hostname == "localhost":
        return True
    try:
        return ip_address(hostname).is_loopback
    except ValueError:
        return False
