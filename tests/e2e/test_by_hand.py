"""By hand: targets that a finger hits, the way back to the picture that was seen last, words in
their own direction, one way to write times, one box for a server's trouble.
"""

import re
from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.e2e.batches import begin, made
from tests.e2e.conftest import PHONE, Served, Stage
from tests.e2e.test_form import field, open_more, ready

OpenPage = Callable[..., Page]
SMALL: dict[str, Any] = {"baseParameters": {"steps": 1, "width": 64, "height": 64}}
SLOW: dict[str, Any] = {"baseParameters": {"steps": 150, "width": 64, "height": 64}}
FINGER: dict[str, Any] = {
    "viewport": PHONE,
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}
HEBREW = "שועל אדום בשלג"
TOO_SMALL = """() => {
    const controls = "a[href], button, [role=button], [role=slider], input, select, textarea";
    const names = [];
    const isFree = (button) => {
        button.scrollIntoView({ block: "center" });
        const { left, width, top, bottom } = button.getBoundingClientRect();
        const at = (y) => document.elementFromPoint(left + width / 2, y);
        return button.contains(at(top + 1)) && button.contains(at(bottom - 1));
    };
    const named = (target) => target.outerHTML.slice(0, 99);
    for (const control of document.querySelectorAll(controls)) {
        if (!control.checkVisibility({ visibilityProperty: true }) || control.disabled) continue;
        if (control.closest(".bg-skip, .bg-unseen, [aria-hidden=true], [inert]")) continue;
        const target = control.closest("label, .q-field, .q-slider") ?? control;
        const { width, height } = target.getBoundingClientRect();
        const isText = control.matches("p a, li p a, .bg-hint a");
        if (width === 0 || isText) continue;
        if (width < 39.5 || height < 39.5) names.push(`${width} x ${height}: ${named(target)}`);
        const isBeside = control.matches(".bg-field-head button");
        if (isBeside && !isFree(control)) names.push(`Covered: ${named(target)}`);
    }
    return [...new Set(names)];
}"""
"""What a finger would miss: everything to press, with the label or field that is pressed for it;
and beside the label of a field, what the field lies over.
"""


def reachable(page: Page) -> None:
    """Everything to press is large enough, and nothing scrolls sideways."""
    assert page.evaluate(TOO_SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_finger_hits_everything_on_the_form_and_while_it_runs(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address, **FINGER))
    open_more(page)
    field(page, "randomize-seeds").uncheck()
    reachable(page)
    begin(served, count=3, **SLOW)
    begin(served, count=3, **SLOW)
    expect(page.get_by_test_id("queued")).to_have_count(1)
    reachable(page)


def test_a_finger_hits_everything_where_one_chooses(served: Served, open_page: OpenPage) -> None:
    page = open_page(made(served, count=4, **SMALL), **FINGER)
    expect(page.get_by_test_id("comparison-tile")).to_have_count(4)
    for tick in page.get_by_test_id("select-image").all()[:2]:
        tick.check()
    reachable(page)
    page.get_by_test_id("comparison-tile").first.locator("img").click()
    expect(page.get_by_test_id("image-detail")).to_be_visible()
    reachable(page)
    page.keyboard.press("Escape")
    page.get_by_test_id("side-by-side").click()
    expect(page.get_by_test_id("side-by-side-view")).to_be_visible()
    reachable(page)


def test_a_finger_hits_everything_in_gallery_trash_and_settings(
    own: Served, open_page: OpenPage
) -> None:
    address = made(own, count=3, **SMALL)
    page = open_page(f"{own.address}/gallery", **FINGER)
    page.get_by_role("button", name="Filters", exact=True).click()
    page.get_by_test_id("filter-favourites").click()
    expect(page.get_by_test_id("filter-chip")).to_be_visible()
    reachable(page)
    page.get_by_test_id("clear-filters").click()
    page.get_by_test_id("open-pile").click()
    expect(page.locator(".bg-fan-card")).to_have_count(3)
    reachable(page)
    httpx.delete(address.replace("/batch/", "/api/batches/")).raise_for_status()
    page.goto(f"{own.address}/trash")
    expect(page.get_by_test_id("trash-item")).to_have_count(1)
    reachable(page)
    page.get_by_test_id("empty-trash").click()
    expect(page.get_by_test_id("agree")).to_be_visible()
    reachable(page)
    page.goto(f"{own.address}/settings")
    page.get_by_test_id("add-header").click()
    reachable(page)


def in_sight(element: Locator) -> None:
    """The focus is there, and it can be seen as a whole."""
    expect(element.locator("[data-focus]")).to_be_focused()
    expect(element).to_be_in_viewport(ratio=0.99)


def test_the_way_back_from_the_large_view_leads_to_the_picture_seen_last(
    served: Served, open_page: OpenPage
) -> None:
    for viewport in ({"width": 1280, "height": 700}, PHONE):
        page = open_page(made(served, count=9, **SMALL), viewport=viewport, reduced_motion="reduce")
        tiles = page.get_by_test_id("comparison-tile")
        tiles.first.locator("img").click()
        expect(page.get_by_text("Image 1 of 9")).to_be_visible()
        for number in range(2, 9):
            page.keyboard.press("ArrowRight")
            expect(page.get_by_text(f"Image {number} of 9")).to_be_visible()
        page.keyboard.press("Escape")
        in_sight(tiles.nth(7))
        page.keyboard.press("Enter")
        expect(page.get_by_text("Image 8 of 9")).to_be_visible()
        page.keyboard.press("Escape")
        in_sight(tiles.nth(7))


def runs_from_the_right(words: Locator) -> None:
    """As the browser lays them out."""
    expect(words).to_have_css("direction", "rtl")


def test_words_run_in_their_own_direction_wherever_they_are_shown_or_typed(
    own: Served, open_page: OpenPage
) -> None:
    address = made(own, prompt=HEBREW, negativePrompt=HEBREW, **SMALL)
    page = ready(open_page(own.address))
    open_more(page)
    for mark in ("prompt", "negative-prompt"):
        field(page, mark).fill(HEBREW)
        runs_from_the_right(field(page, mark))
    for mark in ("model", "sampler", "scheduler"):
        field(page, mark).fill(HEBREW)
        runs_from_the_right(field(page, mark))
        field(page, mark).blur()
    for _ in range(2):
        begin(own, prompt=HEBREW, **SLOW)
    expect(page.get_by_test_id("queued")).to_have_count(1)
    runs_from_the_right(page.get_by_test_id("queued").get_by_text(HEBREW))
    page.goto(address)
    runs_from_the_right(page.get_by_role("heading", name=HEBREW))
    page.get_by_test_id("comparison-tile").first.locator("img").click()
    large = page.get_by_test_id("image-detail")
    expect(large.get_by_text(HEBREW)).to_have_count(2)
    for shown in large.get_by_text(HEBREW).all():
        runs_from_the_right(shown)
    page.goto(f"{own.address}/gallery")
    page.get_by_test_id("gallery-search").fill(HEBREW)
    runs_from_the_right(page.get_by_test_id("gallery-search"))
    runs_from_the_right(page.get_by_test_id("gallery-item").first.get_by_text(HEBREW))
    httpx.delete(address.replace("/batch/", "/api/batches/")).raise_for_status()
    page.goto(f"{own.address}/trash")
    runs_from_the_right(page.get_by_test_id("trash-item").get_by_text(HEBREW))
    page.goto(f"{own.address}/settings")
    page.get_by_test_id("server-address").fill(HEBREW)
    runs_from_the_right(page.get_by_test_id("server-address"))


def test_every_page_writes_times_in_one_way(own: Served, open_page: OpenPage) -> None:
    address = made(own, **SMALL)
    page = open_page(address, locale="en-US")
    page.get_by_test_id("comparison-tile").first.locator("img").click()
    moment = re.compile(r"^Today \d\d:\d\d$")
    expect(page.get_by_test_id("image-detail").get_by_text(moment)).to_be_visible()
    page.goto(f"{own.address}/gallery")
    expect(page.get_by_test_id("gallery-item").get_by_text(moment)).to_be_visible()
    page.goto(begin(own, count=5, **SLOW))
    expect(page.get_by_test_id("eta")).to_have_text(re.compile(r"left · done at \d\d:\d\d$"))


BOXES = """(said) => {
    let boxes = 0;
    for (let at = said; at && !at.matches(".bg-screen"); at = at.parentElement) {
        const style = getComputedStyle(at);
        boxes += parseFloat(style.borderTopWidth) > 0 ? 1 : 0;
    }
    return boxes;
}"""


def test_the_trouble_of_a_server_is_one_box(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(begin(stage.play(), count=3, **SLOW))
    expect(page.get_by_test_id("progress-label")).to_be_visible()
    stage.engine.stop()
    trouble = page.locator(".bg-screen").get_by_test_id("server-error")
    expect(trouble).to_be_visible()
    assert trouble.locator(":scope > *").first.evaluate(BOXES) == 1
