"""From a key to the mark that it gives, painted: a picture of twenty is rejected, and no longer;
beside it the button of a bare NiceGUI page, whose text the server changes.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page
from rich.table import Table

from tests.bench.browser import chromium, opened
from tests.bench.processes import running
from tests.studio import MODEL

IMAGES = 20
TIMES = 60
GOAL_MS = 50
BATCH_SECONDS = 60.0

PRESS = """async ([place, key, kept]) => {
  const control = document.querySelector(place);
  const began = performance.now();
  const painted = new Promise((done) => new MutationObserver((_, watching) => {
    watching.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  }).observe(key ? control.closest("[data-tile]") : control, key
    ? { attributeFilter: kept ? ["data-rejected"] : ["data-rejected", "data-soon-rejected"] }
    : { subtree: true, childList: true, characterData: true }));
  if (key) control.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  else control.click();
  return (await painted) - began;
}"""
"""Press a key on a picture, or without a key the button of the bare page; gives the milliseconds
until the frame with what came of it is painted.
"""


SETTLED = "() => !document.querySelector('[data-soon-rejected]')"


async def measure_marks(address: str, folder: Path) -> Table:
    """Both pages in one run, on a server that does nothing meanwhile."""
    table = Table(title=f"Key to painted mark, {IMAGES} pictures, {TIMES} times, ms")
    for name in ("of", "median", "95th percentile"):
        table.add_column(name, justify="right")
    async with chromium() as browser:
        for name, times in (
            ("bare NiceGUI", await _bare(browser)),
            *(await _app(browser, address, folder / "marks")).items(),
        ):
            ordered = sorted(times)
            at = (len(ordered) // 2, int(0.95 * (len(ordered) - 1)))
            table.add_row(name, *(f"{ordered[place]:.0f}" for place in at))
    table.caption = f"goal: {GOAL_MS} ms at the 95th percentile"
    return table


async def _bare(browser: Browser) -> Sequence[float]:
    async with running("tests.bench.bare_page") as bare, opened(browser, bare.address) as page:
        place = "[data-testid=generate]"
        await page.locator(place).wait_for()
        return await _press(page, place, "")


async def _app(browser: Browser, address: str, folder: Path) -> dict[str, Sequence[float]]:
    """Until it is seen, and until the app says that it is kept."""
    serve = ("serve", "--port", "0", "--data-dir", str(folder / "data"), "--output-dir")
    async with running("batchgen_app", *serve, str(folder), "--comfyui", address) as app:
        batch = await _made(f"{app.address}/api")
        async with opened(browser, f"{app.address}/batch/{batch}") as page:
            place = "[data-testid=comparison-tile] [data-focus]"
            await page.locator(place).first.focus()
            seen = await _press(page, place, "x")
            return {
                "BatchGen, painted": seen,
                "BatchGen, kept": await _press(page, place, "x", kept=True),
            }


async def _press(page: Page, place: str, key: str, *, kept: bool = False) -> Sequence[float]:
    await page.evaluate(PRESS, [place, key, True])  # the first time takes longer
    times = []
    for _ in range(TIMES):
        times.append(float(await page.evaluate(PRESS, [place, key, kept])))
        await page.wait_for_function(SETTLED)
    return times


async def _made(api: str) -> str:
    small = {"steps": 1, "width": 64, "height": 64}
    asked = {"prompt": "bench", "batchCount": IMAGES, "seedMode": "random", "model": MODEL}
    async with httpx.AsyncClient(base_url=api, trust_env=False, timeout=30) as http:
        answer = await http.post("/batches", json={**asked, "baseParameters": small})
        batch = str(answer.raise_for_status().json()["batchId"])
        await until_ended(http, batch)
        return batch


async def until_ended(api: httpx.AsyncClient, batch: str) -> None:
    """Until all of a batch is made."""
    async with asyncio.timeout(BATCH_SECONDS):
        while True:
            told = (await api.get(f"/batches/{batch}")).json()
            if told["batch"]:
                return
            await asyncio.sleep(0.1)
