"""Security headers, on everything that is answered."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

COMMON = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# NiceGUI's pages begin with inline scripts, and Vue compiles templates in the browser.
PAGE = (
    "default-src 'none'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
ANYTHING_ELSE = "default-src 'none'; frame-ancestors 'none'; sandbox"
STARTS = {"http.response.start", "websocket.http.response.start"}
POLICY = "content-security-policy"


def with_headers(send: Send) -> Send:
    """Adds them to what an answer brings along."""

    async def send_with(message: Message) -> None:
        if message["type"] in STARTS:
            headers = MutableHeaders(scope=message)
            for name, value in COMMON.items():
                headers[name] = value
            headers.setdefault(POLICY, _policy(headers.get("content-type", "")))
        await send(message)

    return send_with


def _policy(content_type: str) -> str:
    return PAGE if content_type.startswith("text/html") else ANYTHING_ELSE
