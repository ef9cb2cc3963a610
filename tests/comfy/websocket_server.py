"""A real websocket server that plays what a test tells it to, one connection after another."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.server import ServerProtocol

STATUS = json.dumps({"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 0}}}})


@dataclass(frozen=True)
class Call:
    """A client that came: where to, with which headers, and the first that it said."""

    path: str
    client_id: str
    headers: Headers
    first_words: object


Play: TypeAlias = Callable[[ServerConnection], Awaitable[None]]


@dataclass
class Stage:
    """Plays the first of ``plays`` on the first connection, and so on; the last one for ever."""

    plays: list[Play]
    url: str = ""
    calls: list[Call] = field(default_factory=list)

    async def perform(self, socket: ServerConnection) -> None:
        """Greet, hear the flags, play."""
        await socket.send(STATUS)
        self.calls.append(_call(socket, json.loads(await socket.recv())))
        await self.plays[min(len(self.calls), len(self.plays)) - 1](socket)


@asynccontextmanager
async def staged(*plays: Play, port: int = 0) -> AsyncIterator[Stage]:
    """A websocket server on this host."""
    stage = Stage(list(plays))
    async with serve(stage.perform, "127.0.0.1", port, max_size=None) as server:
        stage.url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/prefix"
        yield stage


def playing(*frames: str | bytes) -> Play:
    """Sends ``frames`` and stays."""

    async def play(socket: ServerConnection) -> None:
        for frame in frames:
            await socket.send(frame)
        await socket.wait_closed()

    return play


def playing_then_dropping(*frames: str | bytes) -> Play:
    """Sends ``frames`` and ends without a close frame, as a server does that is killed."""

    async def play(socket: ServerConnection) -> None:
        for frame in frames:
            await socket.send(frame)
        await socket.ping()
        socket.transport.close()

    return play


async def closing(socket: ServerConnection) -> None:
    """Ends politely."""
    await socket.close()


@asynccontextmanager
async def deaf_server(*words: str) -> AsyncIterator[str]:
    """Takes handshakes; says the first word on the first connection, and so on, the last one for
    ever; then neither hears nor speaks, not even a pong.
    """
    left = list(words)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = ServerProtocol()
        protocol.receive_data(await reader.readuntil(b"\r\n\r\n"))
        (request,) = protocol.events_received()
        assert isinstance(request, Request)
        protocol.send_response(protocol.accept(request))
        if word := left.pop(0) if len(left) > 1 else left[0]:
            protocol.send_text(word.encode())
        writer.writelines(protocol.data_to_send())
        await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _call(socket: ServerConnection, first_words: object) -> Call:
    assert socket.request is not None
    url = urlsplit(socket.request.path)
    (client_id,) = parse_qs(url.query)["clientId"]
    return Call(url.path, client_id, socket.request.headers, first_words)
