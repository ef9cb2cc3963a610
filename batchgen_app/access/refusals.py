"""What the guard says no to, and how: in the API's one error shape, or as a small page."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from batchgen_app.access import words
from batchgen_app.access.login_page import LoginPage
from batchgen_app.language.message import Message
from batchgen_app.language.texts import told

NO_PAGES = ("/api", "/assets", "/_nicegui", "/_nicegui_ws", "/previews", "/favicon.ico")


class Refused(Exception):
    """A request that goes no further; ``message`` says why."""

    def __init__(
        self, status: int, code: str, message: Message, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.headers = {"cache-control": "no-store", **(headers or {})}
        super().__init__(message)


class SignInFirst(Refused):
    """Somebody whom the guard does not know."""

    def __init__(self) -> None:
        super().__init__(401, "sign_in_first", words.SIGN_IN_FIRST, {"www-authenticate": "Bearer"})


def answer(refused: Refused, request: HTTPConnection, page: LoginPage) -> Response:
    """The answer, as fits what was asked for."""
    if not is_page(request):
        return as_json(refused)
    if isinstance(refused, SignInFirst):
        return RedirectResponse(f"/login?next={quote(here(request))}", 303, refused.headers)
    return page.refusal(refused.status, told(refused.message), refused.headers)


def as_json(refused: Refused) -> Response:
    """INTERFACE.md, "Every error"."""
    error = {"code": refused.code, "message": str(refused)}
    text = json.dumps({"error": error}, ensure_ascii=False)
    return Response(text, refused.status, refused.headers, "application/json")


def is_page(request: HTTPConnection) -> bool:
    """Whether a person looks at what is asked for."""
    path = request.scope["path"]
    is_below = any(path == place or path.startswith(f"{place}/") for place in NO_PAGES)
    return request.scope["type"] == "http" and not is_below


def here(request: HTTPConnection) -> str:
    """What was asked for, from the path on."""
    path = quote(request.scope["path"])
    query = request.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
