"""Guard: one pure-ASGI layer in front of everything: pages, API, files, and the socket.

It also sees whether a page of another site asks. Browsers say so in three ways, the older ones in
fewer; programs mostly in none.
"""

import logging
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from batchgen_app.access import words
from batchgen_app.access.access import Access
from batchgen_app.access.callers import KEY, NOBODY, Caller, end_with, only_while
from batchgen_app.access.hosts import is_loopback, party
from batchgen_app.access.login import Login, is_login_address
from batchgen_app.access.policy import READING, verb_of
from batchgen_app.access.proxies import is_here
from batchgen_app.access.rate_limits import RateLimit
from batchgen_app.access.request_limits import LARGEST, LARGEST_FORM, Body, check_size
from batchgen_app.access.responses import Refused, answer, with_headers
from batchgen_app.adapters.addresses import SOCKET
from batchgen_app.core.host_names import host_of
from batchgen_app.language.choosing import of_device
from batchgen_app.language.texts import asked_in

logger = logging.getLogger(__name__)

NO_ANSWER = "No response returned."


class Guard:
    """Lets through what is asked for under a name of ours, by a page of ours or by no page, by
    somebody who may; everything else goes no further than this. The paths ``only_here`` are for
    those who sit at this computer; ``owner_of`` tells whom something belongs to that is one
    device's alone, and None of everything else.
    """

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        pace: RateLimit | None = None,
        *,
        only_here: Collection[str] = (),
        owner_of: Callable[[Scope], Caller | None] = lambda _: None,
    ) -> None:
        self.app = app
        self._access = access
        self._login = Login(access)
        self._rate_limit = pace or RateLimit()
        self._only_here = frozenset(only_here)
        self._owner_of = owner_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        # Around everything, so that refusals have the security headers, too.
        request, send = HTTPConnection(scope), with_headers(send)
        with asked_in(of_device(request.cookies, request.headers.get("accept-language", ""))):
            await self._answer(request, scope, receive, send)

    async def _answer(
        self, request: HTTPConnection, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            caller = await self._checked(request)
        except Refused as refused:
            _log(refused, request)
            await answer(refused, request, self._access.page)(scope, receive, send)
            return
        await self._let_in({**scope, KEY: caller}, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller: Caller = scope[KEY]
        if scope["type"] == "websocket":
            await end_with(caller, self.app, scope, receive, send)
            return
        at_login = is_login_address(scope["path"])
        body = Body(receive, send, largest=_largest(scope))
        app = self._login if at_login else self.app
        try:
            await app(scope, body.receive, only_while(caller, body.send))
        except OSError:
            # OutNow, which is an OSError, is how the app was kept from sending more.
            if not caller.is_gone:
                raise
            if not body.has_begun:
                asked = HTTPConnection(scope)
                await answer(self._access.farewell(), asked, self._access.page)(
                    scope, receive, send
                )
        except RuntimeError as error:
            # Starlette's BaseHTTPMiddleware, of which NiceGUI has two, complains that nothing was
            # answered even where the client had left before.
            if not (body.has_ended_early and str(error) == NO_ANSWER):
                raise

    async def _checked(self, request: HTTPConnection) -> Caller:
        """Who asks, if this request may go on. Raises Refused."""
        self._check_host(request)
        check_origin(request)
        self._check_rate(request)
        check_size(request.scope, _largest(request.scope))
        if is_login_address(request.scope["path"]):
            return self._at_login(request)
        caller = await self._access.identify(request)
        scope = request.scope
        if not caller.may(verb_of(scope.get("method", "GET"), scope["path"])):
            raise Refused(403, "view_only", words.VIEW_ONLY)
        if scope["path"] in self._only_here and not caller.is_here:
            raise Refused(403, "only_here", words.ONLY_HERE)
        owner = self._owner_of(scope)
        if owner and not owner.is_same_as(caller):
            raise Refused(403, "not_yours", words.NOT_YOURS)
        return caller

    def _check_host(self, request: HTTPConnection) -> None:
        given = request.headers.getlist("host")
        host = host_of(given[0]) if len(given) == 1 else None
        server = request.scope.get("server") or ("",)
        reached_at = server[0] if self._access.lan.is_open else None
        if host is None or not self._access.names.knows(host, reached_at):
            raise Refused(421, "unknown_host", words.UNKNOWN_HOST)

    def _check_rate(self, request: HTTPConnection) -> None:
        address = request.client.host if request.client else ""
        if not is_loopback(address) and not self._rate_limit.allows(party(request.scope)):
            raise Refused(429, "too_often", words.TOO_OFTEN, {"retry-after": "1"})

    def _at_login(self, request: HTTPConnection) -> Caller:
        if not (self._access.lan.is_open or is_here(request)):
            raise Refused(403, "lan_off", words.LAN_OFF)
        return NOBODY


def _largest(scope: Scope) -> int:
    return LARGEST_FORM if is_login_address(scope["path"]) else LARGEST


def _log(refused: Refused, request: HTTPConnection) -> None:
    """Without what was sent along: it may be a secret, or made to mislead whoever reads."""
    address = request.client.host if request.client else "?"
    what = request.scope.get("method", "websocket")
    logger.info("Refused %s to %s: %s", what, address, refused.code)


PORTS = {"http": 80, "https": 443}
SECURE = {"ws": "http", "wss": "https"}
OURS = {"same-origin", "none"}
"""Said of a page of ours, or of what somebody typed. Another port of this computer is the same site
to a browser, and still somebody else; and so is whatever a later browser may say.
"""

Origin = tuple[str, str, int]
"""Scheme, host and port: another scheme is another origin (RFC 6454)."""


def check_origin(request: HTTPConnection) -> None:
    """Raises Refused for what a page of another site asks for. A link may lead here from anywhere;
    what changes something must not come from elsewhere, however a browser tells.
    """
    own = _own(request)
    named = request.headers.getlist("origin")
    if _changes_something(request):
        named += request.headers.getlist("referer")
    if any(_origin(url) != own for url in named) or _was_fetched_elsewhere(request):
        raise Refused(403, "foreign_origin", words.FOREIGN_ORIGIN)


def _own(request: HTTPConnection) -> Origin | None:
    scheme = request.scope.get("scheme", "http")
    return _origin(f"{SECURE.get(scheme, scheme)}://{request.headers['host']}")


def _origin(url: str) -> Origin | None:
    """None where it makes no sense, like the “null” of a page that hides where it is from."""
    try:
        parts = urlsplit(url.lower())
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and not parts.username else None


def _changes_something(request: HTTPConnection) -> bool:
    """A GET is enough to open a socket."""
    scope = request.scope
    return (
        scope["type"] == "websocket"
        or scope["method"] not in READING
        or scope["path"].startswith(SOCKET)
    )


def _was_fetched_elsewhere(request: HTTPConnection) -> bool:
    """As a part of a page, or in order to change something (W3C, Fetch Metadata)."""
    site = _said(request, "sec-fetch-site")
    # Said exactly once, and one of ours: two of them, or an unknown word, are foreign.
    if not site or site in ([ours] for ours in OURS):
        return False
    is_link = _said(request, "sec-fetch-mode") in ([], ["navigate"])
    return not is_link or _changes_something(request)


def _said(request: HTTPConnection, header: str) -> list[str]:
    """Once, by a browser."""
    return [value.strip().lower() for value in request.headers.getlist(header)]
