"""Proxies: who asks, where a reverse proxy or a tunnel asks for them.

The outermost layer: whatever is behind it takes as true what it leaves. Proxies that somebody
trusts are believed when they say for whom they ask, by which scheme and under which name. Nobody
else is, and nothing that is said so gets any further.
"""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from batchgen_app.access.hosts import is_loopback
from batchgen_app.core.host_names import address_of, host_of, network_of

SAYING = ("x-forwarded-", "forwarded")
"""How the headers begin in which they say it."""
SIGNS = ("via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")
"""Other headers by which one sees that a proxy asks."""
PROXIED = "batchgen.proxied"
"""Where the scope says whether one does."""
SCHEMES = {
    "http": {"http": "http", "https": "https"},
    "websocket": {"http": "ws", "https": "wss"},
}


def is_here(request: HTTPConnection) -> bool:
    """Whether somebody at this computer asks, and no proxy for somebody else."""
    address = request.client.host if request.client else ""
    return is_loopback(address) and not _is_proxied(request.scope, request.headers)


class Proxies:
    """``trusted`` are addresses and networks of proxies."""

    def __init__(self, app: ASGIApp, trusted: Sequence[str] = ()) -> None:
        self.app = app
        self._trusted = tuple(map(network_of, trusted))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            scope = self._put_right(scope)
        await self.app(scope, receive, send)

    def _put_right(self, scope: Scope) -> Scope:
        said = Headers(scope=scope)
        peer = (scope.get("client") or ("", 0))[0]
        right = {**scope, PROXIED: _is_proxied(scope, said), "headers": _without(scope, *SAYING)}
        if not self._trusts(peer):
            return right
        if (client := self._asked_for(said)) and client != peer:
            right["client"] = (client, 0)
        if host := _only(said, "x-forwarded-host"):
            right["headers"] = [(b"host", host.encode("latin-1")), *_without(right, "host")]
        spoken = SCHEMES[scope["type"]].get(_only(said, "x-forwarded-proto").lower())
        return {**right, "scheme": spoken or scope["scheme"]}

    def _asked_for(self, said: Headers) -> str:
        """The nearest address that is no proxy of ours: what is before it, anybody may have said.
        Empty where there is none that makes sense.
        """
        nearest = ""
        for text in reversed(",".join(said.getlist("x-forwarded-for")).split(",")):
            address = address_of(text.strip()) or address_of(host_of(text.strip()) or "")
            if address is None:
                return nearest
            nearest = str(address)
            if not self._trusts(nearest):
                return nearest
        return nearest

    def _trusts(self, text: str) -> bool:
        address = address_of(text)
        return address is not None and any(address in network for network in self._trusted)


def _is_proxied(scope: Scope, said: Headers) -> bool:
    signs = (name in SIGNS or name.startswith(SAYING) for name in dict(said))
    return bool(scope.get(PROXIED)) or any(signs)


def _without(scope: Scope, *starts: str) -> list[tuple[bytes, bytes]]:
    begun = tuple(start.encode() for start in starts)
    return [(name, value) for name, value in scope["headers"] if not name.startswith(begun)]


def _only(said: Headers, name: str) -> str:
    """Empty where it is not said, or more than once."""
    values = said.getlist(name)
    return values[0].strip() if len(values) == 1 and "," not in values[0] else ""
