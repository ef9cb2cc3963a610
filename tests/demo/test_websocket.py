"""Addresses, flags and sockets that come and go: the quirks of PROTOCOL.md, sections 1, 4 and 8."""

import json
import struct
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from batchgen_app.demo import DemoEngine
from tests.demo.graphs import plain, txt2img
from tests.demo.guest import FEATURES, FLAGS, Guest, visiting
from tests.faulty_engine import FaultPlan, HangWhileSampling


def frames(guest: Guest) -> list[bytes]:
    return [message for message in guest.heard if isinstance(message, bytes)]


async def heard_after(guest: Guest) -> list[Any]:
    """What a socket receives up to the answer to a ping: whatever was sent to it by now."""
    pong = await guest.socket.ping()
    await pong
    return guest.heard


async def test_a_socket_without_client_id_gets_a_sid(engine: DemoEngine) -> None:
    async with connect(f"{engine.url.replace('http', 'ws')}/api/ws") as socket:
        greeting = json.loads(await socket.recv())
    assert len(greeting["data"]["sid"]) == 32


async def test_flags_count_only_as_the_first_message(engine: DemoEngine) -> None:
    address = engine.url.replace("http", "ws") + "/ws?clientId=me"
    async with visiting(engine.url, "me") as guest:
        await guest.socket.send("not JSON")
        await guest.socket.send(json.dumps({"type": "hello"}))
        await guest.socket.send(b"\x00\x01")
        await guest.socket.send(json.dumps(FLAGS))
        await guest.run(txt2img())
        assert not [m for m in guest.heard if isinstance(m, dict) and m["type"] == FLAGS["type"]]
        assert {struct.unpack(">I", frame[:4])[0] for frame in frames(guest)} == {1}
    async with connect(address) as socket:
        await socket.send(json.dumps(FLAGS))
        await socket.recv()
        answer = json.loads(await socket.recv())
    assert answer["data"] == FEATURES


async def test_a_preview_frame_tells_its_node_and_prompt(engine: DemoEngine) -> None:
    async with visiting(engine.url, flags=True) as guest:
        prompt_id = await guest.submit(txt2img(size=128))
        await guest.hear_end(prompt_id)
    kind, length = struct.unpack(">II", frames(guest)[0][:8])
    metadata = json.loads(frames(guest)[0][8 : 8 + length])
    assert kind == 4
    assert metadata == {
        "node_id": "3",
        "prompt_id": prompt_id,
        "display_node_id": "3",
        "parent_node_id": None,
        "real_node_id": "3",
        "image_type": "image/jpeg",
    }
    picture = Image.open(BytesIO(frames(guest)[-1][8 + length :]))
    assert (picture.format, picture.size) == ("JPEG", (512, 512))


async def test_a_message_of_more_than_4_mib_closes_the_socket(guest: Guest) -> None:
    await guest.socket.send("x" * (4 * 1024 * 1024 + 1))
    with pytest.raises(ConnectionClosedError) as closed:
        await guest.hear()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_a_foreign_page_gets_no_socket(engine: DemoEngine) -> None:
    address = engine.url.replace("http", "ws") + "/ws"
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, origin="http://127.0.0.1:8080"):  # type: ignore[arg-type]
            pass
    assert refused.value.response.status_code == 403


async def test_two_sockets_with_one_client_id_the_later_gets_everything(engine: DemoEngine) -> None:
    async with visiting(engine.url, "twin") as old, visiting(engine.url, "twin") as new:
        await new.run(plain())
        assert len(await heard_after(old)) == 1


async def test_the_old_socket_takes_the_new_ones_address_with_it(engine: DemoEngine) -> None:
    """The orphan: still open, never told anything again."""
    async with visiting(engine.url, "twin") as other, visiting(engine.url, "twin") as new:
        await other.socket.close()
        async with visiting(engine.url) as third:
            await third.run(plain())
        assert len(await heard_after(new)) == 1
        assert (await new.http.get("/queue")).is_success


async def test_prompts_of_an_absent_client_are_told_to_nobody(guest: Guest) -> None:
    answer = await guest.http.post("/prompt", json={"prompt": plain(), "client_id": "nobody"})
    await guest.hear_all()
    assert await guest.history(answer.json()["prompt_id"])
    assert not guest.about(answer.json()["prompt_id"])


class TestReconnecting:
    @pytest.fixture
    def faults(self) -> FaultPlan:
        return FaultPlan(HangWhileSampling())

    async def test_who_comes_back_is_told_the_node_and_nothing_that_was_missed(
        self, engine: DemoEngine
    ) -> None:
        async with visiting(engine.url, "me") as before:
            prompt_id = await before.submit(txt2img())
            await before.hear_until("progress", value=1)
            before.socket.transport.abort()
        async with visiting(engine.url, "me") as after:
            assert await after.hear() == {"type": "executing", "data": {"node": "3"}}
            await after.http.post("/interrupt")
            await after.hear_end(prompt_id)
            kinds = [m["type"] for m in after.heard if isinstance(m, dict)]
        assert kinds == ["status", "executing", "execution_interrupted", "status", "executing"]

    async def test_another_client_is_not_told_the_node(self, engine: DemoEngine) -> None:
        async with visiting(engine.url) as first, visiting(engine.url) as second:
            await first.submit(txt2img())
            await first.hear_until("progress", value=1)
            async with visiting(engine.url, second.client_id) as again:
                assert len(await heard_after(again)) == 1


async def test_a_socket_that_is_not_read_stops_the_messages_of_all(engine: DemoEngine) -> None:
    """Section 1: one task sends to all and waits for each; HTTP goes on."""
    address = engine.url.replace("http", "ws") + "/ws?clientId=unread"
    async with connect(address, compression=None) as unread, visiting(engine.url) as guest:
        unread.transport.pause_reading()
        for seed in range(5):
            body = {"prompt": txt2img(seed=seed, steps=40), "client_id": "unread"}
            await guest.http.post("/prompt", json=body)
        prompt_id = await guest.submit(plain())
        await guest.ended(prompt_id)
        await heard_after(guest)
        assert not guest.about(prompt_id)
        unread.transport.abort()
        await guest.hear_end(prompt_id)
