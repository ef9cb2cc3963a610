"""Login: the only addresses that are open to strangers.

``/login`` takes an access code, ``/enter/…`` is a link that lets one device in once, ``/logout``
signs out. Codes and tokens end in a cookie, never in an address that a browser keeps.
"""

import json
from json import JSONDecodeError
from urllib.parse import parse_qs, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router

from batchgen_app.access import words
from batchgen_app.access.access import Access
from batchgen_app.access.hosts import party
from batchgen_app.access.policy import Role
from batchgen_app.access.request_limits import media_type
from batchgen_app.access.responses import Refused
from batchgen_app.access.sessions import COOKIE, LIFE, device_name
from batchgen_app.language.texts import translated

PLACES = ("/login", "/logout")
INVITATION = "/enter/"
START = "/"


def is_login_address(path: str) -> bool:
    """Whether strangers may ask for it."""
    return path in PLACES or path.startswith(INVITATION)


def local(path: str) -> str:
    """``path`` if it leads to a page of ours, else to the start page."""
    parts = urlsplit(path)
    is_plain = path.isprintable() and "\\" not in path and not path.startswith("//")
    is_ours = path.startswith("/") and not parts.netloc and not parts.scheme
    return path if is_plain and is_ours and not is_login_address(parts.path) else START


class Login(Router):
    """An ASGI app of these few addresses."""

    def __init__(self, access: Access) -> None:
        super().__init__(
            [
                Route("/login", self._show_form, methods=["GET"]),
                Route("/login", self._sign_in, methods=["POST"]),
                Route("/logout", self._sign_out, methods=["POST"]),
                Route(f"{INVITATION}{{token}}", self._enter, methods=["GET"]),
            ],
            redirect_slashes=False,
        )
        self._access = access
        self._page = access.page

    async def _show_form(self, request: Request) -> Response:
        return self._page.form(200, local(request.query_params.get("next", START)))

    async def _sign_in(self, request: Request) -> Response:
        fields = await _fields(request)
        next_path = local(fields.get("next", START))
        try:
            role = await self._access.role_of(fields.get("code", ""), party(request.scope))
        except Refused as refused:
            form = self._page.form(refused.status, next_path, translated(refused.message))
            form.headers.update(refused.headers)
            return form
        return await self._welcome(request, role, next_path)

    async def _enter(self, request: Request) -> Response:
        if request.method == "HEAD":  # somebody looks where a link leads, and does not follow it
            return Response()
        next_path = local(request.query_params.get("next", START))
        if role := self._access.invitations.redeem(request.path_params["token"]):
            return await self._welcome(request, role, next_path)
        if self._access.session_of(request):
            return RedirectResponse(next_path, 303)
        return self._page.form(403, next_path, str(words.LINK_OVER))

    async def _sign_out(self, request: Request) -> Response:
        await self._leave(request)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE)
        return answer

    async def _welcome(self, request: Request, role: Role, next_path: str) -> Response:
        await self._leave(request)
        # The session that this device may have had is over: one device is one line of the list.
        device = device_name(request.headers.get("user-agent", ""))
        token = await self._access.sessions.admit(role, device, _address(request))
        answer = RedirectResponse(next_path, 303, {"cache-control": "no-store"})
        answer.set_cookie(
            COOKIE,
            token,
            max_age=int(LIFE.total_seconds()),
            httponly=True,
            samesite="lax",  # strict would show the form to whoever follows a link to a batch
            secure=request.url.scheme == "https",
        )
        return answer

    async def _leave(self, request: Request) -> None:
        if session := self._access.session_of(request):
            await self._access.sessions.remove(session.id)


async def _fields(request: Request) -> dict[str, str]:
    """Of a form, or of a JSON object; nothing where it is neither."""
    try:
        read = READERS.get(media_type(request.headers), _nothing)
        return read((await request.body()).decode())
    except (ClientDisconnect, JSONDecodeError, UnicodeDecodeError, TypeError, ValueError):
        return {}


def _form(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, max_num_fields=10).items()}


def _json(text: str) -> dict[str, str]:
    return {name: str(value) for name, value in dict(json.loads(text)).items()}


def _nothing(_: str) -> dict[str, str]:
    return {}


READERS = {"application/x-www-form-urlencoded": _form, "application/json": _json}


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
