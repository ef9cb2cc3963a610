"""All images: how soon the first pictures are seen."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.batches import made
from tests.e2e.conftest import Served

OpenPage = Callable[..., Page]
PROMPT = "first seen"
VIEW = f"/gallery?view=images&q={PROMPT}"
BOXES = """(pictures) => pictures.map((picture) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    return [left, top, width, height].map(Math.round);
})"""
IS_DRAWN = "(pictures) => pictures.length > 0 && pictures.every((one) => one.naturalWidth > 0)"
ASKED = """() => performance.getEntriesByType("resource").map(({ name, startTime, responseEnd }) =>
    ({ name: name.split("/").at(-1), startTime, responseEnd }))"""


def first(page: Page) -> Locator:
    """The pictures of the page itself."""
    return page.locator("#first-seen > img")


def grown(page: Page, count: int) -> Locator:
    """Those of the grid, once it has them."""
    pictures = page.locator("[data-testid=gallery-image] > img")
    expect(pictures).to_have_count(count)
    return pictures


def hold(page: Page) -> list[Route]:
    """Each time that the page asks for the script that builds it; it waits there."""
    held: list[Route] = []

    def wait(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/nicegui\.js"), wait)
    return held


def test_they_are_seen_where_they_will_be_before_the_page_stands(
    served: Served, open_page: OpenPage
) -> None:
    made(served, 4, prompt=PROMPT)
    page = open_page(f"{served.address}{VIEW}")
    was = grown(page, 4).evaluate_all(BOXES)
    held = hold(page)
    page.goto(f"{served.address}{VIEW}", wait_until="commit")
    expect(first(page)).to_have_count(4)
    page.wait_for_function(f"({IS_DRAWN})([...document.querySelectorAll('#first-seen > img')])")
    assert first(page).evaluate_all(BOXES) == was
    expect(page.get_by_test_id("image-grid")).to_have_count(0)
    held[0].continue_()
    assert grown(page, 4).evaluate_all(BOXES) == was
    expect(first(page)).to_have_count(0)


def test_where_it_is_not_known_how_the_page_will_stand_they_are_not_seen_before(
    served: Served, open_page: OpenPage
) -> None:
    made(served, 2, prompt=f"{PROMPT} elsewhere")
    address = f"{served.address}{VIEW} elsewhere"
    page = open_page(f"{served.address}/settings")
    held = hold(page)

    def is_seen() -> bool:
        page.goto(address, wait_until="commit")
        page.wait_for_selector("#popup", state="attached")  # it stands behind them
        seen = first(page).count() > 0
        held.pop().continue_()
        grown(page, 2)
        return seen

    assert not is_seen(), "the first time"
    assert is_seen()
    page.unroute_all()
    page.goto(f"{served.address}/settings")
    page.set_viewport_size({"width": 700, "height": 500})
    held = hold(page)
    assert not is_seen(), "in a window of another width"
    assert is_seen()


def test_no_part_of_the_grid_waits_for_another_to_be_read(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(f"{served.address}/gallery?view=images")
    expect(page.get_by_test_id("image-grid")).to_be_visible()
    asked = {one["name"]: one for one in page.evaluate(ASKED)}
    read = asked["image_grid.js"]["responseEnd"]
    parts = ("pages.js", "layout.js", "keys.js", "rail.js", "kind.js", "fault.js", "dompurify.mjs")
    late = [name for name in parts if asked[name]["startTime"] > read]
    assert not late
