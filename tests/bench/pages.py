"""From the server's words to the person's eyes: progress, thumbnails, buttons, with many pages.

One page is a real one, in Chromium: the form with the running batch beside it. The others are light
ones, so that the machine is not busy with browsers alone. Before each run a bare NiceGUI page is
measured in the same way, while the engine paints as it does for the app: what it takes is the
machine's and the browser's, the rest is ours.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx
import psutil
from playwright.async_api import Browser, Page
from rich.table import Table
from websockets.asyncio.client import connect

from tests.bench.browser import CLICK, WATCH, Seen, chromium, opened, seen_in
from tests.bench.processes import Running, running
from tests.bench.relay import Relay
from tests.demo.graphs import txt2img
from tests.studio import MODEL

PAGES = (1, 5, 20)
IMAGES = 20
STEPS = 10
SIDE = 512
BARE_SECONDS = 12.0
CLICK_EVERY = 0.5
BATCH_SECONDS = 120.0
COLUMNS = (
    *("pages", "of", "number ms", "picture ms", "button ms"),
    *("process, % of a core", "machine, %", "told per page"),
)


@dataclass(frozen=True)
class Measured:
    """Milliseconds until something was seen; percent of one core and of all; messages to each
    light page.
    """

    numbers: list[float]
    pictures: list[float]
    clicks: list[float]
    cpu: float
    machine: float
    told: int


async def measure_pages(address: str, folder: Path, pages: Sequence[int] = PAGES) -> Table:
    """One run for each number of pages, and before it one with bare pages."""
    table = Table(title=f"{IMAGES} images of {SIDE}x{SIDE} in {STEPS} steps, watched")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    async with chromium() as browser:
        for number in pages:
            bare = await _bare_run(browser, address, number)
            app = await _app_run(browser, address, folder / str(number), number)
            table.add_row(str(number), "bare NiceGUI", *_cells(bare))
            table.add_row("", "BatchGen", *_cells(app), end_section=True)
    table.caption = (
        "median / 95th percentile; one page is Chromium's, the others are light · goals: "
        "number 100, picture 300, button 100 ms, 15 % of a core with 5 pages"
    )
    return table


async def _bare_run(browser: Browser, address: str, pages: int) -> Measured:
    async with _busy(address), running("tests.bench.bare_page") as bare:
        url = bare.address
        async with _light_pages(pages - 1, url) as light, opened(browser, url) as page:
            over = asyncio.create_task(asyncio.sleep(BARE_SECONDS))
            seen, clicks, cpu, machine = await _watch(page, bare, over)
    return Measured(
        [(at - told) * 1000 for at, told in seen.numbers if told],
        [(at - told) * 1000 for at, told in seen.pictures],
        *(clicks, cpu, machine, _told(light)),
    )


async def _app_run(browser: Browser, address: str, folder: Path, pages: int) -> Measured:
    serve = ("serve", "--port", "0", "--data-dir", str(folder / "data"), "--output-dir")
    async with (
        Relay(address) as relay,
        running("batchgen_app", *serve, str(folder), "--comfyui", relay.url) as app,
        httpx.AsyncClient(base_url=f"{app.address}/api", trust_env=False, timeout=30) as api,
    ):
        batch = await _start_batch(api)
        async with (
            _light_pages(pages - 1, f"{app.address}/batch/{batch}") as light,
            opened(browser, app.address) as page,
        ):
            await page.get_by_test_id("step-progress").wait_for()
            over = asyncio.create_task(_nearly_over(api, batch))
            seen, clicks, cpu, machine = await _watch(page, app, over)
    numbers, pictures = _until_shown(relay.steps, seen), _until_loaded(relay.pictures, seen)
    return Measured(numbers, pictures, clicks, cpu, machine, _told(light))


async def _nearly_over(api: httpx.AsyncClient, batch: str) -> None:
    """Until the last image is made: at the end, the page goes elsewhere."""
    async with asyncio.timeout(BATCH_SECONDS):
        while True:
            told = (await api.get(f"/batches/{batch}")).json()
            if told["progress"]["completedImages"] >= IMAGES - 1:
                return
            await asyncio.sleep(CLICK_EVERY)


class _Usage:
    """What a process and the whole machine use from now on."""

    def __init__(self, process: Running) -> None:
        self._process = process
        self._began = time.monotonic()
        self._before = process.cpu_seconds
        psutil.cpu_percent()

    def percent(self) -> tuple[float, float]:
        """Of one core, and of all cores of the machine."""
        used = self._process.cpu_seconds - self._before
        return 100 * used / (time.monotonic() - self._began), psutil.cpu_percent()


async def _watch(
    page: Page, process: Running, over: "asyncio.Task[None]"
) -> tuple[Seen, list[float], float, float]:
    """Press the button again and again until it is over; gives what was seen, how long the button
    took each time, and what process and machine used.
    """
    await page.evaluate(WATCH)
    usage, clicks = _Usage(process), []
    while not over.done():
        clicks.append(float(await page.evaluate(CLICK)))
        await asyncio.wait([over], timeout=CLICK_EVERY)
    await over
    return await seen_in(page), clicks, *usage.percent()


@asynccontextmanager
async def _light_pages(count: int, url: str) -> AsyncIterator[Running | None]:
    if not count:
        yield None
        return
    async with running("tests.bench.light_page", str(count), url) as light:
        yield light


def _told(light: Running | None) -> int:
    """Messages to each page."""
    if light is None:
        return 0
    heard = json.loads(light.last_words)
    return int(heard["messages"] / heard["pages"])


@asynccontextmanager
async def _busy(address: str) -> AsyncIterator[None]:
    """The engine paints as much as it does for the app, and tells it to nobody who shows it."""
    async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
        listening = asyncio.create_task(_listen(f"{address.replace('http', 'ws', 1)}/ws"))
        for seed in range(IMAGES):
            graph = txt2img("bench", seed=seed, steps=STEPS, size=SIDE)
            await http.post("/prompt", json={"prompt": graph, "client_id": "bench"})
        try:
            yield
        finally:
            await http.post("/queue", json={"clear": True})
            await http.post("/interrupt")
            listening.cancel()


async def _listen(url: str) -> None:
    async with connect(f"{url}?clientId=bench", max_size=None) as socket:
        async for _ in socket:
            pass


async def _start_batch(api: httpx.AsyncClient) -> str:
    base = {"steps": STEPS, "width": SIDE, "height": SIDE}
    asked = {"prompt": "bench", "batchCount": IMAGES, "seedMode": "random", "model": MODEL}
    answer = await api.post("/batches", json={**asked, "baseParameters": base})
    return str(answer.raise_for_status().json()["batchId"])


def _until_shown(said: list[tuple[float, int]], seen: Seen) -> list[float]:
    """For each step that the server told while the page watched: until the page showed it, or a
    later one of that image or the next.
    """
    shown = seen.numbers
    waits = []
    for (at, share), (next_at, _) in pairwise(said):
        later = [t for t, value in shown if t >= at and (value >= share or t >= next_at)]
        if shown and at >= shown[0][0] and later:
            waits.append((later[0] - at) * 1000)
    return waits


def _until_loaded(left: list[float], seen: Seen) -> list[float]:
    """Without those that were there before the page."""
    begin = seen.numbers[0][0]
    waits = [(at, left[int(index) - 1]) for at, index in seen.pictures]
    return [(at - gone) * 1000 for at, gone in waits if gone >= begin]


def _cells(run: Measured) -> list[str]:
    times = map(_middle_and_tail, (run.numbers, run.pictures, run.clicks))
    return [*times, f"{run.cpu:.0f}", f"{run.machine:.0f}", str(run.told or "")]


def _middle_and_tail(times: list[float]) -> str:
    if not times:
        return "nothing seen"
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.0f} / {ordered[int(0.95 * (len(ordered) - 1))]:.0f}"
