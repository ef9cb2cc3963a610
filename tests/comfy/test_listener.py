"""ComfyListener against a real websocket server that plays recordings, drops and falls silent."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import repeat
from typing import Any

import pytest

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.listener import ComfyListener, Connected, Disconnected, Heard
from batchgen_app.comfy.messages import FeatureFlags, Message, Preview, PromptEnded, Status
from batchgen_app.comfy.parsing import parse_binary, parse_text
from tests.comfy.ear import Ear
from tests.comfy.http_server import Reply, Request, ScriptedServer
from tests.comfy.recorded import TRANSCRIPTS, frames
from tests.comfy.websocket_server import (
    STATUS,
    closing,
    deaf_server,
    playing,
    playing_then_dropping,
    staged,
)

FLAGS = {"type": "feature_flags", "data": {"supports_preview_metadata": True}}
END = '{"type": "executing", "data": {"node": null, "prompt_id": "p"}}'
HELLO = Status(0)
NOT_FOUND = Reply(404)
SOCKETS = sorted({(path.stem, said.socket) for path in TRANSCRIPTS for said in frames(path.name)})


class Knock:
    """A server's script that lets nobody in, and tells when somebody wanted to."""

    def __init__(self, answer: Reply = NOT_FOUND) -> None:
        self._answer = answer
        self._times = asyncio.Semaphore(0)

    def refuse(self, _: Request) -> Reply:
        self._times.release()
        return self._answer

    async def heard(self, times: int) -> None:
        async with asyncio.timeout(20):
            for _ in range(times):
                await self._times.acquire()


@asynccontextmanager
async def listening(
    url: str, ear: Callable[[Heard], None], **options: Any
) -> AsyncIterator[ComfyListener]:
    """A listener that does not pause between connections."""
    headers = {"X-API-Key": "secret"}
    quick = {"delays": lambda: repeat(0.0), **options}
    async with (
        ComfyClient(url, headers=headers) as client,
        ComfyListener(client, ear, **quick) as listener,
    ):
        yield listener


def parsed(frame: str | bytes) -> Message | None:
    return parse_text(frame) if isinstance(frame, str) else parse_binary(frame)


async def test_every_connection_begins_with_the_flags_and_a_client_id_of_its_own() -> None:
    ear = Ear()
    async with (
        staged(playing_then_dropping(), closing, playing(END)) as stage,
        listening(stage.url, ear) as listener,
    ):
        await ear.until(lambda: PromptEnded("p") in ear.heard)
        assert listener.client_id == stage.calls[2].client_id
    ids = [call.client_id for call in stage.calls]
    assert len(set(ids)) == 3
    assert ear.of(Connected) == [Connected(client_id) for client_id in ids]
    assert [call.first_words for call in stage.calls] == [FLAGS] * 3
    assert {call.path for call in stage.calls} == {"/prefix/ws"}


async def test_headers_go_along_and_origin_does_not() -> None:
    ear = Ear()
    async with staged(playing(END)) as stage, listening(stage.url, ear):
        await ear.until(lambda: PromptEnded("p") in ear.heard)
    assert stage.calls[0].headers["X-API-Key"] == "secret"
    assert "Origin" not in stage.calls[0].headers


@pytest.mark.parametrize(("name", "socket"), SOCKETS)
async def test_a_recorded_conversation_is_heard_whole_and_in_order(name: str, socket: str) -> None:
    recorded = [said.frame for said in frames(name, socket)]
    ear = Ear()
    async with staged(playing(*recorded)) as stage, listening(stage.url, ear):
        await ear.until(lambda: len(ear.heard) == len(recorded) + 2)
    connected, hello, *heard = ear.heard
    assert isinstance(connected, Connected)
    assert hello == HELLO
    assert heard == [parsed(frame) for frame in recorded]


async def test_the_recorded_drop_is_told_and_the_next_connection_goes_on() -> None:
    before = [said.frame for said in frames("h_ws_drop", "ws")]
    after = [said.frame for said in frames("h_ws_drop", "ws2")]
    ear = Ear()
    async with (
        staged(playing_then_dropping(*before), playing(*after)) as stage,
        listening(stage.url, ear),
    ):
        await ear.until(lambda: len(ear.heard) == len(before) + len(after) + 5)
    kinds = [type(heard) for heard in ear.heard]
    lost = kinds.index(Disconnected)
    assert kinds[lost + 1] is Connected
    assert ear.heard[2:lost] == [parsed(frame) for frame in before]
    assert ear.heard[lost + 3 :] == [parsed(frame) for frame in after]


async def test_frames_that_nobody_understands_are_passed_over() -> None:
    odd: list[str | bytes] = [
        "",
        "no JSON",
        '{"type": "news", "data": {}}',
        b"",
        b"\0\0\0\4\xff\xff\xff\xff",
        b"\1" * 9,
    ]
    ear = Ear()
    async with staged(playing(*odd, END)) as stage, listening(stage.url, ear):
        await ear.until(lambda: PromptEnded("p") in ear.heard)
    assert ear.heard[1:] == [HELLO, PromptEnded("p")]


async def test_a_picture_of_three_million_bytes_comes_through() -> None:
    picture = b"\0\0\0\1\0\0\0\2" + b"x" * 3_148_840
    ear = Ear()
    async with staged(playing(picture)) as stage, listening(stage.url, ear):
        await ear.until(lambda: bool(ear.of(Preview)))
    assert ear.of(Preview)[0].picture == picture[8:]


async def test_who_is_slow_to_deal_with_messages_still_gets_all_in_order() -> None:
    ear = Ear()

    def slowly(heard: Heard) -> None:
        time.sleep(0.002)
        ear(heard)

    many = [f'{{"type": "execution_start", "data": {{"prompt_id": "{n}"}}}}' for n in range(300)]
    async with staged(playing(*many)) as stage, listening(stage.url, slowly):
        await ear.until(lambda: len(ear.heard) == len(many) + 2)
    assert ear.heard[2:] == [parse_text(frame) for frame in many]


async def test_who_stumbles_over_a_message_gets_the_next_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ear = Ear()

    def stumbling(heard: Heard) -> None:
        ear(heard)
        raise RuntimeError("stumbled")

    async with staged(playing(END)) as stage, listening(stage.url, stumbling):
        await ear.until(lambda: PromptEnded("p") in ear.heard)
    assert "stumbled" in caplog.text


async def test_a_server_that_comes_later_is_found() -> None:
    knock, ear = Knock(), Ear()
    async with (
        ScriptedServer(knock.refuse) as nothing_yet,
        listening(f"{nothing_yet.url}/prefix", ear) as listener,
    ):
        await knock.heard(times=1)
        assert listener.client_id is None
        await nothing_yet.close()
        async with staged(playing(END), port=int(nothing_yet.url.rpartition(":")[2])):
            await ear.until(lambda: PromptEnded("p") in ear.heard)
    assert isinstance(ear.heard[0], Connected)


async def test_waiting_for_a_connection_ends_when_there_is_one() -> None:
    async with staged(playing(END)) as stage, listening(stage.url, Ear()) as listener:
        assert listener.client_id is None
        async with asyncio.timeout(20):
            await listener.connected()
        assert listener.client_id is not None


async def test_a_redirect_is_not_followed() -> None:
    async with staged(playing(END)) as elsewhere:
        target = elsewhere.url.replace("http", "ws") + "/ws?clientId=x"
        knock = Knock(Reply(302, headers={"Location": target}))
        async with ScriptedServer(knock.refuse) as server, listening(server.url, Ear()):
            await knock.heard(times=3)
        assert elsewhere.calls == []


async def test_a_connection_that_went_dead_is_noticed_by_its_missing_pongs() -> None:
    ear = Ear()
    async with deaf_server(STATUS) as url, listening(url, ear, ping_every=0.05):
        await ear.until(lambda: len(ear.of(Connected)) == 2)
    assert "ping timeout" in ear.of(Disconnected)[0].reason


async def test_a_connection_on_which_nothing_is_said_is_given_up() -> None:
    ear = Ear()
    async with deaf_server("", STATUS) as url, listening(url, ear, first_word=0.2):
        await ear.until(lambda: bool(ear.of(Connected)))
    assert ear.of(Disconnected) == []


async def test_nothing_is_posted_for_a_connection_that_is_being_given_up() -> None:
    ear = Ear()
    async with deaf_server(STATUS) as url, listening(url, ear) as listener:
        await listener.connected()
        before = listener.client_id
        assert before
        listener.reconnect()
        meanwhile = listener.client_id
        assert meanwhile is None
        await listener.connected()
        assert listener.client_id not in {before, None}
    assert ear.of(Connected)[0] == Connected(before)


class TestExpectStatus:
    async def test_makes_a_silent_connection_anew(self, caplog: pytest.LogCaptureFixture) -> None:
        ear = Ear()
        async with staged(playing()) as stage, listening(stage.url, ear) as listener:
            await listener.connected()
            with caplog.at_level(logging.WARNING):
                listener.expect_status(since=time.monotonic(), within=0.01)
                await ear.until(lambda: len(ear.of(Connected)) == 2)
        assert "websocket is silent" in caplog.text

    async def test_leaves_a_connection_alone_on_which_something_came(self) -> None:
        ear = Ear()
        posted_at = time.monotonic()
        async with staged(playing(STATUS, END)) as stage, listening(stage.url, ear) as listener:
            await ear.until(lambda: PromptEnded("p") in ear.heard)
            listener.expect_status(since=posted_at, within=0.0)
            listener.expect_status(since=time.monotonic(), within=60.0)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert listener.client_id == stage.calls[0].client_id

    async def test_means_the_connection_on_which_it_was_asked(self) -> None:
        ear = Ear()
        async with staged(playing()) as stage, listening(stage.url, ear) as listener:
            await listener.connected()
            listener.expect_status(since=time.monotonic(), within=0.0)
            listener.expect_status(since=time.monotonic(), within=0.05)
            await ear.until(lambda: len(ear.of(Connected)) == 2)
            listener.reconnect()
            listener.reconnect()
            await ear.until(lambda: len(ear.of(Connected)) == 3)


async def test_leaving_ends_at_once_also_while_nobody_answers() -> None:
    ear = Ear()
    async with ScriptedServer(Knock().refuse) as server:
        address = server.url
    async with asyncio.timeout(5):
        async with listening(address, ear, delays=lambda: repeat(3600.0)):
            pass
    assert ear.of(Connected, Disconnected, FeatureFlags) == []


async def test_in_a_hurry_the_next_connection_is_tried_for_at_once() -> None:
    knock = Knock()
    async with (
        ScriptedServer(knock.refuse) as server,
        listening(server.url, Ear(), delays=lambda: repeat(3600.0)) as listener,
    ):
        await knock.heard(1)
        listener.hurry()
        await knock.heard(1)
