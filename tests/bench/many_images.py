"""The grid of all pictures in a browser: until the first are there, until one is seen when it is
opened again, from a key to the changed grid, to the oldest picture, to a painted mark; beside it a
plain page with as many pictures in it.
"""

import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import Browser, Page, Route
from rich.table import Table

from tests.bench.browser import chromium, opened
from tests.bench.processes import Running, running
from tests.libraries import library

SIZES = (1_000, 10_000)
TYPED = "lighthouse fog"
MEGABYTE = 1_000_000
PIXEL = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
THERE = """() => {
    const cells = [...document.querySelectorAll('[data-testid=gallery-image]')];
    const seen = cells.filter((cell) => cell.getBoundingClientRect().top < innerHeight);
    return seen.length > 0 && seen.every((cell) => cell.dataset.id);
}"""
SEEN = """() => {
    const pictures = '#first-seen > img, [data-testid=gallery-image] > img';
    return [...document.querySelectorAll(pictures)].some((picture) => picture.naturalWidth > 0);
}"""
PRESS = """async ([letter, text]) => {
    const field = document.querySelector('[data-testid=gallery-search]');
    const began = performance.now();
    const painted = new Promise((done) => new MutationObserver((_, watching) => {
        watching.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    }).observe(document.querySelector('[role=grid]'),
        { subtree: true, childList: true, attributes: true }));
    const unchanged = new Promise((done) => setTimeout(() => done(null), 1000));
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, data: letter }));
    const at = await Promise.race([painted, unchanged]);
    return at === null ? null : at - began;
}"""
"""Type one more letter: milliseconds until the changed grid is painted; None if it is the same."""
OLDEST = """() => {
    const { total } = document.querySelector('[data-testid=image-grid]').dataset;
    const { at, id } = document.activeElement.dataset;
    return Boolean(id) && Number(at) === Number(total) - 1;
}"""
MARKED = "() => document.activeElement.textContent.includes('★★★★')"
LAST = "document.images[document.images.length - 1].scrollIntoView()"
PLAIN = "<!doctype html><style>img {{ width: 190px; height: 190px }}</style>{}"


async def measure_many_images(folder: Path, sizes: tuple[int, ...] = SIZES) -> Table:
    """Each size in an app of its own; times in ms, memory in MB."""
    table = Table(title="All pictures as one grid")
    for name in ("pictures", "first", "again", "key, median", "key, slowest", "oldest", "mark"):
        table.add_column(name, justify="right")
    for name in ("nodes", "page MB", "server MB"):
        table.add_column(name, justify="right")
    async with chromium() as browser:
        for size in sizes:
            data = folder / str(size) / "data"
            data.mkdir(parents=True)
            await library(data, size)
            table.add_row(f"{size}, plain", *await _plain(browser, size))
            where = ("--data-dir", str(data), "--output-dir", str(data.parent / "images"))
            async with running("batchgen_app", "serve", "--demo", "--port", "0", *where) as app:
                table.add_row(str(size), *await _ours(browser, app))
    return table


async def _plain(browser: Browser, size: int) -> list[str]:
    """As many pictures, all of them in the page."""
    async with opened(browser, "about:blank") as page:
        await page.route("**/plain", _answering(PLAIN.format("<img src=/pixel>" * size).encode()))
        await page.route("**/pixel", _answering(PIXEL, "image/svg+xml"))
        first = await _took(page.goto("http://plain.test/plain"))
        oldest = await _took(page.evaluate(LAST))
        nodes, memory = await _size_of(page)
        return [f"{first:.0f}", "", "", "", f"{oldest:.0f}", "", str(nodes), f"{memory:.0f}", ""]


async def _ours(browser: Browser, app: Running) -> list[str]:
    async with opened(browser, "about:blank") as page:
        await page.route("**/thumbnail", _answering(PIXEL, "image/svg+xml"))
        first = await _took(_go(page, f"{app.address}/gallery?view=images", THERE))
        await page.goto("about:blank")
        again = await _took(_go(page, f"{app.address}/gallery?view=images", SEEN))
        await page.wait_for_function(THERE)
        await page.get_by_test_id("gallery-image").first.focus()
        oldest = await _took(_press(page, "End", OLDEST))
        mark = await _took(_press(page, "4", MARKED))
        nodes, memory = await _size_of(page)
        keys = sorted(await _typed(page))
        server = psutil.Process(app.usage.pid).memory_info().rss / MEGABYTE
        times = (first, again, keys[len(keys) // 2], keys[-1], oldest, mark)
        return [*(f"{ms:.0f}" for ms in times), str(nodes), f"{memory:.0f}", f"{server:.0f}"]


async def _go(page: Page, address: str, seen: str) -> None:
    await page.goto(address, wait_until="commit")
    await page.wait_for_function(seen)


async def _press(page: Page, key: str, seen: str) -> None:
    await page.keyboard.press(key)
    await page.wait_for_function(seen)


async def _typed(page: Page) -> list[float]:
    """One letter after the other, each once the grid has answered to the one before it."""
    texts = [TYPED[:at] for at in range(1, len(TYPED) + 1)]
    took = [await page.evaluate(PRESS, [text[-1], text]) for text in texts]
    return [float(ms) for ms in took if ms is not None]


async def _size_of(page: Page) -> tuple[int, float]:
    """Nodes of the page, and its memory in MB."""
    nodes = await page.evaluate("document.querySelectorAll('*').length")
    heap = await page.evaluate("performance.memory.usedJSHeapSize")
    return int(nodes), float(heap) / MEGABYTE


async def _took(act: Awaitable[Any]) -> float:
    began = time.perf_counter()
    await act
    return (time.perf_counter() - began) * 1000


def _answering(body: bytes, kind: str = "text/html") -> Any:
    async def answer(route: Route) -> None:
        await route.fulfill(body=body, content_type=kind)

    return answer
