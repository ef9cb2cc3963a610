"""The one real page of a measurement: what is seen in it, and when."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from tests.e2e.chromium import QUIET_CHROMIUM, chromium_path

WATCH = """() => {
  const now = () => (performance.timeOrigin + performance.now()) / 1000;
  const seen = window.seen = { numbers: [], pictures: [] };
  const look = () => {
    const bar = document.querySelector('[data-testid="step-progress"]');
    const value = bar && Number(bar.getAttribute('aria-valuenow'));
    if (bar && value !== seen.last) { seen.numbers.push([now(), value]); seen.last = value; }
    for (const picture of document.querySelectorAll('[data-testid="thumbnail"] img')) {
      if (picture.dataset.seen === picture.src) continue;
      picture.dataset.seen = picture.src;
      const name = picture.closest('[data-index]')?.dataset.index ?? picture.src.split('/').at(-1);
      const shown = () => seen.pictures.push([now(), Number(name)]);
      picture.decode().then(() => requestAnimationFrame(shown), () => {});
    }
  };
  new MutationObserver(look).observe(document.body,
    { subtree: true, childList: true, attributes: true });
  look();
}"""
"""Notes each number when it stands in the page, each picture in the frame after it was decoded."""

CLICK = """async () => {
  const button = document.querySelector('[data-testid="generate"]');
  const choices = [...document.querySelectorAll('[data-testid="generation-type"] input')];
  const began = performance.now();
  const changed = new Promise(done => new MutationObserver((_, watching) => {
    watching.disconnect();
    done();
  }).observe(button, { subtree: true, childList: true, characterData: true }));
  (choices.find(choice => !choice.checked) ?? button).click();
  await changed;
  return performance.now() - began;
}"""
"""Choose the other type, or press the bare page's button: its text changes, in milliseconds."""


@dataclass(frozen=True)
class Seen:
    """(when, what) in seconds since 1970: a share of an image in percent, the index of a picture;
    on the bare page both are the time at which they were told.
    """

    numbers: list[tuple[float, float]]
    pictures: list[tuple[float, float]]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A quiet browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET_CHROMIUM)
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def opened(browser: Browser, url: str) -> AsyncIterator[Page]:
    """A page of a person of its own, until the end of the context."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = await context.new_page()
        await page.goto(url)
        yield page
    finally:
        await context.close()


async def seen_in(page: Page) -> Seen:
    """What was seen since ``WATCH``."""
    seen: dict[str, Any] = await page.evaluate("() => window.seen")
    return Seen(*([(at, what) for at, what in seen[kind]] for kind in ("numbers", "pictures")))
