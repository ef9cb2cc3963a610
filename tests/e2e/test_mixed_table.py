"""Pictures of unequal sizes and shapes, and films, beside each other on the light table: at one
zoom and one spot like any others.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.demo.graphs import plain
from tests.e2e.batches import made
from tests.e2e.conftest import PHONE, Served, Stage, Starter
from tests.e2e.engine_thread import engine_thread
from tests.e2e.films import recorded
from tests.e2e.test_all_images import VIEW, cells
from tests.e2e.test_light_table import (
    alike,
    centre,
    changed,
    drawn,
    filled,
    indexes,
    side_by_side,
)
from tests.faulty_engine import SaveInstead
from tests.storage import making

Open = Callable[..., Page]
WIDE, TALL, SQUARE, SMALL = (512, 128), (128, 512), (256, 256), (96, 64)
AS_IS = {"workflow": plain(), "model": None, "baseParameters": {}, "promptAsIs": True}
SEEN = """(table) => [...table.querySelectorAll(".bg-own")].map((own) => {
    const pane = own.closest(".bg-pane").getBoundingClientRect();
    const frame = own.getBoundingClientRect();
    const size = [own.naturalWidth || own.videoWidth, own.naturalHeight || own.videoHeight];
    const scale = Math.min(frame.width / size[0], frame.height / size[1]);
    const [wide, high] = size.map((side) => side * scale);
    const left = frame.left - pane.left + (frame.width - wide) / 2;
    const top = frame.top - pane.top + (frame.height - high) / 2;
    const isWithin = left + wide < pane.width + 1 && top + high < pane.height + 1;
    return { scale, wide, high, isWhole: left > -1 && top > -1 && isWithin };
})"""
"""What is seen of each picture in its pane: object-fit leaves room beside it."""
MOVE = "(films) => films.length > 0 && films.every((film) => film.currentTime > 0 && !film.paused)"
STAND = "(films) => films.every((film) => film.paused && !film.seeking)"
AT_ONE_MOMENT = """(films) => films.length === 4 && films[0].currentTime > 0.05
    && films.every((film) => film.paused && !film.seeking)
    && films.every(({ currentTime }) => Math.abs(currentTime - films[0].currentTime) < 0.05)"""


@pytest.fixture
def quick(start: Starter) -> Iterator[Served]:
    """The app on a demo engine that takes no time."""
    with engine_thread(step_delay=0.0) as engine:
        yield start.serve("--comfyui", engine.url)


def laid_out(quick: Served, open_page: Open, sizes: tuple[tuple[int, int], ...]) -> Page:
    """Two pictures of each size on the light table, the last size first."""
    for width, height in sizes:
        made(quick, 2, baseParameters={"steps": 1, "width": width, "height": height})
    page = open_page(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(2 * len(sizes))
    page.keyboard.press("Control+a")
    page.keyboard.press("c")
    filled(page, 2 * len(sizes))
    return page


def test_pictures_of_any_size_are_whole_and_move_together(quick: Served, open_page: Open) -> None:
    page = laid_out(quick, open_page, (SMALL, SQUARE, TALL, WIDE))
    view = page.get_by_test_id("side-by-side-view")
    table = view.get_by_test_id("light-table")
    seen = table.evaluate(SEEN)
    assert all(one["isWhole"] for one in seen)
    wide, tall, square, small = seen[0], seen[2], seen[4], seen[6]
    assert wide["scale"] == pytest.approx(tall["scale"], rel=0.01)  # pixel for pixel
    assert square["high"] == pytest.approx(tall["high"], rel=0.01)
    assert small["wide"] == pytest.approx(wide["wide"], rel=0.01)
    pane = view.get_by_test_id("pane").first
    with_thumbnail = pane.screenshot()
    pane.locator(".bg-own").evaluate("own => (own.style.backgroundImage = 'none')")
    assert pane.screenshot() == with_thumbnail, "a thumbnail lies behind its picture, not beside it"
    fitting = drawn(view)
    assert alike(fitting)
    x, y = centre(view.get_by_test_id("pane").nth(2))
    page.mouse.move(x + 20, y - 30)
    page.mouse.wheel(0, -900)
    zoomed = changed(view, fitting)
    page.mouse.down()
    page.mouse.move(x + 60, y + 10)
    page.mouse.up()
    assert alike(zoomed)
    assert alike(changed(view, zoomed))
    page.keyboard.press("w")
    page.keyboard.press("Escape")


def test_who_has_zoomed_stays_at_the_spot_when_other_sizes_come_and_go(
    quick: Served, open_page: Open
) -> None:
    page = laid_out(quick, open_page, (SMALL, SQUARE, WIDE))
    view = page.get_by_test_id("side-by-side-view")
    panes = view.get_by_test_id("pane")
    fitting = drawn(view)
    for _ in range(3):
        page.keyboard.press("+")
    assert changed(view, fitting)[0][2] > 2 * fitting[0][2]
    for left in (5, 4):
        page.keyboard.press("Delete")
        expect(panes).to_have_count(left)
    filled(page, 4)  # the wide ones are gone
    zoomed = drawn(view)
    assert alike(zoomed)
    page.keyboard.press("w")
    assert zoomed[0][2] > 3 * changed(view, zoomed)[0][2]
    assert all(one["isWhole"] for one in view.get_by_test_id("light-table").evaluate(SEEN))


def test_slider_blink_and_difference_of_two_shapes(quick: Served, open_page: Open) -> None:
    for width, height in (TALL, WIDE):
        made(quick, 2, baseParameters={"steps": 1, "width": width, "height": height})
    page = open_page(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(4)
    cells(page).nth(0).click(modifiers=["ControlOrMeta"])
    cells(page).nth(2).click(modifiers=["ControlOrMeta"])
    page.keyboard.press("c")
    view = filled(page, 2)
    first, second = view.get_by_test_id("pane").all()
    for key, mode in (("m", "wipe"), ("e", "difference"), ("e", "beside")):
        page.keyboard.press(key)
        expect(view.locator(".bg-stage-panes")).to_have_attribute("data-mode", mode)
        assert alike(drawn(view))
    page.keyboard.press("+")
    page.keyboard.down("b")
    other = first.locator(".bg-other")
    expect(other).to_be_visible()
    expect(first.locator(".bg-own")).to_be_hidden()
    assert other.bounding_box() == first.locator(".bg-own").bounding_box()
    page.keyboard.up("b")
    expect(second.locator(".bg-own")).to_be_visible()


def on_the_table(page: Page) -> Locator:
    """Both pictures of the page's batch."""
    expect(page.get_by_test_id("comparison-tile")).to_have_count(2)
    page.keyboard.press("Control+a")
    page.keyboard.press("c")
    return filled(page, 2)


def test_films_of_two_kinds_play_in_step_at_one_zoom(
    stage: Stage, open_page: Open, browser: Browser
) -> None:
    webm, mp4 = recorded(browser), recorded(browser, "video/mp4", (96, 128), frames=40)
    served = stage.play(
        SaveInstead(prompt=1, ending="webm", data=webm, key="gifs"),
        SaveInstead(prompt=2, ending="mp4", data=mp4, key="gifs"),
    )
    page = open_page(made(served, 2, **AS_IS))
    view = on_the_table(page)
    own, panes = view.locator("video.bg-own"), view.get_by_test_id("pane")
    expect(own).to_have_count(2)
    page.wait_for_function(MOVE, arg=[film.element_handle() for film in own.all()])
    fitting = drawn(view)
    x, y = centre(panes.first)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -600)
    zoomed = changed(view, fitting)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20)
    page.mouse.up()
    assert alike(zoomed)
    assert alike(changed(view, zoomed))
    page.keyboard.press("p")
    every = [film.element_handle() for film in view.locator("video").all()]
    page.wait_for_function(STAND, arg=every)
    view.get_by_label("The moment that all films show").fill("250")
    page.wait_for_function(AT_ONE_MOMENT, arg=every)
    page.mouse.click(x, y)
    page.keyboard.press("m")
    expect(view.locator(".bg-stage-panes")).to_have_attribute("data-mode", "wipe")
    page.keyboard.press("m")
    page.keyboard.down("b")
    expect(panes.first.locator("video.bg-other")).to_be_visible()
    expect(panes.first.locator(".bg-own")).to_be_hidden()
    page.keyboard.up("b")
    page.keyboard.press("p")
    page.wait_for_function(MOVE, arg=[film.element_handle() for film in own.all()])


@pytest.mark.parametrize("ending", ["webp", "webm"])
def test_why_what_moves_has_no_difference_is_said(
    stage: Stage, open_page: Open, browser: Browser, ending: str
) -> None:
    data = making.moving_webp() if ending == "webp" else recorded(browser)
    file = SaveInstead(ending=ending, data=data, key="gifs")
    page = open_page(made(stage.play(file), 2, **AS_IS))
    view = on_the_table(page)
    said = view.get_by_test_id("no-difference")
    expect(said).to_have_count(0)
    page.keyboard.press("e")
    expect(said).to_contain_text("What moves has no difference")
    expect(view.locator(".bg-stage-panes")).to_have_attribute("data-mode", "beside")
    page.keyboard.press("m")
    expect(said).to_have_count(0)
    page.keyboard.press("e")
    page.keyboard.press("e")
    expect(said).to_have_count(0)
    fitting = drawn(view)
    page.keyboard.press("+")
    assert alike(changed(view, fitting))
    assert indexes(view) == ["1", "2"]


def test_who_wants_no_motion_starts_films_and_hears_the_active_one(
    stage: Stage, open_page: Open, browser: Browser
) -> None:
    file = SaveInstead(ending="webm", data=recorded(browser), key="gifs")
    options = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    page = open_page(made(stage.play(file), 2, **AS_IS), reduced_motion="reduce", **options)
    view = side_by_side(page, 2)
    own = view.locator("video.bg-own")
    films = [film.element_handle() for film in own.all()]
    page.wait_for_function(
        "(films) => films.every((film) => film.readyState > 0 && film.paused)", arg=films
    )
    for tool in view.get_by_test_id("films").get_by_role("button").all():
        box = tool.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 40
    view.get_by_test_id("films-play").tap()
    page.wait_for_function(MOVE, arg=films)
    view.get_by_label("The sound of the active film").tap()
    assert [film.evaluate("film => film.muted") for film in films] == [False, True]
