"""From the key to the next picture in large, beside a bare page that swaps loaded pictures.

What is measured is the browser's own event timing: from the key to the frame in which its outcome
is seen, pictures drawn and all. Frames of up to 16 ms are not told apart.
"""

import asyncio
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page
from rich.table import Table

from tests.bench.browser import chromium, opened
from tests.bench.processes import running
from tests.studio import MODEL

SIDES = (1024, 4096)
IMAGES = 5
ROUNDS = 3
SHORTEST = 16.0
HTML = "text/html"
LOOK_EVERY = 0.5
BATCH_SECONDS = 300.0
WATCH = """() => {
  window.waits = [];
  const note = (list) => list.getEntries().filter((entry) => entry.name === "keydown")
    .forEach((entry) => window.waits.push(entry.duration));
  new PerformanceObserver(note).observe({ type: "event", durationThreshold: 16 });
}"""
AT_REST = """async (key) => {
  const next = `.bg-layer[data-offset="${{ ArrowRight: 1, ArrowLeft: -1 }[key]}"] > *`;
  const isDrawn = (seen) => seen?.naturalWidth > 0 || seen?.width > window.NOTHING_DRAWN;
  window.NOTHING_DRAWN = document.createElement("canvas").width;
  const layers = () => document.querySelectorAll(".bg-layer").length;
  const frame = () => new Promise(requestAnimationFrame);
  while (layers() && !isDrawn(document.querySelector(next))) await frame();
  await new Promise((done) => requestIdleCallback(done, { timeout: 300 }));
}"""
"""The next picture is loaded, and nothing else goes on."""
BARE = """async (sources) => {
  const look = "body { margin: 0 } img { width: 100vw; height: 100vh; object-fit: contain }";
  document.head.append(Object.assign(document.createElement("style"), { textContent: look }));
  const images = sources.map((src) => Object.assign(new Image(), { src, decoding: "sync" }));
  for (const image of images) await image.decode();
  let at = 0;
  document.body.append(images[at]);
  addEventListener("keydown", ({ key }) => {
    const next = images[at + { ArrowRight: 1, ArrowLeft: -1 }[key]];
    if (next) images[at].replaceWith(next), (at = images.indexOf(next));
  });
}"""


async def measure_next_picture(address: str, folder: Path) -> Table:
    """For each size, by the arrow keys through a batch and back."""
    table = Table(title=f"The next picture in large, ms from the key, {IMAGES} pictures")
    for name in ("size", "of", "median", "95th percentile"):
        table.add_column(name, justify="right")
    serve = ("serve", "--port", "0", "--data-dir", str(folder / "data"), "--output-dir")
    async with (
        running("batchgen_app", *serve, str(folder), "--comfyui", address) as app,
        chromium() as browser,
    ):
        for side in SIDES:
            batch = await made(app.address, side, IMAGES)
            for of, waits in (
                ("bare page", await _bare(browser, app.address, batch)),
                ("BatchGen", await _large_view(browser, app.address, batch)),
            ):
                table.add_row(f"{side} × {side}", of, *map(str, _middle_and_tail(waits)))
    table.caption = "goal: 50 ms"
    return table


async def made(address: str, side: int, images: int) -> dict[str, Any]:
    """What the API tells of a batch of square pictures that has ended."""
    base = {"steps": 1, "width": side, "height": side}
    asked = {"prompt": "bench", "batchCount": images, "seedMode": "random", "model": MODEL}
    async with httpx.AsyncClient(base_url=f"{address}/api", trust_env=False, timeout=60) as api:
        started = await api.post("/batches", json={**asked, "baseParameters": base})
        path = f"/batches/{started.raise_for_status().json()['batchId']}"
        async with asyncio.timeout(BATCH_SECONDS):
            while True:
                if (told := (await api.get(path)).json())["batch"]:
                    return dict(told)
                await asyncio.sleep(LOOK_EVERY)


async def _bare(browser: Browser, address: str, batch: dict[str, Any]) -> list[float]:
    async with opened(browser, "about:blank") as page:
        # Of the same origin: no other page may show the app's pictures.
        empty = "<!doctype html><title>bare</title>"
        await page.route("**/bare", lambda route: route.fulfill(content_type=HTML, body=empty))
        await page.goto(f"{address}/bare")
        await page.evaluate(BARE, [image["url"] for image in batch["images"]])
        return await _waits(page)


async def _large_view(browser: Browser, address: str, batch: dict[str, Any]) -> list[float]:
    async with opened(browser, f"{address}/batch/{batch['progress']['batchId']}") as page:
        await page.locator("[data-place='1']").click()
        await page.get_by_test_id("filmstrip").wait_for()
        return await _waits(page)


async def _waits(page: Page) -> list[float]:
    await page.evaluate(WATCH)
    keys = [*["ArrowRight"] * (IMAGES - 1), *["ArrowLeft"] * (IMAGES - 1)] * ROUNDS
    for key in keys:
        await page.evaluate(AT_REST, key)
        await page.keyboard.press(key)
    await page.evaluate(AT_REST, "ArrowRight")
    seen: list[float] = await page.evaluate("() => window.waits")
    return [*[SHORTEST] * (len(keys) - len(seen)), *seen]


def _middle_and_tail(waits: list[float]) -> tuple[int, int]:
    ordered = sorted(waits)
    return round(ordered[len(ordered) // 2]), round(ordered[int(0.95 * (len(ordered) - 1))])
