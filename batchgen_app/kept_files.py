"""Scripts and style sheets are answered from memory, as they were when first asked for.

A page that nobody has opened before asks for some forty of them. Each would go through everything
that pages need, be read by threads and compressed anew: together more work than the page itself.
"""

from collections.abc import Sequence
from typing import TypeAlias

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1_000_000
"""Bytes of an answer that is kept."""
AT_MOST = 8_000_000
"""Bytes of all that are kept: many times what the pages ask for."""
OTHERWISE = ("range", "if-none-match", "if-modified-since", "cache-control")
"""Headers of those who want another answer than the whole file: a part, or what is new."""

Which: TypeAlias = tuple[str, bytes, bool]
"""Path, query, and whether it may be compressed."""


class KeptFiles:
    """Before an application: keeps what it answers below ``folders`` and anybody may keep."""

    def __init__(self, app: ASGIApp, folders: Sequence[str]) -> None:
        self.app = app
        self._folders = tuple(folders)
        self._kept: dict[Which, list[Message]] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        which = self._which(scope)
        if which is None:
            await self.app(scope, receive, send)
        elif which in self._kept:
            for message in self._kept[which]:
                await send(dict(message))  # others write on it
        else:
            await self._ask(which, scope, receive, send)

    def _which(self, scope: Scope) -> Which | None:
        """None where it is no file that is kept, or is not wanted as it was kept."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        if not scope["path"].startswith(self._folders):
            return None
        headers = Headers(scope=scope)
        if any(name in headers for name in OTHERWISE):
            return None
        return scope["path"], scope["query_string"], "gzip" in headers.get("accept-encoding", "")

    async def _ask(self, which: Which, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def hearing(message: Message) -> None:
            answer.append(dict(message))
            await send(message)

        await self.app(scope, receive, hearing)
        size = sum(len(message.get("body", b"")) for message in answer)
        if _may_be_kept(answer) and size <= min(LARGEST, AT_MOST - self._bytes):
            self._bytes += size
            self._kept[which] = answer


def _may_be_kept(answer: Sequence[Message]) -> bool:
    """Whether it is a whole file that is the same for everybody. Whoever asked may have left before
    it was whole: then the rest is not there, or nothing but its head.
    """
    if not answer or answer[0].get("status") != 200:
        return False
    told = Headers(raw=answer[0]["headers"])
    is_ended = answer[-1]["type"] == "http.response.body" and not answer[-1].get("more_body")
    is_public = "public" in told.get("cache-control", "") and "set-cookie" not in told
    size = sum(len(message.get("body", b"")) for message in answer)
    return is_ended and is_public and told.get("content-length", str(size)) == str(size)
