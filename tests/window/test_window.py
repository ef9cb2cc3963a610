"""The app in its window: from the splash to its end."""

import asyncio
import signal

import httpx

from tests.studio import TIMEOUT_OF_THE_TEST
from tests.window.home import Home, engine_that_stops_at, free_port, start_batch
from tests.window.waiting import until_so

APP = 'html.in-window [data-testid="generate"]'
"""The app's page, with all that a window adds to it."""
QUESTION = ".bg-window-choices button:nth-child({})"
BACKGROUND, STOP, STAY = (QUESTION.format(place) for place in (1, 2, 3))


async def test_the_splash_stays_until_there_is_an_app_to_show(home: Home) -> None:
    running = await home.start("--demo")
    await until_so(running.has_window_process)
    running.process.send_signal(signal.SIGSTOP)
    async with running.page() as page:
        await page.becomes("document.body.innerText.includes('Starting')")
        running.process.send_signal(signal.SIGCONT)
        await page.appears(APP)
    home.screen.close(await running.window())
    assert await running.ended() == (0, "")


async def test_the_window_speaks_what_the_settings_say_whatever_its_browser_wishes(
    home: Home,
) -> None:
    home.data.mkdir(parents=True)
    (home.data / "settings.json").write_text('{"language": "de"}', encoding="utf-8")
    running = await home.start("--demo")
    async with running.page() as page:
        await page.appears(APP)
        assert await page.value("document.documentElement.lang") == "de"
        assert "Erzeugen" in await page.text("nav")
        assert await page.value("location.pathname") == "/"
    home.screen.close(await running.window())
    assert await running.ended() == (0, "")


async def test_closing_the_window_ends_the_app_and_nothing_is_left(home: Home) -> None:
    running = await home.start("--demo", "--port", str(free_port()))
    address = await running.address()
    async with running.page() as page:
        await page.appears(APP)
    shown = await running.window()
    assert 800 < shown.width <= 1400
    home.screen.close(shown)
    assert await running.ended() == (0, "")
    assert not await _answers(address)


async def test_the_title_counts_and_stop_after_this_image_keeps_that_image(home: Home) -> None:
    async with engine_that_stops_at(image=1) as (server, hold):
        running = await home.start("--comfyui", server)
        address = await running.address()
        async with running.page() as page:
            await page.appears(APP)
            batch = await start_batch(address, count=3)
            shown = await running.window("1 of 3 · BatchGen")
            home.screen.close(shown)
            assert "Image 1 of 3 is being made" in await page.text("dialog p")
            await page.click(STAY)
            home.screen.close(shown)
            await page.click(STOP)
        await until_so(lambda: not home.screen.windows())
        await _logged(address, "batch_finish_requested")
        hold.released.set()
        assert await running.ended() == (0, "")
        assert await _begun(server) == 1
    events = [event for event in await home.events() if event["batchId"] == batch]
    assert [e["index"] for e in events if e["type"] == "image_completed"] == [1]
    assert events[-1]["type"] == "batch_cancelled"


async def test_in_the_background_it_ends_with_the_batch_unless_it_is_started_again(
    home: Home,
) -> None:
    async with engine_that_stops_at(image=2) as (server, hold):
        running = await home.start("--comfyui", server)
        address = await running.address()
        async with running.page() as page:
            await page.appears(APP)
            await start_batch(address, count=2)
            home.screen.close(await running.window("2 of 2 · BatchGen"))
            await page.click(BACKGROUND)
        await until_so(lambda: not home.screen.windows())
        again = await home.start("--comfyui", server)
        assert (await again.ended())[0] == 0
        shown = await running.window("2 of 2 · BatchGen")
        async with running.page() as page:
            await page.appears(APP)
            home.screen.close(shown)
            await page.click(BACKGROUND)
        await until_so(lambda: not home.screen.windows())
        hold.released.set()
        assert await running.ended() == (0, "")
    assert (await home.events())[-1]["type"] == "batch_completed"


async def test_a_second_start_brings_the_first_window_to_the_front(home: Home) -> None:
    running = await home.start("--demo")
    shown = await running.window()
    async with running.page() as page:
        await page.appears(APP)
        home.screen.minimize(shown)
        await until_so(lambda: home.screen.active() != "BatchGen")
        code, said = await (await home.start("--demo")).ended()
    assert (code, said) == (0, "BatchGen is already running: its window is in front.")
    await until_so(lambda: home.screen.active() == "BatchGen")
    assert len(home.screen.windows()) == 1
    home.screen.close(shown)
    await running.ended()


async def test_place_size_and_zoom_are_as_they_were_left(home: Home) -> None:
    running = await home.start("--demo")
    shown = await running.window()
    async with running.page() as page:
        await page.appears(APP)
        home.screen.put(shown, 111, 77, 900, 700)
        await page.becomes("innerWidth == 900")
        home.screen.keys("ctrl+plus", "ctrl+plus")
        await page.becomes("innerWidth < 800")
    before = await running.window()
    home.screen.close(shown)
    await running.ended()
    running = await home.start("--demo")
    after = await running.window()
    assert (after.x, after.y, after.width, after.height) == (
        before.x,
        before.y,
        before.width,
        before.height,
    )
    async with running.page() as page:
        await page.appears(APP)
        await page.becomes("innerWidth < 800")
        home.screen.keys("ctrl+0")
        await page.becomes("innerWidth == 900")
    home.screen.close(after)
    await running.ended()


async def _logged(address: str, kind: str) -> None:
    """Wait until an event of this kind is in the log."""
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while kind not in (await http.get(f"{address}/api/events?limit=1000")).text:
            pass


async def _begun(server: str) -> int:
    """How many prompts the server has begun."""
    async with httpx.AsyncClient(trust_env=False) as http:
        return len((await http.get(f"{server}/history")).json())


async def _answers(address: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            await http.get(f"{address}/api/health")
    except httpx.HTTPError:
        return False
    return True
