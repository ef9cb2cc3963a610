"""What a window can do for the page in it, and a browser cannot."""

import asyncio
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from batchgen_app.window.process.page_commands import Host, PageCommands
from tests.studio import TIMEOUT_OF_THE_TEST
from tests.window.home import Home, start_batch
from tests.window.notifications import Desktop, desktop
from tests.window.page import WindowPage
from tests.window.test_window import APP
from tests.window.waiting import until_so, until_true

CHOOSE_ALL = '[data-testid="select-all"]'
DOWNLOAD = '[data-testid="download-selected"]'
COMPARED = "html.in-window [data-testid=comparison-view]"
FOLDER = "[data-in-folder]"


async def test_a_batch_that_ends_is_told_only_where_nobody_looks(home: Home) -> None:
    async with desktop() as shown:
        running = await home.start("--demo", DBUS_SESSION_BUS_ADDRESS=shown.address)
        address = await running.address()
        async with running.page() as page:
            await page.appears(APP)
            await start_batch(address, count=2)
            await page.appears(COMPARED)
            window = await running.window()
            home.screen.minimize(window)
            await start_batch(address, count=3)
            assert await told(shown) == ("3 pictures are ready", "a red fox")
        await click_until_in_front(shown, home)
        home.screen.close(window)
        assert await running.ended() == (0, "")


async def click_until_in_front(shown: Desktop, home: Home) -> None:
    """A click in the very moment that a notification is shown may be one too early: the one who
    sent it has not heard yet which one it is.
    """

    async def clicked() -> bool:
        shown.click()
        return await asyncio.to_thread(lambda: home.screen.active().endswith("BatchGen"))

    await until_true(clicked)


async def told(shown: Desktop) -> tuple[str, str]:
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        return await shown.shown.get()


async def test_pictures_are_saved_where_the_person_says_and_shown_there(
    home: Home, file_manager: Path
) -> None:
    running = await home.start("--demo")
    address = await running.address()
    async with running.page() as page:
        await page.appears(APP)  # what has ended before a page is there is not shown on it
        batch = await start_batch(address, count=2)
        await page.appears(COMPARED)
        await page.click(CHOOSE_ALL)
        await page.becomes(f"!document.querySelector('{DOWNLOAD}').disabled")
        target = home.folder / "chosen.zip"
        await save_as(home, page, DOWNLOAD, target)
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            assert len([name for name in archive.namelist() if name.endswith(".png")]) == 2
        await page.click(".bg-window-note button")
        await until_so(lambda: file_manager.exists() and str(target) in file_manager.read_text())
        await page.click(FOLDER)
        await until_so(lambda: f"batches/{batch}" in file_manager.read_text())
    home.screen.close(await running.window())
    await running.ended()


async def save_as(home: Home, page: WindowPage, button: str, target: Path) -> None:
    """Click, type where, and wait until the page says that it is saved."""
    await page.click(button)
    await until_so(lambda: home.screen.active() == "Save file")
    home.screen.keys("ctrl+a")
    home.screen.write(str(target))

    def confirmed() -> bool:
        home.screen.keys("Return")  # the first one may only close a list of proposals
        return home.screen.active() != "Save file"

    await until_so(confirmed)
    assert target.name in await page.text(".bg-window-note")


async def test_foreign_addresses_are_for_the_browser(home: Home, browser: Path) -> None:
    running = await home.start("--demo")
    async with running.page() as page:
        await page.appears(APP)
        here = await page.value("location.href")
        await page.value(
            "document.body.insertAdjacentHTML('beforeend', '<a href=\"https://example.org/\">')"
        )
        await page.click('a[href="https://example.org/"]')
        await until_so(lambda: browser.exists() and browser.read_text() == "https://example.org/")
        assert await page.value("location.href") == here
    home.screen.close(await running.window())
    await running.ended()


def test_a_title_that_a_later_one_has_overtaken_is_not_shown() -> None:
    shown: list[str] = []
    window = cast("Host", SimpleNamespace(retitle=shown.append))
    commands = PageCommands(window, say=lambda *_, **__: None)
    commands.title("BatchGen", page=1000.5, number=1)
    commands.title("2 of 3", page=1000.5, number=3)
    commands.title("1 of 3", page=1000.5, number=2)
    commands.title("Gallery", page=990.0, number=1)  # the next page, the clock was set back
    assert shown == ["BatchGen", "2 of 3", "Gallery"]
