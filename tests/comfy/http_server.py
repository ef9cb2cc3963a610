"""A real HTTP server that answers what a test tells it to, also wrongly."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias
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


@dataclass
class ScriptedServer:
    """Answers by ``script``; whatever is no Reply is sent as JSON."""

    script: Script
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    open: list[asyncio.StreamWriter] = field(default_factory=list)

    def asked(self, method: str = "GET") -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests if request.method == method]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side has enough."""
        self.open.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._answer(await _read(reader), writer):
                await writer.drain()
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """False if nothing may follow."""
        self.requests.append(request)
        answer = self.script(request)
        if isinstance(answer, Silence):
            return True
        reply = answer if isinstance(answer, Reply) else as_json(answer)
        writer.write(_written(reply))
        return reply.cut is None

    async def close(self) -> None:
        """End all connections."""
        for writer in self.open:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


def as_json(value: object, status: int = 200) -> Reply:
    """``value`` as JSON."""
    return Reply(status, json.dumps(value).encode())


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[ScriptedServer]:
    """A server on a free port of this host."""
    scripted = ScriptedServer(script)
    server = await asyncio.start_server(scripted.talk, "127.0.0.1", 0)
    scripted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield scripted
    finally:
        server.close()
        await scripted.close()


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
