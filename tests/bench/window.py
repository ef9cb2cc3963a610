"""From the start of the process to a window on the screen, and to a page that can be used."""

import os
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
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
    """All in turn, so that all meet the same machine."""
    times: dict[str, list[Times]] = {name: [] for name in STARTED}
    with new_screen() as screen:
        for number in range(STARTS):
            for name, start in STARTED.items():
                times[name].append(await _timed(Home(folder / f"{name} {number}", screen), start))
    return _table(times)


async def _timed(home: Home, start: Callable[[Home], Awaitable[Running]]) -> Times:
    began = time.monotonic()
    running = await start(home)
    await until_so(lambda: bool(home.screen.windows()))
    window = time.monotonic() - began
    async with running.page() as page:
        await page.appears(USABLE)
        usable = time.monotonic() - began
    await home.tidy()
    await until_so(lambda: not home.screen.windows())
    return window, usable


async def _ours(home: Home) -> Running:
    return await home.start("--demo")


async def _native(script: str, home: Home) -> Running:
    """NiceGUI's own window, with the same toolkit."""
    sandbox = {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if os.geteuid() == 0 else {}
    command = (sys.executable, "-m", f"tests.bench.{script}", str(free_port()))
    return await home.run(*command, PYWEBVIEW_GUI="qt", QT_API="pyside6", **sandbox)


OURS = "BatchGen"
SAME = "BatchGen with NiceGUI's native=True"
STARTED: dict[str, Callable[[Home], Awaitable[Running]]] = {
    OURS: _ours,
    SAME: partial(_native, "native_app"),
    "One button with native=True": partial(_native, "native_page"),
}


def _table(times: dict[str, list[Times]]) -> Table:
    table = Table(title=f"Seconds from start, median of {STARTS}")
    for name in ("", "window", "usable page"):
        table.add_column(name, justify="right")
    medians = {
        name: [median(column) for column in zip(*each, strict=True)] for name, each in times.items()
    }
    for name, each in medians.items():
        table.add_row(name, *(f"{seconds:.2f}" for seconds in each))
    pairs = zip(medians[OURS], medians[SAME], strict=True)
    table.add_row("the first of the second", *(f"{100 * a / b:.0f} %" for a, b in pairs))
    table.caption = "goals: window under 50 %, page under 67 %"
    return table
