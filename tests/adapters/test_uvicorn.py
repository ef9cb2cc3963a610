"""uvicorn 0.54.0 keeps its listening sockets, its connections and its wish to end where the app
takes them from.
"""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

import httpx
import pytest
from starlette.responses import PlainTextResponse

from batchgen_app.adapters.uvicorn import HttpConnection, Server, configured
from tests.studio import until

ASKED = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


class Refusing(HttpConnection):
    """Tells what it knows of itself, and hangs up on whoever asks a third time."""

    requests = 0

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.requests += 1
        if self.requests == 3:
            self.hang_up(HTTPStatus.TOO_MANY_REQUESTS)


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Server, socket.socket, list[str]]]:
    """A server, where it listens, and what it has told."""
    told: list[str] = []
    ready = asyncio.Event()

    async def started() -> None:
        told.append("started")
        ready.set()

    listening = socket.create_server(("127.0.0.1", 0))
    config = configured(PlainTextResponse("here"), Refusing, grace=1)
    server = Server(config, started, lambda: told.append("ends"))
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve([listening]))
        await ready.wait()
        yield server, listening, told
        server.leave()


async def asked(listening: socket.socket) -> str:
    host, port = listening.getsockname()
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://{host}:{port}")).text


async def connected(listening: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*listening.getsockname())


async def closed(outgoing: asyncio.StreamWriter) -> None:
    outgoing.close()
    with suppress(ConnectionError):
        await outgoing.wait_closed()


async def test_it_says_when_it_can_be_reached_and_when_it_ends() -> None:
    async with serving() as (_, listening, told):
        assert (await asked(listening), told) == ("here", ["started"])
    assert told == ["started", "ends"]


async def test_it_listens_in_a_second_place_until_that_is_closed() -> None:
    async with serving() as (server, first, _):
        second = socket.create_server(("127.0.0.1", 0))
        also = await server.listen_also(second)
        assert [await asked(first), await asked(second)] == ["here", "here"]
        place = second.getsockname()
        also.close()
        await also.wait_closed()
        second.close()
        with socket.socket() as knocking:
            assert knocking.connect_ex(place) == errno.ECONNREFUSED
        assert await asked(first) == "here"


@pytest.mark.parametrize(("meant", "left"), [("127.0.0.1", b""), ("10.0.0.1", b"HTTP/1.1 200 OK")])
async def test_connections_from_an_address_can_be_ended(meant: str, left: bytes) -> None:
    async with serving() as (server, listening, _):
        incoming, outgoing = await connected(listening)
        outgoing.write(ASKED)
        await incoming.readuntil(b"here")
        server.abort(lambda address: address == meant)
        outgoing.write(ASKED)
        try:
            answer = await incoming.read(15)
        except ConnectionResetError:
            answer = b""
        assert answer == left
        await closed(outgoing)


async def test_a_connection_is_refused_in_words_where_no_answer_is_under_way() -> None:
    async with serving() as (_, listening, _told):
        incoming, outgoing = await connected(listening)
        for _ in range(2):
            outgoing.write(ASKED)
            await incoming.readuntil(b"here")
        outgoing.write(ASKED)
        assert (await incoming.read()).startswith(b"HTTP/1.1 429 Too Many Requests\r\n")
        await closed(outgoing)


async def test_a_signal_ends_the_serving_and_nothing_else() -> None:
    before = signal.getsignal(signal.SIGTERM)
    async with serving() as (server, _, told):
        os.kill(os.getpid(), signal.SIGTERM)
        await until(lambda: server.should_exit)
    assert told == ["started", "ends"]
    assert signal.getsignal(signal.SIGTERM) is before
