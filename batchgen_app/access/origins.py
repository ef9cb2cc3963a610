"""Origins: whether a page of another site asks. Browsers say so in three ways, the older ones in
fewer; programs mostly in none.
"""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from batchgen_app.access import words
from batchgen_app.access.policy import READING, SOCKET
from batchgen_app.access.refusals import Refused

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
    if not site or site in ([ours] for ours in OURS):
        return False
    is_link = _said(request, "sec-fetch-mode") in ([], ["navigate"])
    return not is_link or _changes_something(request)


def _said(request: HTTPConnection, header: str) -> list[str]:
    """Once, by a browser."""
    return [value.strip().lower() for value in request.headers.getlist(header)]
