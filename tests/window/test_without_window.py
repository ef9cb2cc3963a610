"""Where no window can be had, the browser is used, and one line says why."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from tests.window.home import Home, Running, arguments_of
from tests.window.test_window import APP
from tests.window.waiting import until_so

HIDING = str(Path(__file__).parent / "hiding")
NOBODY = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
"""An ordinary user, who can read what root can: the interpreter may stand in root's home."""
PEOPLE = {"root": (), "nobody": NOBODY} if os.geteuid() == 0 else {"ordinary": ()}


async def serves_then_ends(running: Running) -> str:
    """The app can be opened, and ends when it is told to; what it said on stderr."""
    address = await running.address()
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(f"{address}/api/health")).status_code == 200
    running.process.send_signal(signal.SIGTERM)
    code, said = await running.ended()
    assert code == 0
    return said


async def opened(browser: Path) -> None:
    """The person's browser is shown the app."""
    await until_so(browser.exists)
    await until_so(lambda: browser.read_text().startswith("http://127.0.0.1:"))


async def test_without_a_display(home: Home) -> None:
    running = await home.start("--demo", DISPLAY="")
    said = await serves_then_ends(running)
    assert said == "No window: there is no display. The browser is used instead."


async def test_with_a_display_that_cannot_be_reached(home: Home) -> None:
    running = await home.start("--demo", DISPLAY=":4711")
    await running.says("No window: there is no display. The browser is used instead.")
    await serves_then_ends(running)


async def test_without_pywebview(home: Home, browser: Path) -> None:
    running = await home.start("--demo", PYTHONPATH=HIDING, HIDDEN_MODULES="webview")
    assert await serves_then_ends(running) == (
        "No window: pywebview is not installed (pip install 'batchgen[native]'). "
        "The browser is used instead."
    )
    await opened(browser)


async def test_without_a_toolkit(home: Home, browser: Path) -> None:
    running = await home.start("--demo", PYTHONPATH=HIDING, HIDDEN_MODULES="PySide6 gi")
    assert "neither Qt nor GTK is installed" in await serves_then_ends(running)
    await opened(browser)


async def test_with_a_library_missing_on_the_system(home: Home, browser: Path) -> None:
    libraries = home.folder / "libraries"
    libraries.mkdir()
    (libraries / "libxcb-cursor.so.0").touch()
    running = await home.start("--demo", LD_LIBRARY_PATH=str(libraries))
    await running.says("sudo apt-get install libxcb-cursor0")
    await opened(browser)
    await serves_then_ends(running)


async def test_when_the_browser_is_asked_for(home: Home, browser: Path) -> None:
    running = await home.start("--demo", "--browser")
    assert await serves_then_ends(running) == ""
    await opened(browser)


async def test_beside_a_copy_that_was_started_without_a_window(home: Home, browser: Path) -> None:
    served = await home.start("serve", "--demo", "--port", "0")
    address = await served.address()
    code, said = await (await home.start("--demo")).ended()
    assert code == 0
    assert "BatchGen is already running" in said
    await until_so(lambda: browser.read_text() == address)


async def test_two_people_of_one_machine_start_at_the_same_moment(
    home: Home, browser: Path
) -> None:
    other = Home(home.folder / "other", home.screen)
    running = [await one.start("--demo", "--browser") for one in (home, other)]
    first, second = [await one.address() for one in running]
    assert first != second
    await opened(browser)
    await other.tidy()


async def test_the_doctor_knows_before(home: Home) -> None:
    fine, missing = await home.start("doctor", "--demo"), await home.start("doctor", DISPLAY="")
    assert "✓ Window: The window can be opened" in (await fine.ended())[1]
    assert "! Window: No window: there is no display" in (await missing.ended())[1]


@pytest.mark.parametrize("person", PEOPLE)
async def test_only_root_goes_without_the_sandbox(home: Home, person: str) -> None:
    become: Sequence[str] = PEOPLE[person]
    running = await home.start("--demo", before=become)
    async with running.page() as page:
        await page.appears(APP)
    shown = await running.window()
    is_root = os.geteuid() == 0 and not become
    assert any("--no-sandbox" in arguments_of(each) for each in running.family) == is_root
    home.screen.close(shown)
    assert await running.ended() == (0, "")
