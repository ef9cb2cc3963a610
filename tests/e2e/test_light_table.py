"""The light table in a real browser: one zoom and one pan for all, two over each other, the better
one stays, marks by key.
"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.batches import begin, made, truth
from tests.e2e.conftest import PHONE, Served, Stage
from tests.faulty_engine import Hold, Moment

OpenPage = Callable[..., Page]
SMALL: dict[str, Any] = {"baseParameters": {"steps": 1, "width": 256, "height": 192}}
DRAWN = """table => [...table.querySelectorAll(".bg-own")].map((image) => {
    const { left, top } = image.closest(".bg-pane").getBoundingClientRect();
    const drawn = image.getBoundingClientRect();
    return [drawn.left - left, drawn.top - top, drawn.width, drawn.height].map(Math.round);
})"""
"""Where in its pane each picture lies, and how large."""
ARRANGED = """async () => {
    const { arranged, GAP } = await import("batchgen-light-table/arrange.js");
    const faults = [];
    const sizes = [[1, 1], [2, 3], [3, 2], [9, 16], [16, 9], [21, 9], [1, 4], [4, 1]];
    for (const room of [[1280, 740], [2560, 1380], [390, 700]])
        for (const frame of sizes)
            for (let count = 1; count <= 9; count += 1) {
                const drawn = (columns) => {
                    const rows = Math.ceil(count / columns);
                    const width = (room[0] - GAP * (columns - 1)) / columns;
                    const height = (room[1] - GAP * (rows - 1)) / rows;
                    return Math.min(width / frame[0], height / frame[1]);
                };
                const { columns, rows } = arranged(count, frame, room);
                const best = Math.max(...Array.from({ length: count }, (_, at) => drawn(at + 1)));
                const isBest = columns * rows >= count && drawn(columns) > best * 0.999999;
                if (!isBest) faults.push([room, frame, count]);
            }
    return faults;
}"""
ZOOMED = """async () => {
    const zoom = await import("batchgen-zooming/zoom.js");
    const [frame, room] = [[1000, 800], [500, 300]];
    const spot = (view, at) =>
        zoom.corner(view, room).map((from, side) => (at[side] - from) / view.scale);
    const faults = [];
    for (const scale of [0.4, 1, 2, 7])
        for (const at of [[250, 150], [10, 20], [490, 299]]) {
            const begun = zoom.zoomed(zoom.fitted(frame, room), 0.9, frame, room);
            const before = zoom.panned(begun, [33, -21]);
            const after = zoom.zoomed(before, scale, frame, room, at);
            const was = spot(before, at);
            const moved = spot(after, at).map((value, side) => Math.abs(value - was[side]));
            if (Math.max(...moved) > 1e-6) faults.push([scale, at, moved]);
            const own = { by: [5, -9], times: 1.7 };
            const there = zoom.sharedOf(zoom.ownOf(after, own), own);
            if (Math.abs(there.scale - after.scale) > 1e-9) faults.push(["own", scale]);
            const kept = zoom.kept(zoom.panned(after, [9999, -9999]), frame, room);
            const [left] = zoom.corner(kept, room);
            const gap = Math.max(left, room[0] - (left + frame[0] * kept.scale));
            if (kept.scale * frame[0] > room[0] && gap > 1e-6) faults.push(["edge", gap]);
        }
    return faults;
}"""


def side_by_side(page: Page, count: int) -> Locator:
    """Select so many pictures and put them beside each other."""
    ticks = page.get_by_test_id("select-image")
    expect(ticks.nth(count - 1)).to_be_visible()
    for tick in ticks.all()[:count]:
        tick.check()
    page.get_by_test_id("side-by-side").click()
    return filled(page, count)


def filled(page: Page, count: int) -> Locator:
    """The view, when so many pictures are drawn in it."""
    view = page.get_by_test_id("side-by-side-view")
    expect(view.get_by_test_id("pane").locator(".bg-own")).to_have_count(count)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.bg-own')]"
        ".every((own) => (own.complete || own.readyState > 0) && own.style.width)"
    )
    return view


def drawn(view: Locator) -> list[list[int]]:
    found: list[list[int]] = view.get_by_test_id("light-table").evaluate(DRAWN)
    return found


def alike(places: list[list[int]]) -> bool:
    """Whether they are the same but for a fraction of a pixel, which may be rounded either way."""
    return all(max(values) - min(values) <= 1 for values in zip(*places, strict=True))


def changed(view: Locator, before: list[list[int]]) -> list[list[int]]:
    """Where the pictures are once they are no longer there where they were."""
    view.page.wait_for_function(
        f"before => JSON.stringify(({DRAWN})(document.querySelector('[data-testid=light-table]')))"
        " !== JSON.stringify(before)",
        arg=before,
    )
    return drawn(view)


def indexes(view: Locator) -> list[str | None]:
    return [pane.get_attribute("data-index") for pane in view.get_by_test_id("pane").all()]


def centre(box_of: Locator) -> tuple[float, float]:
    box = box_of.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_nine_show_the_same_spot_whatever_moves_them_and_shift_moves_one_alone(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(made(served, 9, **SMALL))
    view = side_by_side(page, 9)
    assert page.evaluate(ARRANGED) == []
    assert page.evaluate(ZOOMED) == []
    fitting = drawn(view)
    assert alike(fitting)
    panes = view.get_by_test_id("pane")
    x, y = centre(panes.nth(4))
    page.mouse.move(x - 60, y)
    page.mouse.wheel(0, -1200)
    zoomed = changed(view, fitting)
    page.mouse.down()
    page.mouse.move(x, y + 30)
    panned = changed(view, zoomed)
    page.mouse.up()
    page.keyboard.press("ArrowRight")
    by_key = changed(view, panned)
    for seen in (zoomed, panned, by_key):
        assert alike(seen)
    page.keyboard.down("Shift")
    page.mouse.down()
    page.mouse.move(x + 40, y + 60)
    page.mouse.up()
    page.keyboard.up("Shift")
    alone = changed(view, by_key)
    assert alone[:4] + alone[5:] == by_key[:4] + by_key[5:]
    page.keyboard.press("t")
    expect(view.locator(".bg-zoom")).to_have_text("200 %")
    page.keyboard.press("w")
    expect(view.locator(".bg-zoom")).not_to_have_text("200 %")
    assert drawn(view) == fitting
    page.mouse.dblclick(x, y)
    expect(view.locator(".bg-zoom")).to_have_text("100 %")
    page.mouse.dblclick(x, y)
    expect(view.locator(".bg-zoom")).not_to_have_text("100 %")
    assert drawn(view) == fitting
    page.keyboard.press("?")
    expect(view.get_by_test_id("table-keys")).to_contain_text("keep the left")


def test_of_two_one_lies_over_the_other_or_comes_in_its_place(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(made(served, 2, **SMALL))
    view = side_by_side(page, 2)
    page.keyboard.press("m")
    slider = view.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuenow", "50")
    x, y = centre(slider)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x / 2, y)
    page.mouse.up()
    expect(slider).to_have_attribute("aria-valuenow", "25")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "27")
    page.mouse.click(x * 1.5, y)
    first, second = view.get_by_test_id("pane").all()
    expect(second).to_have_attribute("data-active", "true")
    page.mouse.click(x / 4, y)
    expect(first).to_have_attribute("data-active", "true")
    page.keyboard.press("e")
    mixed = second.locator(".bg-layer")
    expect(mixed).to_have_css("mix-blend-mode", "difference")
    view.get_by_label("How bright the difference is").fill("9")
    expect(view.locator(".bg-boosted")).to_have_css("backdrop-filter", "brightness(9)")
    first.focus()
    page.keyboard.press("e")
    expect(mixed).to_have_css("mix-blend-mode", "normal")
    page.keyboard.down("b")
    expect(first.locator(".bg-other")).to_be_visible()
    expect(first.locator(".bg-own")).to_be_hidden()
    expect(first.locator(".bg-caption")).to_contain_text("Image 2")
    expect(second.locator(".bg-own")).to_be_visible()
    page.keyboard.up("b")
    expect(first.locator(".bg-own")).to_be_visible()
    assert indexes(view) == ["1", "2"]
    page.keyboard.press("s")
    expect(first).to_have_attribute("data-index", "2")
    assert indexes(view) == ["2", "1"]


def test_the_better_one_stays_until_all_were_compared_and_the_best_gets_its_stars(
    served: Served, open_page: OpenPage
) -> None:
    address = made(served, 6, **SMALL)
    images = truth(address)["images"]
    httpx.patch(f"{served.address}/api/images/{images[3]['id']}", json={"rejected": True})
    page = open_page(address)
    view = side_by_side(page, 2)
    for key, shown in (("k", ["1", "3"]), ("l", ["5", "3"]), ("k", ["5", "6"])):
        page.keyboard.press(key)
        expect(view.get_by_test_id("pane").first).to_have_attribute("data-index", shown[0])
        expect(view.get_by_test_id("pane").last).to_have_attribute("data-index", shown[1])
    page.keyboard.press("Backspace")
    expect(view.get_by_test_id("pane").last).to_have_attribute("data-index", "3")
    view.get_by_test_id("keep-left").click()
    view.get_by_test_id("keep-left").click()
    ranked = view.get_by_test_id("ranked")
    expect(ranked).to_have_count(5)
    assert [one.get_attribute("data-index") for one in ranked.all()] == ["5", "6", "3", "1", "2"]
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    httpx.delete(f"{served.address}/api/images/{images[2]['id']}").raise_for_status()
    expect(view.get_by_test_id("pane").last).to_have_attribute("data-index", "6")
    view.get_by_test_id("keep-left").click()
    expect(ranked).to_have_count(4)
    page.keyboard.press("Backspace")
    expect(ranked).to_have_count(0)
    page.keyboard.press("l")
    expect(ranked.first).to_have_attribute("data-index", "6")
    view.get_by_test_id("ranking-stars").click()
    view.get_by_test_id("ranking-favourite").click()
    expect(ranked.first.get_by_role("img", name="5 stars")).to_be_visible()
    view.get_by_label("How many").fill("3")
    view.get_by_test_id("ranking-open").click()
    filled(page, 3)
    assert indexes(view) == ["6", "5", "1"]
    page.keyboard.press("Backspace")
    ranked.nth(1).get_by_role("button").click()
    filled(page, 1)
    assert indexes(view) == ["5"]
    page.keyboard.press("Backspace")
    expect(ranked).to_have_count(4)
    best = truth(address)["images"][-1]
    assert (best["rating"], best["favourite"]) == (5, True)


def test_everything_by_keyboard_and_back_to_the_tile(served: Served, open_page: OpenPage) -> None:
    address = made(served, 6, **SMALL)
    page = open_page(address)
    tile = page.get_by_test_id("comparison-tile").nth(1).locator("[data-focus]")
    tile.focus()
    for key in (" ", "ArrowRight", " ", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("side-by-side")).to_be_enabled()
    page.keyboard.press("c")
    view = filled(page, 2)
    panes = view.get_by_test_id("pane")
    for key in ("Alt+2", "f", "4", "x", "u", "x", "Alt+1", "Shift+2", "1", "u", "Alt+1"):
        page.keyboard.press(key)
    expect(panes.nth(1).get_by_test_id("rating")).to_have_attribute("data-value", "4")
    expect(panes.nth(1).get_by_test_id("favourite")).to_have_attribute("aria-pressed", "true")
    expect(panes.nth(1).get_by_test_id("reject")).to_have_attribute("aria-pressed", "true")
    expect(panes.nth(0)).to_have_attribute("data-active", "true")
    expect(panes.nth(0).get_by_test_id("rating")).to_have_attribute("data-value", "2")
    page.keyboard.press("Tab")  # from picture to picture: the tools of the active one are below
    expect(panes.nth(1)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(panes.nth(0)).to_be_focused()
    for key, shown in (("ArrowRight", "4"), ("ArrowRight", "5"), ("ArrowLeft", "4")):
        page.keyboard.press(f"Shift+{key}")
        expect(panes.nth(0)).to_have_attribute("data-index", shown)
    with page.expect_download() as downloading:
        page.keyboard.press("d")
    assert downloading.value.suggested_filename == truth(address)["images"][3]["filename"]
    page.keyboard.press("Delete")
    expect(panes).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(panes).to_have_count(2)
    httpx.delete(f"{served.address}/api/images/{truth(address)['images'][2]['id']}")
    expect(panes).to_have_count(1)
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)
    expect(tile).to_be_focused()


def test_a_place_fills_when_its_picture_arrives_and_back_leads_to_the_batch(
    stage: Stage, open_page: OpenPage
) -> None:
    held = Hold(prompt=2, moment=Moment.SAMPLING)
    served = stage.play(held)
    page = open_page(begin(served, 3, **SMALL))
    expect(page.locator("[data-testid=thumbnail][data-status=completed]")).to_have_count(1)
    page.keyboard.press("c")
    view = page.get_by_test_id("side-by-side-view")
    panes = view.get_by_test_id("pane")
    expect(panes).to_have_count(3)
    expect(panes.nth(1)).to_contain_text("Image 2 will appear here.")
    expect(panes.locator(".bg-own")).to_have_count(1)
    stage.engine.release(held)
    filled(page, 3)
    assert alike(drawn(view))
    page.go_back()
    expect(view).to_have_count(0)
    expect(page.get_by_test_id("comparison-tile")).to_have_count(3)


PINCH = [
    ("touchStart", [(120, 200), (200, 200)]),
    ("touchMove", [(80, 200), (240, 200)]),
    ("touchMove", [(40, 200), (280, 200)]),
    ("touchEnd", []),
]


@pytest.mark.parametrize("count", [2, 9])
def test_on_a_phone_two_fingers_zoom_all_pictures_and_everything_is_in_reach(
    served: Served, open_page: OpenPage, count: int
) -> None:
    page = open_page(made(served, count, **SMALL), viewport=PHONE, has_touch=True, is_mobile=True)
    view = side_by_side(page, count)
    before = drawn(view)
    fingers = page.context.new_cdp_session(page)
    for kind, points in PINCH:
        touches = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    after = changed(view, before)
    assert alike(after)
    assert after[0][2] > 2 * before[0][2]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    box = view.get_by_role("button", name="Close (Esc)").bounding_box()
    assert box
    assert box["x"] + box["width"] <= PHONE["width"]
    assert box["y"] + box["height"] <= PHONE["height"]


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_on_a_narrow_phone_the_tools_of_two_stand_in_three_lines(
    served: Served, open_page: OpenPage, locale: str
) -> None:
    finger = {"has_touch": True, "is_mobile": True, "locale": locale}
    page = open_page(made(served, 2, **SMALL), viewport={"width": 360, "height": 740}, **finger)
    tools = side_by_side(page, 2).get_by_role("toolbar").locator(":is(button, a):visible")
    boxes = [box for tool in tools.all() if (box := tool.bounding_box())]
    assert len({round(box["y"]) for box in boxes}) == 3
    assert max(box["x"] + box["width"] for box in boxes) <= 360


def test_what_is_pointed_at_in_a_caption_stays_in_sight(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(made(served, count=2, **SMALL), color_scheme="light")
    side_by_side(page, 2)
    heart = page.get_by_test_id("pane").first.get_by_test_id("favourite")
    heart.hover()
    expect(heart).to_have_css("color", "rgb(255, 255, 255)")
    expect(heart).to_have_css("background-color", "rgba(255, 255, 255, 0.2)")
