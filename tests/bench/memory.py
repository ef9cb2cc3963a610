"""What a page holds after 200 pictures were looked at, in large and side by side, beside a bare
page that shows as many one after the other.

It is bounded where it is no more after 200 pictures than after 100, but for what the browser has
not cleared away yet.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
from playwright.async_api import Browser, Page
from rich.table import Table

from tests.bench.browser import chromium, opened
from tests.bench.next_picture import HTML, made
from tests.bench.processes import running

SIDE = 1024
BATCH = 20
LOOKED_AT = (20, 100, 200)
"""Pictures; after each of these counts it is measured."""
PANES = 9
MEGABYTE = 1024 * 1024
SHOWN_LARGE = """(before) => {
    const frame = document.querySelector(".bg-frame[aria-current=true]")?.dataset.picture;
    const image = document.querySelector('.bg-layer[data-offset="0"] > img');
    return frame !== before && image?.complete && image.naturalWidth && frame;
}"""
SHOWN_PANE = """(before) => {
    const image = document.querySelector("[data-testid=pane][data-active=true] .bg-own");
    return image?.src !== before && image?.complete && image.naturalWidth && image.src;
}"""
SHOW_BARE = """async (src) => {
    const image = document.images[0] ?? document.body.appendChild(new Image());
    image.src = src;
    await image.decode();
}"""

Next = Callable[[Page], Awaitable[None]]


async def measure_memory(address: str, folder: Path) -> Table:
    """Heap and nodes of the page after its garbage was collected, and its whole process."""
    table = Table(title=f"What a page holds after so many pictures of {SIDE}x{SIDE}")
    for name in ("of", "pictures", "JS heap, MB", "nodes", "process, MB"):
        table.add_column(name, justify="right")
    serve = ("serve", "--port", "0", "--data-dir", str(folder / "data"), "--output-dir")
    async with running("batchgen_app", *serve, str(folder), "--comfyui", address) as app:
        batches = [await made(app.address, SIDE, BATCH) for _ in range(LOOKED_AT[-1] // BATCH)]
        urls = [image["url"] for batch in batches for image in batch["images"]]
        here = f"{app.address}/batch/{batches[0]['progress']['batchId']}"
        async with chromium() as browser, opened(browser, "about:blank") as page:
            await _go_to_bare(page, app.address)
            await _look(table, "bare page", browser, page, _bare(urls))
        everything = f"{app.address}/gallery?view=images"
        async with chromium() as browser, opened(browser, everything) as page:
            await page.get_by_test_id("gallery-image").first.dblclick()
            await _look(table, "large view", browser, page, _by_key("ArrowRight", SHOWN_LARGE))
        async with chromium() as browser, opened(browser, here) as page:
            for tick in (await page.get_by_test_id("select-image").all())[:PANES]:
                await tick.check()
            await page.get_by_test_id("side-by-side").click()
            change = _by_key("Shift+ArrowRight", SHOWN_PANE)
            await _look(table, f"{PANES} panes", browser, page, change)
    return table


async def _go_to_bare(page: Page, address: str) -> None:
    """Of the same origin: no other page may show the app's pictures."""
    empty = "<!doctype html><title>bare</title>"
    await page.route("**/bare", lambda route: route.fulfill(content_type=HTML, body=empty))
    await page.goto(f"{address}/bare")


def _bare(urls: list[str]) -> Next:
    left = iter(urls)

    async def show(page: Page) -> None:
        await page.evaluate(SHOW_BARE, next(left))

    return show


def _by_key(key: str, shown: str) -> Next:
    """The first one is there without a key."""
    seen = ""

    async def show(page: Page) -> None:
        nonlocal seen
        if seen:
            await page.keyboard.press(key)
        seen = await (await page.wait_for_function(shown, arg=seen)).json_value()

    return show


async def _look(table: Table, of: str, browser: Browser, page: Page, show: Next) -> None:
    for count in range(1, LOOKED_AT[-1] + 1):
        await show(page)
        if count in LOOKED_AT:
            table.add_row(of, str(count), *await _held(browser, page))


async def _held(browser: Browser, page: Page) -> list[str]:
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    await devtools.send("HeapProfiler.collectGarbage")
    told = (await devtools.send("Performance.getMetrics"))["metrics"]
    metrics = {metric["name"]: metric["value"] for metric in told}
    processes = await (await browser.new_browser_cdp_session()).send("SystemInfo.getProcessInfo")
    pids = [one["id"] for one in processes["processInfo"] if one["type"] == "renderer"]
    sizes = await asyncio.to_thread(lambda: [psutil.Process(p).memory_info().rss for p in pids])
    heap, size = metrics["JSHeapUsedSize"] / MEGABYTE, max(sizes) / MEGABYTE
    return [f"{heap:.1f}", f"{metrics['Nodes']:.0f}", f"{size:.0f}"]
