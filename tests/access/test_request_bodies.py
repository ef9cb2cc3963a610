"""Bodies that arrive too slowly, over a real socket."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchgen_app.access.request_limits import Body
from batchgen_app.adapters.embedded_server import EmbeddedServer, listen_on

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"


def reader(pause: float, whole: float) -> ASGIApp:
    """An app that wants a whole body, within these seconds."""

    async def read_body(scope: Scope, receive: Receive, send: Send) -> None:
        body = Body(receive, send, pause=pause, whole=whole)
        try:
            read = await Request(scope, body.receive).body()
        except ClientDisconnect:
            read = b"left"
        await PlainTextResponse(read)(scope, body.receive, body.send)

    return read_body


async def _answer(*pieces: bytes, pause: float = 0.3, whole: float = 1.0) -> bytes:
    """What comes back when the body arrives in these pieces, each a moment after the other."""
    listening = listen_on("127.0.0.1", 0)
    server = EmbeddedServer(reader(pause, whole), listening)
    await server.open()
    try:
        incoming, outgoing = await asyncio.open_connection(*listening.getsockname())
        outgoing.write(HEAD)
        answer = asyncio.create_task(incoming.read(65536))
        for piece in pieces:
            await asyncio.wait([answer], timeout=0.15)
            outgoing.write(piece)
        async with asyncio.timeout(30):
            got = await answer
        outgoing.close()
        return got
    finally:
        await server.close()


async def test_a_body_in_pieces_is_fine() -> None:
    answer = await _answer(b"0123", b"456789", pause=30, whole=60)
    assert answer.endswith(b"0123456789")


async def test_a_body_that_stops_is_not_waited_for() -> None:
    answer = await _answer(b"0123")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code": "too_slow"' in answer


async def test_a_body_that_trickles_for_ever_is_not_either() -> None:
    answer = await _answer(*[b"0"] * 9)
    assert answer.startswith(b"HTTP/1.1 408")


async def test_a_refusal_is_an_answer_after_which_there_is_no_other() -> None:
    sent: list[Message] = []

    async def nothing() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nothing comes")

    async def send(message: Message) -> None:
        sent.append(message)

    body = Body(nothing, send, pause=0.01)
    assert (await body.receive())["type"] == "http.disconnect"
    assert sent[0]["status"] == 408
    assert body.has_begun
