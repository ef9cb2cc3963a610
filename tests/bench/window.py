"""From the start of the process to a window on the screen, and to a page that can be used."""

import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from rich.table import Table

from tests.window.home import Home, Running, free_port
from tests.window.screen import new_screen
from tests.window.waiting import until_so

STARTS = 5
USABLE = '[data-testid="generate"]'
Times = tuple[float, float]
"""Seconds to the window, and to the page."""


async def measure_window(folder: Path) -> Table:
    """Both ways in turn, so that both meet the same machine."""
    ours: list[Times] = []
    theirs: list[Times] = []
    with new_screen() as screen:
        for number in range(STARTS):
            home = Home(folder / str(number), screen)
            ours.append(await _timed(home, lambda home=home: home.start("--demo")))  # type: ignore[misc]
            theirs.append(await _timed(home, lambda home=home: _native(home)))  # type: ignore[misc]
    return _table(ours, theirs)


async def _timed(home: Home, start: Callable[[], Awaitable[Running]]) -> Times:
    began = time.monotonic()
    running = await start()
    await until_so(lambda: bool(home.screen.windows()))
    window = time.monotonic() - began
    async with running.page() as page:
        await page.appears(USABLE)
        usable = time.monotonic() - began
    await home.tidy()
    await until_so(lambda: not home.screen.windows())
    return window, usable


async def _native(home: Home) -> Running:
    """NiceGUI's own window, with the same toolkit."""
    script = str(Path(__file__).parent / "native_page.py")
    sandbox = {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if os.geteuid() == 0 else {}
    return await home.run(
        *(sys.executable, script, str(free_port())),
        PYWEBVIEW_GUI="qt",
        QT_API="pyside6",
        **sandbox,
    )


def _table(ours: list[Times], theirs: list[Times]) -> Table:
    table = Table(title=f"Seconds from start, median of {STARTS}")
    for name in ("", "window", "usable page"):
        table.add_column(name, justify="right")
    medians = [[median(times) for times in zip(*each, strict=True)] for each in (ours, theirs)]
    for name, times in zip(("BatchGen", "NiceGUI native=True, one button"), medians, strict=True):
        table.add_row(name, *(f"{seconds:.2f}" for seconds in times))
    shares = (f"{100 * a / b:.0f} %" for a, b in zip(*medians, strict=True))
    table.add_row("share", *shares)
    table.caption = "goals: window under 50 %, page under 67 %"
    return table
