"""The server in use: whether it is there, what it is, and another one in its place."""

import asyncio
from pathlib import Path

import pytest

from batchgen_app.batches import server as servers
from batchgen_app.batches.server import Server, find_usual
from batchgen_app.core.errors import Conflict, InvalidRequest, ServerUnreachable
from batchgen_app.demo import DemoEngine, DemoSettings
from tests.studio import TIMEOUT_OF_THE_TEST, studio, until

NOBODY = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no fault of the server's."""
    monkeypatch.setattr(servers, "LOOK_SECONDS", TIMEOUT_OF_THE_TEST)


async def test_a_server_that_answers_is_known_from_the_start() -> None:
    async with DemoEngine(DemoSettings()) as engine, Server(engine.url, {}) as server:
        assert server.is_demo
        assert server.fault is None
        await until(lambda: server.is_connected)


async def test_a_server_that_is_away_is_known_from_the_start() -> None:
    async with Server(NOBODY, {}) as server:
        assert isinstance(server.fault, ServerUnreachable)
        assert not server.is_demo


async def test_its_leaving_and_coming_back_is_told() -> None:
    async with DemoEngine(DemoSettings()) as engine, Server(engine.url, {}) as server:
        await until(lambda: server.is_connected)
        told = asyncio.Event()
        server.changed.subscribe(told.set)
        await engine.stop()
        await until(lambda: server.fault is not None)
        assert told.is_set()
        assert server.is_demo, "what it was is not forgotten"
        told.clear()
        await engine.start()
        await server.look()
        assert server.fault is None
        assert told.is_set()
        await until(lambda: server.is_connected)


async def test_it_is_missed_and_found_again_without_anybody_asking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(servers, "LOOK_EVERY", 0.05)
    async with DemoEngine(DemoSettings()) as engine:
        await engine.stop()
        async with Server(engine.url, {}) as server:
            assert server.fault
            await engine.start()
            await until(lambda: server.fault is None and server.is_connected)


async def test_a_look_at_a_server_that_is_back_brings_its_websocket_at_once() -> None:
    async with DemoEngine(DemoSettings()) as engine, Server(engine.url, {}) as server:
        await until(lambda: server.is_connected)
        await engine.stop()
        await until(lambda: not server.is_connected)
        await engine.start()
        await server.look()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await server.listener.connected()


async def test_another_server_is_used_from_then_on() -> None:
    async with (
        DemoEngine(DemoSettings(comfyui_version="0.1.1")) as first,
        DemoEngine(DemoSettings(comfyui_version="0.2.2")) as second,
        Server(first.url, {}) as server,
    ):
        before = server.client
        told = asyncio.Event()
        server.changed.subscribe(told.set)
        await server.use(second.url, {"X-Key": "1"})
        assert told.is_set()
        assert (server.client.address, server.client.headers) == (second.url, {"X-Key": "1"})
        assert server.stats
        assert server.stats.version == "0.2.2"
        assert await server.catalog.models()
        await until(lambda: server.is_connected)
        with pytest.raises(ServerUnreachable) as raised:
            await before.stats()
        assert "closed" in str(raised.value.__cause__)


async def test_another_server_may_be_away_and_then_that_is_told() -> None:
    async with DemoEngine(DemoSettings()) as engine, Server(engine.url, {}) as server:
        await server.use(NOBODY, {})
        assert isinstance(server.fault, ServerUnreachable)
        assert not server.is_demo
        assert not server.is_connected


async def test_what_is_no_address_changes_nothing() -> None:
    async with DemoEngine(DemoSettings()) as engine, Server(engine.url, {}) as server:
        with pytest.raises(InvalidRequest):
            await server.use("ftp://studio", {})
        assert (await server.client.stats()).is_demo


async def test_two_changes_at_once_leave_one_server_and_nothing_open() -> None:
    async with (
        DemoEngine(DemoSettings()) as first,
        DemoEngine(DemoSettings()) as second,
        Server(first.url, {}) as server,
    ):
        await asyncio.gather(server.use(second.url, {}), server.use(first.url, {}))
        assert server.client.address == first.url
        await until(lambda: server.is_connected)


async def test_the_server_stays_while_a_batch_runs_or_waits(tmp_path: Path) -> None:
    async with studio(tmp_path, step_delay=0.2) as running:
        batch, waiting = await running.start(), await running.start()
        with pytest.raises(Conflict, match="batch"):
            await running.app.server.use(NOBODY, {})
        for unwanted in (waiting, batch):
            await running.app.batch_service.cancel(unwanted.batch_id, because="the test is over")
            await running.end(unwanted)
        await until(lambda: not running.app.queue.is_busy)
        await running.app.server.use(running.engine.url, {"X-Key": "1"})
        assert (await running.make(batchCount=2)).completed_images == 2


async def test_usual_places_are_looked_at_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DemoEngine(DemoSettings()) as engine:
        monkeypatch.setattr(servers, "USUAL_ADDRESSES", (NOBODY, engine.url))
        assert await find_usual() == engine.url
        monkeypatch.setattr(servers, "USUAL_ADDRESSES", (NOBODY,))
        assert await find_usual() is None
