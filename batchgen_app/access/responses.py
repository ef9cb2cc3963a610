"""What goes with every answer, the pages that strangers see, and how the guard says no: in the
API's one error shape, or as a small page. These pages are complete in themselves, without
scripts.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Message as Answer
from starlette.types import Send

from batchgen_app.access import words
from batchgen_app.language.message import Message
from batchgen_app.language.texts import language, translated

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
    "media-src 'self'; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
ANYTHING_ELSE = "default-src 'none'; frame-ancestors 'none'; sandbox"
# In a tab of its own, a browser's player asks for the film once more: in a sandbox it may not.
FILM = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
STARTS = {"http.response.start", "websocket.http.response.start"}
POLICY = "content-security-policy"


def with_headers(send: Send) -> Send:
    """``send``, with the security headers added to what each answer brings along."""

    async def send_with(message: Answer) -> None:
        if message["type"] in STARTS:
            headers = MutableHeaders(scope=message)
            for name, value in COMMON.items():
                headers[name] = value
            headers.setdefault(POLICY, _policy(headers.get("content-type", "")))
        await send(message)

    return send_with


def _policy(content_type: str) -> str:
    if content_type.startswith("text/html"):
        return PAGE
    return FILM if content_type.startswith(("video/", "audio/")) else ANYTHING_ELSE


FORM = """
<h1>{title}</h1>
<form method="post" action="{root}/login">
  <input type="hidden" name="next" value="{next}">
  <label for="code">{label}</label>
  <input id="code" name="code" autocomplete="off" autocapitalize="characters"
         spellcheck="false" maxlength="32" required autofocus aria-describedby="hint fault"
         data-testid="login-code">
  <p id="hint">{hint}</p>
  <p id="fault" role="alert" data-testid="login-fault">{fault}</p>
  <button type="submit" data-testid="login">{title}</button>
</form>
"""
REFUSAL = """
<h1>{title}</h1>
<p>{message}</p>
<p><a href="{root}/">{back}</a></p>
"""


class LoginPage:
    """The form and the refusals as pages, made from the files in ``assets``."""

    def __init__(self, assets: Path, root_path: str = "") -> None:
        self._root = root_path
        style = _read(assets / "login.css")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._page = Template(_read(assets / "login.html"))
        icon = _read(assets / "icon.svg")
        self._fixed = {"style": style, "icon": icon, "app": words.APP}
        self._policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def form(self, status: int, next_path: str, fault: str = "") -> HTMLResponse:
        """The form, with what was wrong about the last try."""
        texts = {
            "root": self._root,
            "title": str(words.SIGN_IN),
            "label": str(words.CODE),
            "hint": str(words.CODE_HINT),
        }
        content = FORM.format(**_escaped({**texts, "next": next_path, "fault": fault}))
        return self._answer(status, content, {})

    def refusal(self, status: int, message: str, headers: Mapping[str, str]) -> HTMLResponse:
        """A page that says why not."""
        texts = {
            "title": str(words.REFUSED),
            "message": message,
            "back": str(words.BACK),
            "root": self._root,
        }
        return self._answer(status, REFUSAL.format(**_escaped(texts)), headers)

    def _answer(self, status: int, content: str, headers: Mapping[str, str]) -> HTMLResponse:
        text = self._page.substitute(self._fixed, language=language(), content=content)
        fixed = {POLICY: self._policy, "cache-control": "no-store"}
        return HTMLResponse(text, status, {**fixed, **headers})


def _escaped(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: escape(text) for name, text in texts.items()}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


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
    return page.refusal(refused.status, translated(refused.message), refused.headers)


def as_json(refused: Refused) -> Response:
    """In the API's one shape of errors (INTERFACE.md, "Every error")."""
    error = {"code": refused.code, "message": str(refused)}
    text = json.dumps({"error": error}, ensure_ascii=False)
    return Response(text, refused.status, refused.headers, "application/json")


def is_page(request: HTTPConnection) -> bool:
    """Whether a person looks at what is asked for."""
    path = request.scope["path"]
    is_below = any(path == place or path.startswith(f"{place}/") for place in NO_PAGES)
    return request.scope["type"] == "http" and not is_below


def here(request: HTTPConnection) -> str:
    """The path and the query that were asked for."""
    path = quote(request.scope["path"])
    query = request.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
