"""A real HTTP server that answers what a test tells it to, also wrongly."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered; ``cut`` ends the connection after that many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


class Silence:
    """No answer at all; the connection stays open."""


Script: TypeAlias = Callable[[Request], "Reply | Silence | object"]


class ScriptedServer:
    """Answers by ``script`` on a free port of this host; what is no Reply is sent as JSON."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._open: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self.requests: list[Request] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Answer no more, and end all connections."""
        if self._server:
            self._server.close()
        for writer in self._open:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def asked(self, method: str = "GET") -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests if request.method == method]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side has enough."""
        self._open.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while self._answer(await _read(reader), writer):
                await writer.drain()
            writer.close()

    def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """False if nothing may follow."""
        self.requests.append(request)
        answer = self._script(request)
        if isinstance(answer, Silence):
            return True
        reply = answer if isinstance(answer, Reply) else as_json(answer)
        writer.write(_written(reply))
        return reply.cut is None


def as_json(value: object, status: int = 200) -> Reply:
    """``value`` as JSON."""
    return Reply(status, json.dumps(value).encode())


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    url = urlsplit(target)
    return Request(method, url.path, dict(parse_qsl(url.query)), headers, body)


def _written(reply: Reply) -> bytes:
    headers = dict(reply.headers)
    if "Transfer-Encoding" not in headers:
        headers["Content-Length"] = str(len(reply.body))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {reply.status} -\r\n{head}\r\n".encode() + reply.body[: reply.cut]
