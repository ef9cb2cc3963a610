"""A path below which everything is served, for proxies that give one name to several apps.

What lies between the two layers sees addresses without it, whether the proxy keeps it or not.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class WithoutRoot:
    """The outer one: takes it away, and has redirects lead below it."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self.app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._root or scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return

        async def send_below(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("location", "").startswith("/"):
                    headers["location"] = f"{self._root}{headers['location']}"
            await send(message)

        await self.app(self._without(scope), receive, send_below)

    def _without(self, scope: Scope) -> Scope:
        path: str = scope["path"]
        if path != self._root and not path.startswith(f"{self._root}/"):
            return scope
        raw: bytes = scope.get("raw_path") or b""
        shorter = {"path": path.removeprefix(self._root) or "/"}
        return {**scope, **shorter, "raw_path": raw.removeprefix(self._root.encode()) or b"/"}


class WithRoot:
    """The inner one: says where the app behind it is, as ASGI does."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self.app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._root and scope["type"] != "lifespan":
            raw = self._root.encode() + (scope.get("raw_path") or b"")
            longer = {"path": f"{self._root}{scope['path']}", "raw_path": raw}
            scope = {**scope, **longer, "root_path": self._root}
        await self.app(scope, receive, send)
