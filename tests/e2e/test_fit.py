"""The pictures stand whole on the screen, whatever their shape; nothing moves from the first word
to the choice; and what people set on a device stays as they set it.
"""

import math
import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from playwright.sync_api import Locator, Page, expect

from batchgen_app.ui.batch_progress.words import PROGRESS
from tests.e2e.batches import begin, made
from tests.e2e.conftest import DESKTOP, PHONE, Served, Stage
from tests.e2e.test_form import field, ready
from tests.faulty_engine import HangWhileSampling

OpenPage = Callable[..., Page]
FINGER: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
SCREENS = (
    PHONE,
    DESKTOP,
    {"width": 1920, "height": 1080},
    {"width": 2560, "height": 1440},
)
EXTREMES = ((64, 64), (168, 72), (64, 256))
RATIOS = (1, 2 / 3, 3 / 2, 9 / 16, 16 / 9, 21 / 9, 512 / 2048, 2048 / 512)
GAP = 12
FITTED = """async (spaces) => {
    const { fitted } = await import("/assets/fitting_grid.js");
    return spaces.map((space) => fitted(space)).map(({ columns, high }) => [columns, high]);
}"""
TINY = {"steps": 1, "width": 64, "height": 64}
SHOW = """(count) => {
    for (const tile of document.querySelectorAll("[data-testid=comparison-tile]"))
        tile.hidden = Number(tile.dataset.index) > count;
}"""
ARE_WHOLE = """([count, most]) => {
    const grid = document.querySelector("[data-testid=comparison-grid]");
    const shown = [...grid.children].filter((tile) => !tile.hidden);
    const boxes = shown.map((tile) => tile.firstElementChild.getBoundingClientRect());
    const isWhole = ({ top, left, right, bottom }) =>
        top >= 52 && left >= 0 && right <= innerWidth && bottom <= innerHeight;
    const inARow = boxes.filter(({ top }) => top === boxes[0].top).length;
    const columns = Number(grid.dataset.columns);
    const isTrue = inARow === Math.min(columns, count) && columns <= most;
    return isTrue && boxes.length === count && boxes.every(isWhole);
}"""
"""All tiles that are shown are in the window, in as many columns as the grid says."""
WATCH_SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver((list) => shifts.push(...list.getEntries()))
        .observe({ type: "layout-shift", buffered: true });
}"""
SHIFTED = """() => {
    const nameOf = ({ node }) => node?.outerHTML ?? node?.textContent ?? "";
    const unasked = shifts.splice(0).filter((shift) => !shift.hadRecentInput);
    return unasked.map((shift) => [shift.value, ...shift.sources.map(nameOf)]);
}"""


def test_two_to_nine_pictures_of_any_shape_stand_whole_on_every_screen(
    served: Served, open_page: OpenPage
) -> None:
    sized = ({"steps": 1, "width": width, "height": height} for width, height in EXTREMES)
    for address in [begin(served, count=9, baseParameters=size) for size in sized]:
        page = open_page(address, viewport=DESKTOP)
        expect(page.get_by_test_id("comparison-tile")).to_have_count(9)
        for screen in SCREENS:
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            for count in range(2, 10):
                page.evaluate(SHOW, count)
                page.wait_for_function(ARE_WHOLE, arg=[count, 2 if screen is PHONE else 4])
        page.close()
    touched = open_page(address, **FINGER)
    expect(touched.get_by_test_id("comparison-tile")).to_have_count(9)
    touched.wait_for_function(ARE_WHOLE, arg=[9, 2])


def test_two_fingers_make_the_pictures_of_a_phone_larger_and_smaller(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(made(served, count=6, baseParameters=TINY), **FINGER)
    shown = page.get_by_test_id("comparison-tile").first.locator("[data-focus]")
    grid = page.get_by_test_id("comparison-grid")
    expect(grid).to_have_attribute("data-columns", "2")
    high = height_of(shown)
    fingers = page.context.new_cdp_session(page)

    def spread(*apart: int) -> None:
        for kind, width in (("touchStart", apart[0]), *(("touchMove", by) for by in apart[1:])):
            points = [{"x": 195 + side * width / 2, "y": 500, "id": side} for side in (-1, 1)]
            told = {"type": kind, "touchPoints": points}
            fingers.send("Input.dispatchTouchEvent", told)
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    spread(80, 120, 180, 260)
    expect(grid).to_have_attribute("data-columns", "1")
    assert height_of(shown) > 1.5 * high
    larger = height_of(shown)
    page.reload()
    expect(grid).to_have_attribute("data-columns", "1")
    assert height_of(shown) == larger
    spread(260, 180, 120, 80, 50)
    page.wait_for_function(
        "([shown, high]) => shown.clientHeight < high", arg=[shown.element_handle(), high]
    )
    assert page.evaluate("visualViewport.scale") == 1


def height_of(shown: Locator) -> float:
    box = shown.bounding_box()
    assert box
    return box["height"]


def test_chips_are_one_line_at_every_width_and_marks_move_no_picture(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(made(served, count=3, baseParameters=TINY), viewport=DESKTOP)
    tile = page.locator("[data-testid=comparison-tile][data-index='2']")
    expect(page.get_by_test_id("comparison-tile")).to_have_count(3)
    page.wait_for_function(ARE_WHOLE, arg=[3, 4])
    before = tile.bounding_box()
    for index, key in ((1, "x"), (3, "4")):
        page.locator(f"[data-testid=comparison-tile][data-index='{index}'] [data-focus]").focus()
        page.keyboard.press(key)
    expect(page.get_by_test_id("trash-rejected")).to_be_visible()
    expect(page.get_by_test_id("select-rated")).to_be_enabled()
    assert tile.bounding_box() == before
    for width in (1920, 1280, 1100, 800, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": 800})
        tops = {
            round(chip["y"])
            for one in page.locator(".bg-filters .bg-filter").all()
            if (chip := one.bounding_box())
        }
        assert len(tops) == 1, width


def spaces() -> Iterator[dict[str, float]]:
    """Every shape and count on every screen, beside the form and without it."""
    for screen, ratio, count in product(SCREENS, RATIOS, range(2, 10)):
        least, most = (1, 2) if screen is PHONE else (2, 4)
        usual = 2 if count <= 4 else 3
        room = {"gap": GAP, "chrome": 0, "usual": usual, "least": least, "most": most, "rows": 9}
        for beside in (0, 404) if screen is not PHONE else (0,):
            width, height = screen["width"] - 32 - beside, screen["height"] - 200
            yield {"count": count, "ratio": ratio, "width": width, "height": height, **room}


def height_in(space: dict[str, float], columns: int) -> float:
    """How high a picture can be in so many columns."""
    rows = math.ceil(space["count"] / columns)
    wide = (space["width"] - GAP * (columns - 1)) / columns
    return min((space["height"] - GAP * (rows - 1)) / rows, wide / space["ratio"])


def test_pictures_are_nearly_as_large_as_any_columns_show_them(
    served: Served, open_page: OpenPage
) -> None:
    page, asked = open_page(f"{served.address}/settings"), list(spaces())
    for space, (columns, high) in zip(asked, page.evaluate(FITTED, asked), strict=True):
        allowed = range(int(space["least"]), int(space["most"]) + 1)
        best = max(height_in(space, columns) for columns in allowed)
        assert columns in allowed
        assert high <= height_in(space, columns) + 0.01
        assert high >= best / 1.1 - 1, space


def test_of_more_than_fit_a_phone_shows_two_in_a_row_where_they_are_as_large(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(f"{served.address}/settings")
    room = {"gap": GAP, "chrome": 40, "usual": 4, "least": 1, "most": 2, "rows": 3}
    space = {"count": 20, "width": 366, "height": 508, **room}
    square, wide = page.evaluate(FITTED, [{**space, "ratio": ratio} for ratio in (1, 4)])
    assert square == [2, 121]
    assert wide == [1, 91]


NUMBERS = """(said) => {
    const parts = [".bg-numbers-image", ".bg-numbers-image + .bg-muted", ".bg-eta"];
    return said.map((texts) => {
        const line = parts.map((part) => document.querySelector(`.bg-numbers-line > ${part}`));
        line.forEach((part, at) => { part.textContent = texts[at]; part.style.display = ""; });
        return line.map((part) => part.getBoundingClientRect()).map(({ x, y }) => [x, y]);
    });
}"""
"""Where the parts of the line of numbers stand with these texts."""


PLACE_OF_BARS = f"""(said) => {{
    ({NUMBERS})(said);
    const parts = document.querySelectorAll(".bg-numbers-image, [role=progressbar]");
    return [...parts].map((part) => part.getBoundingClientRect().y);
}}"""


def test_the_numbers_of_a_batch_keep_their_places_whatever_they_say(
    stage: Stage, open_page: OpenPage
) -> None:
    page = open_page(begin(stage.play(HangWhileSampling()), count=20))
    expect(page.locator(".bg-eta")).to_be_attached()
    likely, left = (str(PROGRESS[name]) for name in ("likely", "left"))
    places = page.evaluate(
        NUMBERS,
        [
            ["Image 1 of 20", "Step 6 of 20", left.format(time="3 s", clock="13:07")],
            ["Image 9 of 20", "Step 6 of 20", likely.format(time="1 min 59 s")],
            ["Image 10 of 20", "Step 12 of 20", left.format(time="1 min 59 s", clock="13:07")],
        ],
    )
    assert places == [places[0]] * len(places)


def test_on_a_phone_the_bars_stay_where_they_are_while_no_time_is_known(
    stage: Stage, open_page: OpenPage
) -> None:
    page = open_page(begin(stage.play(HangWhileSampling()), count=5), **FINGER)
    expect(page.locator(".bg-eta")).to_be_attached()
    said = [["Image 1 of 5", "Step 6 of 8", "3 s left"], ["Image 1 of 5", "Saving", ""]]
    told, untold = (page.evaluate(PLACE_OF_BARS, [texts]) for texts in said)
    assert told == untold


def test_nothing_moves_from_the_first_word_to_the_choice(
    served: Served, open_page: OpenPage
) -> None:
    like = made(served, count=2, baseParameters=TINY).rpartition("/")[2]
    page = ready(open_page(served.address, reduced_motion="reduce"))
    page.evaluate(WATCH_SHIFTS)
    assert page.evaluate(SHIFTED) == []
    page.goto(f"{served.address}/?like={like}")
    expect(field(page, "width")).to_have_value("64")
    page.evaluate(WATCH_SHIFTS)
    known = re.compile("Generate 2 images · about")  # the form is filled, and moves no more
    expect(page.get_by_test_id("generate")).to_have_text(known)
    page.evaluate(SHIFTED)
    before = page.locator(".bg-form").bounding_box()
    page.get_by_test_id("generate").click()
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    page.wait_for_url("**/batch/*")
    expect(page.get_by_test_id("comparison-tile")).to_have_count(2)
    assert page.evaluate(SHIFTED) == []
    assert page.locator(".bg-form").bounding_box() == before
    page.go_back()  # to the form, as if the batch had been a page
    page.wait_for_url(re.compile(r"/(\?like=.*)?$"))
    expect(page.get_by_test_id("generate")).to_be_visible()
    expect(page.get_by_test_id("comparison-view")).to_have_count(0)


def width_of_a_tile(page: Page) -> float:
    box = page.get_by_test_id("comparison-tile").first.bounding_box()
    assert box
    return box["width"]


def test_a_device_remembers_the_size_of_tiles_the_folded_form_and_that_the_notice_was_read(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(made(served, count=4, baseParameters=TINY))
    fold, notice = page.get_by_test_id("fold-form"), page.get_by_test_id("demo-banner")
    tiles = page.get_by_test_id("comparison-tile")
    expect(tiles).to_have_count(4)
    expect(fold).to_have_attribute("aria-expanded", "false")
    fits = width_of_a_tile(page)
    page.get_by_test_id("size-less").click()
    assert width_of_a_tile(page) < fits
    page.keyboard.press("+")
    page.keyboard.press("+")
    larger = width_of_a_tile(page)
    assert larger > fits
    notice.get_by_test_id("put-demo-away").click()
    expect(notice).to_be_hidden()
    page.reload()
    expect(tiles).to_have_count(4)
    expect(notice).to_be_hidden()
    assert width_of_a_tile(page) >= larger  # the notice has left it room
    page.keyboard.press("e")
    expect(field(page, "prompt")).to_be_focused()
    expect(fold).to_have_attribute("aria-expanded", "true")
    page.reload()
    expect(tiles).to_have_count(4)
    expect(field(page, "prompt")).to_be_visible()
    fold.click()
    expect(field(page, "prompt")).to_be_hidden()
    tiles.first.hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, 300)
    page.keyboard.up("Control")
    page.wait_for_function("localStorage.getItem('batchgen.tile-size') < 0")
    expect(open_page(page.url).get_by_test_id("demo-banner")).to_be_visible()


BROKEN = """(said) => {
    const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT), broken = [];
    const range = new Range();
    for (let text = walker.nextNode(); text; text = walker.nextNode())
        for (const { index, 0: word } of text.data.matchAll(/\\S+/g)) {
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            const tops = [...range.getClientRects()].map(({ top }) => top);
            if (new Set(tops).size > 1) broken.push(word);
        }
    return broken;
}"""
"""Words that stand in two lines."""
LINES = """(said) => {
    const range = new Range();
    range.selectNodeContents(said);
    return new Set([...range.getClientRects()].map(({ top }) => top)).size;
}"""


def test_on_the_narrowest_phone_no_word_is_broken_or_cut(
    served: Served, open_page: OpenPage
) -> None:
    for locale in ("en-US", "de-DE"):
        narrow = {**FINGER, "viewport": {"width": 320, "height": 640}, "locale": locale}
        page = open_page(served.address, **narrow)
        assert page.get_by_test_id("demo-banner").evaluate(BROKEN) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        for width in (320, 360, 375, 390):
            page.set_viewport_size({"width": width, "height": 640})
            for link in page.locator(".bg-nav a").all():
                expect(link).to_be_in_viewport(ratio=1)
        for width in (360, 390):
            page.set_viewport_size({"width": width, "height": 640})
            assert page.get_by_test_id("input-image").locator(".bg-label").evaluate(LINES) == 1


def test_on_a_phone_generate_folds_the_form_and_the_way_out_stands_at_the_bottom(
    stage: Stage, open_page: OpenPage
) -> None:
    served = stage.play(HangWhileSampling(prompt=4))
    like = made(served, count=2, prompt="a red fox", baseParameters=TINY).rpartition("/")[2]
    page = open_page(f"{served.address}/?like={like}", reduced_motion="reduce", **FINGER)
    expect(field(page, "width")).to_have_value("64")
    fold = page.get_by_test_id("fold-form")
    expect(fold).to_be_hidden()
    page.get_by_test_id("generate").tap()
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 2")
    expect(fold).to_contain_text("a red fox")
    expect(page.get_by_test_id("generate")).to_be_hidden()
    for mark in ("fold-form", "progress-label", "eta", "cancel", "live-preview"):
        expect(page.get_by_test_id(mark)).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_test_id("thumbnail").first).to_be_in_viewport(ratio=1)
    fold.tap()
    expect(field(page, "prompt")).to_have_value("a red fox")
    expect(page.get_by_test_id("generate")).to_be_visible()
