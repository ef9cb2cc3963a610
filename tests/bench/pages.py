"""From the server's words to the person's eyes: progress, thumbnails, buttons, with many pages."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psutil
from playwright.async_api import Browser, Page, async_playwright
from rich.table import Table

from tests.bench.relay import Relay
from tests.e2e.chromium import QUIET_CHROMIUM, chromium_path
from tests.studio import MODEL

PAGES = (1, 5, 20)
IMAGES = 20
STEPS = 20
CLICKS = 20

WATCH = """() => {
  const now = () => (performance.timeOrigin + performance.now()) / 1000;
  const seen = window.seen = { steps: [], pictures: [] };
  const look = () => {
    const bar = document.querySelector('[data-testid="step-progress"]');
    const value = bar && Number(bar.getAttribute('aria-valuenow'));
    if (bar && value !== seen.last) { seen.steps.push([now(), value]); seen.last = value; }
    const unseen = '[data-testid="thumbnail"] img:not([data-timed])';
    for (const picture of document.querySelectorAll(unseen)) {
      picture.dataset.timed = 'yes';
      if (picture.complete) seen.pictures.push(now());
      else picture.addEventListener('load', () => seen.pictures.push(now()), { once: true });
    }
  };
  new MutationObserver(look).observe(document.body,
    { subtree: true, childList: true, attributes: true });
  look();
}"""
CLICK = """async () => {
  const button = document.querySelector('[data-testid="generate"]');
  const choices = [...document.querySelectorAll('[data-testid="generation-type"] input')];
  const began = performance.now();
  const changed = new Promise(done => new MutationObserver((_, watching) => {
    watching.disconnect();
    done();
  }).observe(button, { subtree: true, childList: true, characterData: true }));
  choices.find(choice => !choice.checked).click();
  await changed;
  return performance.now() - began;
}"""
"""Choose the other type: the app answers with another text on the button."""


@dataclass(frozen=True)
class Seen:
    """Milliseconds for what was seen, and what the app's process took of one core, in percent."""

    progress: list[float]
    thumbnails: list[float]
    clicks: list[float]
    cpu: float


async def measure_pages(address: str, folder: Path) -> Table:
    """One run for each number of pages."""
    table = Table(title=f"{IMAGES} images of {STEPS} steps, watched by so many pages")
    for name in ("pages", "progress ms", "thumbnail ms", "button ms", "app, % of a core"):
        table.add_column(name, justify="right")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET_CHROMIUM)
        )
        for pages in PAGES:
            seen = await _run(browser, address, folder / str(pages), pages)
            times = (seen.progress, seen.thumbnails, seen.clicks)
            table.add_row(str(pages), *map(_middle_and_tail, times), f"{seen.cpu:.0f}")
        await browser.close()
    table.caption = (
        "median / 95th percentile · goals: progress 100, thumbnail 300, button 100 ms, "
        "15 % of a core with 5 pages"
    )
    return table


async def _run(browser: Browser, address: str, folder: Path, pages: int) -> Seen:
    async with Relay(address) as relay, _app(relay.url, folder) as (url, process):
        watched = await _start_batch(url)
        opened = [await _open(browser, f"{url}/batch/{watched}") for _ in range(pages)]
        form = await _open(browser, url)
        await form.get_by_test_id("generate").wait_for()
        page = opened[0]
        await page.evaluate(WATCH)
        busy, began = _cpu(process), time.monotonic()
        clicks = [await form.evaluate(CLICK) for _ in range(CLICKS)]
        await page.get_by_test_id("comparison-view").wait_for(timeout=120_000)
        cpu = 100 * (_cpu(process) - busy) / (time.monotonic() - began)
        seen: dict[str, Any] = await page.evaluate("() => window.seen")
        for one in (*opened, form):
            await one.context.close()
        return Seen(
            _until_shown(relay.steps, seen["steps"]),
            _until_loaded(relay.pictures, seen["pictures"]),
            clicks,
            cpu,
        )


async def _open(browser: Browser, url: str) -> Page:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.goto(url)
    return page


async def _start_batch(url: str) -> str:
    base = {"steps": STEPS, "width": 512, "height": 512}
    asked = {"prompt": "bench", "batchCount": IMAGES, "seedMode": "random", "model": MODEL}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        answer = await http.post(f"{url}/api/batches", json={**asked, "baseParameters": base})
        return str(answer.raise_for_status().json()["batchId"])


@asynccontextmanager
async def _app(server: str, folder: Path) -> AsyncIterator[tuple[str, psutil.Process]]:
    arguments = ("serve", "--port", "0", "--comfyui", server, "--data-dir", str(folder / "data"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "batchgen_app", *arguments, "--output-dir", str(folder)),
        stdout=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "BATCHGEN_DATA_DIR"},
    )
    assert process.stdout
    line = await process.stdout.readline()
    try:
        yield line.decode().split()[-1], psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _until_shown(said: list[tuple[float, int]], shown: list[list[float]]) -> list[float]:
    """For each step that the server told while the page watched: until the page showed it, or a
    later one of that image or the next.
    """
    begin = shown[0][0] if shown else 0.0
    waits = []
    for (at, share), (next_at, _) in pairwise(said):
        later = [t for t, value in shown if t >= at and (value >= share or t >= next_at)]
        if at >= begin and later:
            waits.append((later[0] - at) * 1000)
    return waits


def _until_loaded(left: list[float], loaded: list[float]) -> list[float]:
    """Pictures arrive in order; those that were there before the page are left out."""
    late = left[len(left) - len(loaded) :]
    return [(seen - at) * 1000 for at, seen in zip(late, loaded, strict=False) if seen >= at]


def _middle_and_tail(times: list[float]) -> str:
    if not times:
        return "nothing seen"
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.0f} / {ordered[int(0.95 * (len(ordered) - 1))]:.0f}"
