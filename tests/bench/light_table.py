"""How smoothly nine large pictures move side by side, against a plain page with the same ones."""

import asyncio
import time
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

import httpx
from playwright.async_api import Browser, Page, Route
from rich.table import Table

from tests.bench.browser import chromium, opened
from tests.bench.processes import running
from tests.studio import MODEL

PICTURES = 9
SIDE = 2048
SECONDS = 3.0
PATIENCE_SECONDS = 300
"""Until the pictures are made."""
FRAMES = """async ([how, seconds]) => {
    const step = window.moves[how];
    const times = [];
    await new Promise((done) => {
        const draw = (now) => {
            times.push(now);
            step(times.length);
            if (now - times[0] < seconds * 1000) requestAnimationFrame(draw);
            else done();
        };
        requestAnimationFrame(draw);
    });
    return times.slice(1).map((time, at) => time - times[at]);
}"""
"""Move a little in each frame; gives the milliseconds from each to the next."""
OURS = """() => {
    const table = document.querySelector('[data-testid="light-table"]');
    const pane = table.querySelector('[data-testid="pane"]');
    const { left, top, width, height } = pane.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + height / 2 };
    const real = { bubbles: true, cancelable: true };
    const wheel = (deltaY) => new WheelEvent("wheel", { ...real, ...at, deltaY });
    const turn = (deltaY) => pane.dispatchEvent(wheel(deltaY));
    const press = (key) => table.dispatchEvent(new KeyboardEvent("keydown", { ...real, key }));
    window.moves = {
        zoom: (frame) => turn(frame % 100 < 50 ? -30 : 30),
        pan: (frame) => press(frame % 20 < 10 ? "ArrowLeft" : "ArrowRight"),
    };
    turn(-600);
}"""
PLAIN = """<!doctype html><style>
    body { margin: 0; display: grid; grid-template: repeat(3, 33vh) / repeat(3, 1fr); gap: 2px; }
    div { overflow: hidden; }
    img { width: 33vh; height: 33vh; transform-origin: 0 0; will-change: transform; }
</style>SHOWN<script>
    const images = [...document.images];
    let [scale, x] = [2.5, 0];
    const draw = () => {
        for (const image of images) image.style.transform = `translate(${x}px, 0) scale(${scale})`;
    };
    window.moves = {
        zoom: (frame) => { scale *= Math.exp(frame % 100 < 50 ? 0.045 : -0.045); draw(); },
        pan: (frame) => { x += frame % 20 < 10 ? 80 : -80; draw(); },
    };
    draw();
</script>"""
LOADED = "() => Promise.all([...document.images].map((image) => image.decode().catch(() => {})))"


async def measure_light_table(address: str, folder: Path) -> Table:
    """Frames in a second, and how long the slowest of twenty frames takes."""
    table = Table(title=f"{PICTURES} pictures of {SIDE}x{SIDE} moved for {SECONDS:.0f} s")
    for name in ("page", "zoom, frames/s", "slowest in 20, ms", "pan, frames/s", "in 20, ms"):
        table.add_column(name, justify="right")
    options = ("--comfyui", address, "--port", "0", "--data-dir", str(folder / "data"))
    async with running(
        "batchgen_app", "serve", *options, "--output-dir", str(folder / "images")
    ) as app:
        images = await asyncio.to_thread(_made, app.address)
        async with chromium() as browser:
            table.add_row("plain", *await _plain(browser, app.address, images))
            table.add_row("light table", *await _ours(browser, app.address, images))
    return table


def _made(app: str) -> list[dict[str, Any]]:
    size = {"steps": 1, "width": SIDE, "height": SIDE}
    asked = {"prompt": "a lighthouse", "batchCount": PICTURES, "seedMode": "random", "model": MODEL}
    with httpx.Client(base_url=app, timeout=60) as http:
        answer = http.post("/api/batches", json={**asked, "baseParameters": size})
        batch_id = answer.raise_for_status().json()["batchId"]
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not (told := http.get(f"/api/batches/{batch_id}").json())["batch"]:
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"{PICTURES} pictures were not made in {PATIENCE_SECONDS} s")
            time.sleep(0.5)
    images: list[dict[str, Any]] = told["images"]
    return images


async def _plain(browser: Browser, app: str, images: list[dict[str, Any]]) -> list[str]:
    shown = "".join(f"<div><img src='{image['url']}'></div>" for image in images)

    async def answer(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=PLAIN.replace("SHOWN", shown))

    async with opened(browser, "about:blank") as page:
        await page.route("**/plain", answer)
        await page.goto(f"{app}/plain")
        return await _measured(page)


async def _ours(browser: Browser, app: str, images: list[dict[str, Any]]) -> list[str]:
    async with opened(browser, f"{app}/batch/{images[0]['batchId']}") as page:
        await page.get_by_test_id("select-all").check()
        await page.get_by_test_id("side-by-side").click()
        await page.wait_for_function(f"document.querySelectorAll('.bg-own').length === {PICTURES}")
        await page.evaluate(OURS)
        return await _measured(page)


async def _measured(page: Page) -> list[str]:
    await page.evaluate(LOADED)
    told = []
    for how in ("zoom", "pan"):
        took = await page.evaluate(FRAMES, [how, SECONDS])
        told += [f"{1000 / mean(took):.0f}", f"{quantiles(took, n=20)[-1]:.0f}"]
    return told
