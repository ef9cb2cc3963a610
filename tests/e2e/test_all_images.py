"""Find it: all pictures as one grid, in a real browser."""

import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from batchgen_app.ui.gallery import image_words, words
from tests.e2e.batches import made
from tests.e2e.conftest import PHONE, Served, Starter
from tests.e2e.engine_thread import engine_thread

Open = Callable[..., Page]
TINY = {"baseParameters": {"steps": 1, "width": 64, "height": 64}}
VIEW = "/gallery?view=images"
SMALL = {"width": 900, "height": 600}


@pytest.fixture
def quick(start: Starter) -> Iterator[Served]:
    """The app on a demo engine that takes no time."""
    with engine_thread(step_delay=0.0) as engine:
        yield start.serve("--comfyui", engine.url)


def make(served: Served, prompt: str, count: int = 4) -> list[str]:
    """The ids of a finished batch's pictures as the grid has them: the last one first."""
    batch_id = made(served, count, prompt=prompt, **TINY).rpartition("/")[2]
    return [f"{batch_id}-{index:03d}" for index in range(count, 0, -1)]


def cells(page: Page) -> Locator:
    """The pictures that are in the page."""
    return page.get_by_test_id("gallery-image")


def shown(page: Page) -> list[str | None]:
    """Their ids, from the first to the last."""
    return [cell.get_attribute("data-id") for cell in cells(page).all()]


def focused(page: Page) -> str | None:
    """The id of the picture that has the focus."""
    found: str | None = page.evaluate("document.activeElement.dataset.id")
    return found


def cell(page: Page, image: str) -> Locator:
    """One picture."""
    return page.locator(f'[data-testid=gallery-image][data-id="{image}"]')


def truth(served: Served, image: str) -> dict[str, object]:
    """What the app knows of a picture."""
    answer = httpx.get(f"{served.address}/api/images/{image}/info")
    told: dict[str, object] = answer.raise_for_status().json()
    return told


def test_pictures_are_found_walked_through_and_judged_without_a_mouse(
    quick: Served, open_page: Open
) -> None:
    fox, sea = make(quick, "A red Fox"), make(quick, "a calm sea")
    page = open_page(f"{quick.address}/gallery")
    page.get_by_test_id("view-images").click()
    expect(page).to_have_url(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(8)
    assert shown(page) == [*sea, *fox]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("4")
    expect(cell(page, sea[1])).to_have_accessible_name(re.compile("4 stars"))
    page.keyboard.press("Shift+F")
    expect(cell(page, sea[2])).to_be_focused()
    expect(page.get_by_test_id("undo-last")).to_have_attribute("title", re.compile("favourite"))
    assert (truth(quick, sea[1])["rating"], truth(quick, sea[1])["favourite"]) == (4, True)
    page.keyboard.press("Control+z")
    expect(cell(page, sea[1])).not_to_have_accessible_name(re.compile("favourite"))
    page.keyboard.press("/")
    page.keyboard.type("fo")
    expect(cells(page)).to_have_count(4)
    assert shown(page) == fox
    expect(page.get_by_test_id("gallery-stats")).to_have_text("4 of 8 images")
    expect(page.get_by_test_id("suggestion")).to_have_text(["foxword"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("gallery-search")).to_have_value("fox ")
    expect(page.get_by_test_id("filter-chip")).to_have_text(re.compile("fox"))
    expect(page).to_have_url(re.compile("[?&]q=fox"))
    page.keyboard.type("trot")
    expect(page.get_by_text(str(words.NOTHING_FOUND))).to_be_visible()
    page.keyboard.press("Escape")
    expect(cells(page)).to_have_count(8)
    expect(page.get_by_test_id("filter-chip")).to_have_count(0)


def test_a_key_that_is_pressed_again_and_again_makes_the_pictures_smaller_and_larger(
    quick: Served, open_page: Open
) -> None:
    make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}", viewport={"width": 1220, "height": 800})
    grid = page.get_by_test_id("image-grid").get_by_role("grid")
    expect(cells(page)).to_have_count(4)
    usual = grid.get_attribute("aria-colcount") or ""
    for _ in range(3):
        page.keyboard.press("-")
    expect(grid).not_to_have_attribute("aria-colcount", usual)
    for _ in range(3):
        page.keyboard.press("+")
    expect(grid).to_have_attribute("aria-colcount", usual)


def test_keys_wait_until_it_is_known_what_all_are(quick: Served, open_page: Open) -> None:
    fox = make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(4)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/ids?*", hold)
    page.keyboard.press("ArrowRight")
    expect(cell(page, fox[0])).to_be_focused()
    with page.expect_request("**/ids?*"):
        page.keyboard.press("Control+a")
    for key in ("x", "4", "c"):
        page.keyboard.press(key)
    held[0].continue_()
    panes = page.get_by_test_id("pane")
    expect(panes).to_have_count(4)
    expect(panes.locator("[data-testid=rating][data-value='4']")).to_have_count(4)
    expect(panes.locator("[data-testid=reject][aria-pressed=true]")).to_have_count(4)
    judged = [truth(quick, image) for image in fox]
    assert [(one["rating"], one["rejected"]) for one in judged] == [(4, True)] * 4


def test_keys_lead_on_while_what_has_changed_is_asked_for(quick: Served, open_page: Open) -> None:
    images = make(quick, "a calm sea")
    page = open_page(f"{quick.address}{VIEW}")
    cell(page, images[0]).focus()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/gallery/images?*", hold, times=1)
    with page.expect_request("**/gallery/images?*"):
        httpx.patch(
            f"{quick.address}/api/images", json={"ids": images, "rating": 4}
        ).raise_for_status()
    page.keyboard.press("ArrowRight")
    expect(cell(page, images[1])).to_be_focused()
    held[0].continue_()
    expect(cell(page, images[1])).to_contain_text("★")
    assert focused(page) == images[1]
    page.keyboard.press("ArrowRight")
    expect(cell(page, images[2])).to_be_focused()


def test_what_was_chosen_of_several_batches_is_compared_taken_along_and_thrown_away(
    quick: Served, open_page: Open
) -> None:
    fox, sea = make(quick, "A red Fox"), make(quick, "a calm sea")
    page = open_page(f"{quick.address}{VIEW}")
    cell(page, sea[0]).click(modifiers=["ControlOrMeta"])
    cell(page, fox[1]).click(modifiers=["ControlOrMeta"])
    expect(page.get_by_test_id("selected-count")).to_have_text("2 selected")
    page.keyboard.press("c")
    expect(page.get_by_test_id("pane")).to_have_count(2)
    expect(page.get_by_test_id("light-table")).to_contain_text("A red Fox")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("light-table")).to_have_count(0)
    with page.expect_download() as taken:
        page.keyboard.press("d")
    assert taken.value.suggested_filename == "batchgen-2-images.zip"
    with zipfile.ZipFile(taken.value.path()) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {
            sea[0][:-4],
            fox[1][:-4],
        }
        assert archive.testzip() is None
        assert all(b"BatchGen" in archive.read(name) for name in archive.namelist())
    page.evaluate("localStorage.setItem('batchgen.clean', 'on')")
    with page.expect_download() as taken:
        page.keyboard.press("d")
    with zipfile.ZipFile(taken.value.path()) as archive:
        assert len(archive.namelist()) == 2
        assert not any(b"BatchGen" in archive.read(name) for name in archive.namelist())
    cell(page, fox[3]).click(modifiers=["Shift"])
    expect(page.get_by_test_id("selected-count")).to_have_text("4 selected")
    page.keyboard.press("Delete")
    expect(cells(page)).to_have_count(4)
    expect(page.get_by_test_id("selection-bar")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(cells(page)).to_have_count(8)
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selected-count")).to_have_text("8 selected")
    page.get_by_test_id("reject").click()
    expect(page.locator("[data-rejected=true]")).to_have_count(8)


def test_a_delivery_pack_of_several_batches_opens_without_any_network(
    quick: Served, open_page: Open, tmp_path: Path
) -> None:
    fox, sea = make(quick, "A red Fox"), make(quick, "a calm sea")
    page = open_page(f"{quick.address}{VIEW}")
    cell(page, sea[0]).click(modifiers=["Control"])
    cell(page, fox[1]).click(modifiers=["Control"])
    page.get_by_test_id("download-kind").select_option("pack")
    expect(page.get_by_test_id("download-selected")).to_have_attribute("title", re.compile("pack"))
    page.get_by_test_id("download-kind").evaluate("select => select.blur()")
    with page.expect_download() as taken:
        page.keyboard.press("d")
    assert taken.value.suggested_filename == "batchgen-2-images-pack.zip"
    with zipfile.ZipFile(taken.value.path()) as archive:
        archive.extractall(tmp_path / "pack")
    check = ["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"]
    subprocess.run(check, cwd=tmp_path / "pack", check=True)
    assert len(list((tmp_path / "pack/batches").iterdir())) == 2
    expect(page.get_by_test_id("packing")).to_have_count(0)
    table = open_page("about:blank", offline=True)
    table.goto((tmp_path / "pack/light-table.html").as_uri())
    expect(table.locator("h1")).to_have_text("2 batches")
    table.locator(".tile-picture").first.click()
    expect(table.locator("[data-testid=pane] img")).to_have_js_property("naturalWidth", 64)
    page.reload()
    cell(page, sea[0]).click(modifiers=["Control"])
    expect(page.get_by_test_id("download-kind")).to_have_value("pack")


def test_who_looked_at_one_in_large_is_back_in_its_place_and_what_is_new_moves_nothing(
    quick: Served, open_page: Open
) -> None:
    for number in range(6):
        make(quick, f"number {number}", count=20)
    page = open_page(f"{quick.address}{VIEW}", viewport=SMALL)
    expect(cells(page).first).to_have_attribute("data-id", re.compile("-020$"))
    page.keyboard.press("ArrowDown")
    for _ in range(5):
        page.keyboard.press("PageDown")
    image, left_at = focused(page), page.evaluate("scrollY")
    assert image
    assert left_at > SMALL["height"]
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("image-detail")).to_be_visible()
    page.go_back()
    expect(cell(page, image)).to_be_focused()
    assert page.evaluate("scrollY") == left_at
    top = cell(page, image).evaluate("cell => cell.getBoundingClientRect().top")
    make(quick, "a new one", count=7)
    expect(page.get_by_test_id("gallery-stats")).to_contain_text("127 images")
    expect(cell(page, image)).to_be_focused()
    moved = cell(page, image).evaluate("cell => cell.getBoundingClientRect().top")
    stride = page.evaluate("document.querySelector('.bg-image').offsetHeight + 6")
    assert abs(moved - top) <= stride + 1, "a row at most: it may stand in the next one"
    page.reload()
    expect(cell(page, image)).to_be_in_viewport()


def test_a_frame_drawn_with_the_mouse_chooses_what_it_touches(
    quick: Served, open_page: Open
) -> None:
    fox, sea = make(quick, "A red Fox"), make(quick, "a calm sea")
    page = open_page(f"{quick.address}{VIEW}", viewport=SMALL)
    expect(cells(page)).to_have_count(8)

    def draw(first: str, last: str) -> None:
        for image, move in ((first, page.mouse.down), (last, None)):
            box = cell(page, image).bounding_box()
            assert box
            page.mouse.move(box["x"] + 30, box["y"] + 30, steps=4)
            if move:
                move()

    draw(sea[1], sea[2])
    expect(page.locator("[data-caught]")).to_have_count(2)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.get_by_test_id("selection-bar")).to_have_count(0)
    draw(sea[1], fox[2])
    page.mouse.up()
    columns = int(page.get_by_role("grid").get_attribute("aria-colcount") or 0)
    first, last = ([*sea, *fox].index(image) for image in (sea[1], fox[2]))
    left, right = sorted((first % columns, last % columns))
    expected = [at for at in range(8) if left <= at % columns <= right]
    chosen = page.locator("[role=gridcell][aria-selected=true]")
    expect(chosen).to_have_count(len(expected))
    assert [one.get_attribute("data-at") for one in chosen.all()] == [str(at) for at in expected]
    expect(page).to_have_url(f"{quick.address}{VIEW}")
    page.keyboard.down("Control")
    draw(sea[0], sea[3])
    page.mouse.up()
    page.keyboard.up("Control")
    kept = {*expected, *range(first - 1, 4)}
    expect(chosen).to_have_count(len(kept))


def test_on_a_phone_a_long_press_begins_to_choose(quick: Served, open_page: Open) -> None:
    make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(cells(page)).to_have_count(4)
    expect(page.get_by_test_id("gallery-stats")).to_contain_text("4")
    box = cells(page).nth(1).bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    at = [{"x": box["x"] + 30, "y": box["y"] + 30}]
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at})
    expect(page.get_by_test_id("selected-count")).to_have_text(str(image_words.GRID["oneSelected"]))
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    cells(page).nth(2).tap()
    expect(page.get_by_test_id("selected-count")).to_have_text("2 selected")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_two_browsers_that_judge_and_throw_away_see_the_same(
    quick: Served, open_page: Open
) -> None:
    fox = make(quick, "A red Fox")
    one, other = (open_page(f"{quick.address}{VIEW}") for _ in range(2))
    for page in (one, other):
        expect(cells(page)).to_have_count(4)
    cell(one, fox[0]).focus()
    one.keyboard.press("5")
    cell(other, fox[1]).focus()
    other.keyboard.press("x")
    for page in (one, other):
        expect(cell(page, fox[0])).to_have_accessible_name(re.compile("5 stars"))
        expect(cell(page, fox[1])).to_have_attribute("data-rejected", "true")
    assert (truth(quick, fox[0])["rating"], truth(quick, fox[1])["rejected"]) == (5, True)
    cell(one, fox[2]).focus()
    one.keyboard.press("Delete")
    expect(cell(other, fox[2])).to_have_count(0)
    assert focused(other) == fox[1], "what somebody looks at stays under the focus"
    one.keyboard.press("Control+z")
    expect(cell(other, fox[2])).to_have_count(1)


def test_of_more_than_nine_the_first_come_onto_the_light_table_and_it_is_said(
    quick: Served, open_page: Open
) -> None:
    images = make(quick, "A red Fox", 12)
    page = open_page(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(12)
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selected-count")).to_have_text("12 selected")
    page.keyboard.press("c")
    expect(page.get_by_test_id("pane")).to_have_count(9)
    expect(page.get_by_text(image_words.first_of_chosen(9, 12))).to_be_visible()
    panes = [pane.get_attribute("data-index") for pane in page.get_by_test_id("pane").all()]
    assert panes == [str(int(image.rpartition("-")[2])) for image in images[:9]]
