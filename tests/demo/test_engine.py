"""Starting, stopping, being killed and coming back; nothing is left behind."""

import asyncio
import socket
import threading
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError

from batchgen_app.adapters.embedded_server import listen_on
from batchgen_app.demo import DemoEngine, DemoSettings, serve
from tests.demo.graphs import plain, txt2img
from tests.demo.guest import images, visiting
from tests.faulty_engine import FaultPlan, HangWhileSampling


async def test_entering_serves_and_leaving_frees_port_tasks_threads_and_folder() -> None:
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    async with DemoEngine(DemoSettings(step_delay=0.0, load_delay=0.0)) as engine:
        async with visiting(engine.url) as guest:
            await guest.run(plain())
        home = engine.folders.output
        assert home.is_dir()
    assert asyncio.all_tasks() == tasks
    assert not home.exists()
    left = {thread.name for thread in set(threading.enumerate()) - threads}
    assert all(name.startswith(("asyncio_", "AnyIO ")) for name in left), "the event loop's own"
    with pytest.raises(httpx.ConnectError):
        await _ask(engine.url)


async def _ask(url: str) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        return await http.get(f"{url}/prompt")


async def test_a_kill_ends_sockets_and_requests_without_a_farewell() -> None:
    hanging = FaultPlan(HangWhileSampling())
    settings = DemoSettings(step_delay=0.0, load_delay=0.0, hooks=hanging)
    async with DemoEngine(settings) as engine, visiting(engine.url) as guest:
        await guest.submit(txt2img())
        await guest.hear_until("progress", value=1)
        await engine.stop()
        with pytest.raises(ConnectionClosedError) as closed:
            await guest.hear_until("a farewell")
        assert closed.value.rcvd is None
        await engine.stop()


async def test_after_a_restart_everything_is_forgotten_but_the_files() -> None:
    async with DemoEngine(DemoSettings(step_delay=0.0, load_delay=0.0)) as engine:
        url = engine.url
        async with visiting(url) as guest:
            before = images(await guest.run(plain()))
        await engine.stop()
        await engine.start()
        assert engine.url == url
        async with visiting(url) as guest:
            assert (await guest.http.get("/history")).json() == {}
            assert (await guest.view(before[0])).is_success
            answer = await guest.post(plain())
            assert answer.json()["number"] == 0
            await guest.hear_end(answer.json()["prompt_id"])
            cached = await guest.history(answer.json()["prompt_id"])
        assert images(cached)[0]["filename"] == "plain_00002_.png", "the cache was empty"


async def test_dropped_sockets_end_without_a_close_frame_and_the_server_goes_on() -> None:
    async with DemoEngine() as engine, visiting(engine.url) as guest:
        engine.drop_sockets()
        with pytest.raises(ConnectionClosedError) as closed:
            await guest.hear()
        assert closed.value.rcvd is None
        assert (await guest.http.get("/prompt")).is_success


async def test_two_engines_live_side_by_side(tmp_path: Path) -> None:
    settings = DemoSettings(step_delay=0.0, load_delay=0.0, output_dir=tmp_path)
    async with DemoEngine(settings) as one, DemoEngine(settings) as other:
        assert one.url != other.url
        names = []
        for engine in (one, other):
            async with visiting(engine.url) as guest:
                names += images(await guest.run(plain()))
    assert [file["filename"] for file in names] == ["plain_00001_.png", "plain_00002_.png"]


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing() -> None:
    async with DemoEngine() as engine:
        port = int(engine.url.rpartition(":")[2])
        with pytest.raises(OSError, match=r"[Aa]ddress"):
            async with DemoEngine(port=port):
                pass
        assert (await _ask(engine.url)).is_success


async def test_serving_goes_on_until_it_is_cancelled() -> None:
    async with DemoEngine() as engine:
        port = int(engine.url.rpartition(":")[2])
    serving = asyncio.create_task(serve(DemoSettings(), "127.0.0.1", port))
    async with asyncio.timeout(10):
        while True:
            try:
                assert (await _ask(engine.url)).is_success
                break
            except httpx.ConnectError:
                await asyncio.sleep(0)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


def test_what_is_sent_leaves_at_once() -> None:
    with (
        listen_on("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_folders_are_known_only_inside_the_block() -> None:
    with pytest.raises(RuntimeError):
        _ = DemoEngine().folders
