"""Find it: ten thousand pictures, of which a browser holds those in sight."""

import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.e2e.conftest import Starter

Open = Callable[..., Page]
HOW_MANY = 10_000
MOST_NODES = 3_000
PIXEL = (Path(__file__).parents[2] / "assets" / "missing.svg").read_bytes()
NODES = "document.querySelectorAll('*').length"
ALL_THERE = """() => {
    const cells = [...document.querySelectorAll('[data-testid=gallery-image]')];
    const isSeen = cells.some((cell) => {
        const { top, bottom } = cell.getBoundingClientRect();
        return bottom > 60 && top < innerHeight;
    });
    return isSeen && cells.every((cell) => cell.dataset.id);
}"""
"""Whether pictures are in sight, and none of them is still to come."""
FOUND = """async (text) => {
    const { total } = await (await fetch(`/gallery/images?q=${text}&offset=0&limit=1`)).json();
    const ids = `/gallery/images/ids?q=${text}&offset=0&limit=${total}`;
    return { total, ...await (await fetch(ids)).json() };
}"""
PICTURES = re.compile(r"/gallery/images\?")


@pytest.fixture
def many(start: Starter) -> str:
    """The address of an app with a large library, without the files."""
    data = start.folder / "data"
    data.mkdir()
    # In a process of its own: here, Playwright has the loop.
    made = (sys.executable, "-m", "tests.libraries", str(data), str(HOW_MANY))
    subprocess.run(made, check=True, capture_output=True)
    return start.serve().address


def test_ten_thousand_pictures_are_gone_through_in_a_page_that_stays_small(
    many: str, open_page: Open
) -> None:
    page = open_page(f"{many}/settings", viewport={"width": 1280, "height": 800})

    def answer(route: Route) -> None:
        route.fulfill(body=PIXEL, content_type="image/svg+xml")

    page.route("**/thumbnail", answer)
    page.goto(f"{many}/gallery?view=images")
    page.wait_for_function(ALL_THERE)
    total = int(page.get_by_test_id("image-grid").get_attribute("data-total") or 0)
    assert total >= HOW_MANY
    newest = page.get_by_test_id("gallery-image").first.get_attribute("data-id")
    most = 0
    high = page.evaluate("document.documentElement.scrollHeight")
    for step in range(1, 31):
        page.evaluate("top => scrollTo(0, top)", high * step / 30)
        page.wait_for_function(ALL_THERE)
        most = max(most, page.evaluate(NODES))
    assert most < MOST_NODES
    page.get_by_test_id("density").fill("90")
    page.wait_for_function(ALL_THERE)
    assert page.evaluate(NODES) < MOST_NODES
    page.keyboard.press("Tab")
    page.get_by_test_id("gallery-image").first.focus()
    page.keyboard.press("End")
    oldest = page.locator(f"[data-at='{total - 1}']")
    expect(oldest).to_be_focused()
    expect(oldest).to_be_in_viewport()
    page.wait_for_function(ALL_THERE)
    rail = page.get_by_test_id("date-rail")
    expect(rail).to_have_attribute("aria-valuetext", "January 2024")
    page.keyboard.press("Home")
    expect(page.locator(f"[data-id='{newest}']")).to_be_focused()
    box = rail.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] - 2)
    expect(rail).to_have_attribute("aria-valuetext", "January 2024")
    page.wait_for_function(ALL_THERE)
    page.keyboard.press("/")
    page.keyboard.type("lighthouse fog")
    expect(page.get_by_test_id("image-grid")).not_to_have_attribute("data-total", str(total))
    page.wait_for_function(ALL_THERE)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("image-grid")).to_have_attribute("data-total", str(total))
    page.wait_for_function(ALL_THERE)
    answers_come_in_the_other_order(page, "masterpiece")


def answers_come_in_the_other_order(page: Page, text: str) -> None:
    """What was asked for while a search was under way is of the earlier question, and late."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(PICTURES, hold)
    with page.expect_request(PICTURES):
        page.get_by_test_id("gallery-search").fill(text)
    with page.expect_request(PICTURES):
        page.evaluate("scrollTo(0, 2600)")
    while len(held) < 2:
        page.evaluate(NODES)  # what is held is told between questions
    page.unroute(PICTURES)
    searching, *late = held
    with page.expect_response(lambda told: told.request == searching.request):
        searching.continue_()
    for other in late:
        with suppress(Error):  # nobody wants it any more
            other.continue_()
    page.wait_for_function(ALL_THERE)
    page.evaluate("scrollTo(0, 2600)")
    page.wait_for_function(ALL_THERE)
    found = page.evaluate(FOUND, text)
    assert page.get_by_test_id("image-grid").get_attribute("data-total") == str(found["total"])
    cells = page.get_by_test_id("gallery-image")
    seen = {cell.get_attribute("data-at"): cell.get_attribute("data-id") for cell in cells.all()}
    assert seen == {at: found["ids"][int(at or 0)] for at in seen}
