"""Servers that mean harm, or are simply broken: whatever they send, there is a reason in words, and
never more memory than the limits allow.
"""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from itertools import repeat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection

from batchgen_app.comfy import transport
from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import ComfyClient, OutputFile
from batchgen_app.comfy.json_text import MOST_ESCAPES, TooMuch, read_json, shortened
from batchgen_app.comfy.listener import LONGEST_MESSAGE, ComfyListener, Disconnected
from batchgen_app.comfy.messages import Progress, PromptEnded
from batchgen_app.comfy.parsing import LONGEST_FRAME, parse_binary, parse_text
from batchgen_app.comfy.transport import ANSWER_LIMIT
from batchgen_app.core.errors import (
    BatchGenError,
    PictureBroken,
    ServerFault,
    ServerUnreachable,
)
from batchgen_app.core.json_values import is_number
from batchgen_app.core.limits import MAX_JSON_VALUES
from tests.comfy.ear import Ear
from tests.comfy.endless_server import CHUNKED, CRUMB, MEGABYTE, endless
from tests.comfy.http_server import Reply
from tests.comfy.talking import always, talking
from tests.comfy.websocket_server import STATUS, playing, staged

FILE = OutputFile("fox.png", "", "output", "9")
GRAPH = {"1": {"class_type": "EmptyImage", "inputs": {}}}
END = '{"type": "executing", "data": {"node": null, "prompt_id": "p"}}'
LONGEST_REASON = 5_000
UNDER_WAY = 32 * 2**20
"""Bytes that the buffers of a connection may hold."""

Question = Callable[[ComfyClient], Awaitable[object]]
QUESTIONS: dict[str, Question] = {
    "stats": lambda client: client.stats(),
    "queue_remaining": lambda client: client.queue_remaining(),
    "object_info": lambda client: client.object_info("KSampler"),
    "models": lambda client: Catalog(client).models(),
    "samplers": lambda client: Catalog(client).samplers(),
    "history": lambda client: client.history("p"),
    "prompt_status": lambda client: client.prompt_status("p"),
    "cancel": lambda client: client.cancel("p"),
    "picture": lambda client: client.picture(FILE, limit=ANSWER_LIMIT),
    "submit": lambda client: client.submit(GRAPH, prompt_id="p", client_id="c"),
}
KEYS = """
    system comfyui_version argv devices name vram_total exec_info queue_remaining p prompt outputs
    status status_str messages queue_running queue_pending images filename subfolder type input
    required ckpt_name sampler_name options KSampler CheckpointLoaderSimple error node_errors errors
    extra_info input_name received_value input_config message details prompt_id number
    execution_error exception_message node_id node_type
"""
keys = st.sampled_from(KEYS.split())
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 2**63, 1e308])
words = st.text(max_size=8) | st.sampled_from(
    ["p", "output", "error", "x" * 3000, "\ud800", "../.."]
)
values = st.recursive(
    st.none() | st.booleans() | numbers | words | keys,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=25,
)
bodies = values.map(json.dumps).map(str.encode) | st.binary(max_size=60)
replies = st.builds(Reply, st.sampled_from([200, 200, 200, 400, 404, 500, 302]), bodies)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
@given(reply=replies)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_whatever_is_answered_there_is_sense_or_a_reason(
    question: Question, reply: Reply
) -> None:
    async with talking(always(reply)) as (client, _):
        told = await said(question(client))
    assert 0 < len(told) < 100_000


async def said(answer: Awaitable[object]) -> str:
    """The answer, or the reason why there is none."""
    try:
        return repr(await answer)
    except BatchGenError as reason:
        assert len(str(reason)) < LONGEST_REASON  # noqa: PT017
        return str(reason)


@given(
    st.lists(st.binary(max_size=40) | st.text(max_size=40) | values.map(json.dumps), max_size=20)
)
@settings(max_examples=50, deadline=None)
async def test_whatever_is_sent_over_the_websocket_the_next_word_is_heard(
    frames: list[str | bytes],
) -> None:
    sent = [
        frame.encode("utf-8", "replace").decode() if isinstance(frame, str) else frame
        for frame in frames
    ]
    ear = Ear()
    async with (
        staged(playing(*sent, END)) as stage,
        ComfyClient(stage.url) as client,
        ComfyListener(client, ear),
    ):
        await ear.until(lambda: PromptEnded("p") in ear.heard)
    assert not ear.of(Disconnected)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
async def test_an_answer_without_end_is_not_read_to_its_end(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batchgen_app.comfy.client.QUEUE_LIMIT", ANSWER_LIMIT)
    async with endless(CHUNKED, MEGABYTE) as server, ComfyClient(server.url) as client:
        assert " bytes." in await said(question(client))
    assert server.sent < len(server.talks) * (ANSWER_LIMIT + UNDER_WAY)


async def test_an_answer_that_announces_too_much_is_not_begun() -> None:
    async with (
        endless(b"HTTP/1.1 200 -\r\nContent-Length: 999999999999\r\n\r\n", b"x" * 1000) as server,
        ComfyClient(server.url) as client,
    ):
        with pytest.raises(PictureBroken, match="larger than"):
            await client.picture(FILE)
    assert server.sent < UNDER_WAY


async def test_a_picture_that_comes_in_crumbs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "DOWNLOAD_SECONDS", 0.3)
    async with endless(CHUNKED, CRUMB, pause=0.01) as server, ComfyClient(server.url) as client:
        with pytest.raises(ServerUnreachable):
            await client.picture(FILE)


async def test_headers_without_end_are_given_up() -> None:
    async with (
        endless(b"HTTP/1.1 200 -\r\n", b"X-More: and more\r\n" * 100) as server,
        ComfyClient(server.url) as client,
    ):
        with pytest.raises(ServerUnreachable):
            await client.stats()
    assert server.sent < UNDER_WAY


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate, gzip"])
async def test_a_packed_answer_is_not_unpacked(encoding: str) -> None:
    bomb = Reply(200, gzip.compress(b"0" * 10**8), {"Content-Encoding": encoding})
    async with talking(always(bomb)) as (client, _):
        for question in (QUESTIONS["stats"], QUESTIONS["picture"]):
            with pytest.raises(ServerFault, match="packed"):
                await question(client)


async def test_cookies_are_not_kept() -> None:
    reply = Reply(
        200, b'{"exec_info": {"queue_remaining": 0}}', {"Set-Cookie": "big=" + "x" * 1000}
    )
    async with talking(always(reply)) as (client, server):
        for _ in range(2):
            await client.queue_remaining()
    assert "cookie" not in server.requests[1].headers


@pytest.mark.parametrize(
    "text",
    ["[" + "[]," * MAX_JSON_VALUES + "[]]", json.dumps("\\" * MOST_ESCAPES)],
    ids=["values", "escapes"],
)
def test_json_of_too_many_values_is_not_read(text: str) -> None:
    with pytest.raises(TooMuch, match="too many"):
        read_json(text)


@pytest.mark.parametrize("number", [10**400, -(10**400), 1e300, float("inf"), float("nan"), True])
def test_numbers_out_of_this_world_are_none(number: float) -> None:
    assert not is_number(number)
    assert len(json.dumps(shortened([number]), allow_nan=False)) < 3_000


@pytest.mark.parametrize(
    ("value", "maximum"), [("1" + "0" * 400, "2"), ("-3", "4"), ("9", "4"), ("0", "-1")]
)
def test_progress_that_makes_no_sense_is_passed_over(value: str, maximum: str) -> None:
    data = f'{{"prompt_id": "p", "node": "1", "value": {value}, "max": {maximum}}}'
    assert not isinstance(parse_text(f'{{"type": "progress", "data": {data}}}'), Progress)


def test_a_frame_that_is_too_long_to_be_read_is_passed_over() -> None:
    said = json.dumps(
        {"type": "execution_start", "data": {"prompt_id": "p", "more": "x" * LONGEST_FRAME}}
    )
    assert parse_text(said) is None


def test_a_preview_that_could_carry_scripts_is_passed_over() -> None:
    about = json.dumps({"prompt_id": "p", "node_id": "1", "image_type": "image/svg+xml"}).encode()
    assert parse_binary(b"\0\0\0\4" + len(about).to_bytes(4, "big") + about + b"<svg/>") is None


def fragment(opcode: int, content: bytes) -> bytes:
    """A websocket frame that is not the last of its message (RFC 6455, section 5.2)."""
    return bytes([opcode, 127]) + len(content).to_bytes(8, "big") + content


async def test_a_websocket_message_without_end_ends_the_connection() -> None:
    """And the next one begins as if nothing had been."""
    sent = 0

    async def rant(socket: ServerConnection) -> None:
        nonlocal sent
        socket.transport.write(fragment(2, b"x"))
        while not socket.transport.is_closing():
            socket.transport.write(fragment(0, b"x" * 2**20))
            sent += 2**20
            await asyncio.sleep(0.001)  # others are on the same loop

    ear = Ear()
    async with (
        staged(rant, playing(END)) as stage,
        ComfyClient(stage.url) as client,
        ComfyListener(client, ear, delays=lambda: repeat(0.0)),
    ):
        await ear.until(lambda: PromptEnded("p") in ear.heard)
    assert "1009" in ear.of(Disconnected)[0].reason
    assert sent < 2 * LONGEST_MESSAGE


async def test_a_server_that_never_stops_talking_leaves_others_their_turn() -> None:
    async def chatter(socket: ServerConnection) -> None:
        while True:
            await socket.send(STATUS)

    ear = Ear()
    async with (
        staged(chatter) as stage,
        ComfyClient(stage.url) as client,
        ComfyListener(client, ear) as listener,
        talking(always({"exec_info": {"queue_remaining": 1}})) as (other, _),
    ):
        await listener.connected()
        async with asyncio.timeout(20):
            assert await other.queue_remaining() == 1
