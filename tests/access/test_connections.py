"""Heads that arrive too slowly or never end, and connections without number, over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from batchgen_app.access.request_limits import LARGEST_HEAD, MOST_OF_ONE, Connection
from batchgen_app.adapters.embedded_server import EmbeddedServer, listen_on
from tests.access.neighbour import Neighbour
from tests.access.serving import Served

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
PART = b"GET / HTTP/1.1\r\nHost: loc"


class Hasty(Connection):
    head_seconds = 0.3


async def reader(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that tells how much it has read."""
    size = len(await Request(scope, receive).body())
    await PlainTextResponse(f"{size} read")(scope, receive, send)


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to that app."""
    listening = listen_on("127.0.0.1", 0)
    server = EmbeddedServer(reader, listening)
    server.config.http = Hasty
    await server.open()
    incoming, outgoing = await asyncio.open_connection(*listening.getsockname())
    try:
        async with asyncio.timeout(30):
            yield incoming, outgoing
    finally:
        outgoing.close()
        await server.close()


@pytest.mark.parametrize("drop", [b"x", b"\r\n"])
@pytest.mark.parametrize("earlier", [b"", WHOLE])
async def test_a_head_that_trickles_is_not_waited_for(earlier: bytes, drop: bytes) -> None:
    async with connected() as (incoming, outgoing):
        outgoing.write(earlier + (PART if drop == b"x" else b""))
        answer = asyncio.create_task(incoming.readuntil(b"HTTP/1.1 408"))
        while not answer.done():
            await asyncio.wait([answer], timeout=0.05)
            outgoing.write(drop)
        assert answer.result().count(b"HTTP/1.1 200") == bool(earlier)
        with suppress(ConnectionResetError):  # what still drips when it is closed resets it
            assert b"HTTP" not in await incoming.read()


async def test_who_says_nothing_is_not_waited_for() -> None:
    async with connected() as (incoming, _):
        assert (await incoming.read()).startswith(b"HTTP/1.1 408")


async def test_a_body_may_take_longer_than_a_head() -> None:
    async with connected() as (incoming, outgoing):
        outgoing.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n")
        answer = asyncio.create_task(incoming.readuntil(b"8 read"))
        for _ in range(8):
            await asyncio.wait([answer], timeout=0.05)
            outgoing.write(b"x")
        await answer


async def test_a_large_body_is_not_taken_for_a_head() -> None:
    async with connected() as (incoming, outgoing):
        size = 20 * LARGEST_HEAD
        head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n"
        outgoing.write(head.encode() + b" " * size + WHOLE)
        await incoming.readuntil(f"{size} read".encode())
        await incoming.readuntil(b"0 read")


CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\n", b"GET /", CHUNKED])
@pytest.mark.parametrize("more", [b"x", b"x: y\r\n"])
async def test_a_head_without_end_is_cut(head: bytes, more: bytes) -> None:
    async with connected() as (incoming, outgoing):
        outgoing.write(head + (b"x: " if head.endswith(b"\n") else b""))
        outgoing.write(more * (LARGEST_HEAD * 10 // len(more)))
        assert b"HTTP/1.1 200" not in await _heard(incoming)


async def _heard(incoming: asyncio.StreamReader) -> bytes:
    try:
        return await incoming.read()
    except ConnectionResetError:
        return b""


def test_slow_heads_from_one_address_keep_nobody_else_waiting(
    app: Served, neighbour: Neighbour
) -> None:
    """As many connections as it gets, each in the middle of a head."""
    with ExitStack() as closing:

        def begin() -> socket.socket:
            where = (neighbour.address, app.port)
            begun = closing.enter_context(neighbour.do(socket.create_connection, where))
            begun.sendall(PART)
            return begun

        slow = [begin() for _ in range(MOST_OF_ONE)]
        one_more = begin()
        one_more.settimeout(30)
        assert not _read(one_more)
        for _ in range(5):
            slow[0].sendall(b"x")
            assert httpx.get(f"{app.address}/api/health").status_code == 200


def _read(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1000)
    except ConnectionResetError:
        return b""
