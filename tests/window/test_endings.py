"""However it ends, nothing is left behind, and it is said why."""

import signal
import socket

from tests.window.home import Home, engine_that_stops_at, start_batch
from tests.window.test_window import APP
from tests.window.waiting import until_so


async def test_a_window_that_is_killed_ends_the_app_which_says_so(home: Home) -> None:
    async with engine_that_stops_at(image=1) as (server, _):
        running = await home.start("--comfyui", server)
        address = await running.address()
        async with running.page() as page:
            await page.appears(APP)
            await start_batch(address, count=3)
            await running.window("1 of 3 · BatchGen")
        running.window_process().kill()
        code, said = await running.ended()
    assert code == 1
    assert said.startswith("Error: The window ended unexpectedly, so BatchGen has ended, too.")


async def test_an_app_that_is_killed_takes_its_window_along(home: Home) -> None:
    running = await home.start("--demo")
    async with running.page() as page:
        await page.appears(APP)
    await running.window()
    running.process.send_signal(signal.SIGKILL)
    assert (await running.ended())[0] == -signal.SIGKILL


async def test_a_splash_that_is_closed_ends_the_start(home: Home) -> None:
    running = await home.start("--demo")
    home.screen.close(await running.window())
    assert await running.ended() == (0, "")


async def test_what_stands_in_the_way_is_read_in_the_window(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        running = await home.start("--demo", "--port", str(taken.getsockname()[1]))
        async with running.page() as page:
            await page.appears("[role=alert]")
            assert "Choose another with --port" in await page.text("[role=alert]")
        home.screen.close(await running.window())
        code, said = await running.ended()
    assert code == 1
    assert "Choose another with --port" in said


async def test_while_others_are_let_in_closing_asks_and_can_end_it_for_all(home: Home) -> None:
    running = await home.start("--demo", "--lan")
    async with running.page() as page:
        await page.appears(APP)
        home.screen.close(await running.window())
        assert "open to your network" in await page.text("dialog p")
        await page.click(".bg-window-choices button:nth-child(2)")
    assert (await running.ended())[0] == 0


async def test_a_page_that_hangs_does_not_keep_the_window_open(home: Home) -> None:
    running = await home.start("--demo", "--lan")
    async with running.page() as page:
        await page.appears(APP)
        shown = await running.window()
        await page.say("for (;;);")
        home.screen.close(shown)
    await until_so(lambda: len(home.screen.windows()) == 2)
    home.screen.keys("Return")
    await until_so(lambda: not home.screen.windows())
    assert running.process.returncode is None
    running.process.send_signal(signal.SIGTERM)
    assert (await running.ended())[0] == 0
