"""What a workflow makes that is no still picture: it plays where a browser can play it, and has a
tile where none can.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo.graphs import node, plain
from tests.e2e.batches import made
from tests.e2e.conftest import PHONE, Stage
from tests.e2e.films import recorded
from tests.e2e.test_large_view import Finger
from tests.faulty_engine import SaveInstead
from tests.storage import making

Open = Callable[..., Page]
AS_IS = {"workflow": plain(), "model": None, "baseParameters": {}, "promptAsIs": True}
SHOWS = "(shown) => shown.complete && shown.naturalWidth > 1"


@pytest.fixture(scope="session")
def webm(browser: Browser) -> bytes:
    """A film that every Chromium plays."""
    return recorded(browser)


def opened(stage: Stage, open_page: Open, file: SaveInstead, **options: object) -> Page:
    """The comparison of two images, each of which is such a file."""
    page = open_page(made(stage.play(file), count=2, **AS_IS), **options)
    expect(page.get_by_test_id("comparison-tile")).to_have_count(2)
    return page


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_a_film_plays_in_its_tile_and_in_large(
    stage: Stage, open_page: Open, webm: bytes, viewport: dict[str, int] | None
) -> None:
    options = {"viewport": viewport} if viewport else {}
    page = opened(stage, open_page, SaveInstead(ending="webm", data=webm, key="gifs"), **options)
    film = page.get_by_test_id("comparison-tile").first.locator("video")
    page.wait_for_function(
        "(film) => film.currentTime > 0 && film.muted", arg=film.element_handle()
    )
    film.click()
    large = page.get_by_test_id("image-detail").locator("video[controls]")
    expect(large).to_be_visible()
    page.wait_for_function("(film) => film.currentTime > 0", arg=large.element_handle())
    assert large.evaluate("(film) => [film.videoWidth, film.videoHeight]") == [160, 120]
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()


def test_a_finger_on_a_film_leads_on_and_judges_it(
    stage: Stage, open_page: Open, webm: bytes
) -> None:
    file = SaveInstead(ending="webm", data=webm, key="gifs")
    page = opened(stage, open_page, file, viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("[data-place='1']").click()
    detail, finger = page.get_by_test_id("image-detail"), Finger(page)
    expect(detail.locator("video[controls]")).to_be_visible()
    finger.swipe((200, 200), (-150, 0))
    expect(detail).to_contain_text("Image 2 of 2")
    expect(detail.locator("video[controls]")).to_be_visible()
    finger.swipe((200, 200), (0, -120))
    expect(detail.locator(".bg-large-marks")).to_have_text("♥")
    page.get_by_test_id("undo").tap()
    expect(detail.locator(".bg-large-marks")).to_have_count(0)


def test_whoever_wants_no_motion_sees_the_film_stand_still(
    stage: Stage, open_page: Open, webm: bytes
) -> None:
    file = SaveInstead(ending="webm", data=webm, key="gifs")
    page = opened(stage, open_page, file, reduced_motion="reduce")
    film = page.get_by_test_id("comparison-tile").first.locator("video")
    page.wait_for_function("(film) => film.readyState > 0", arg=film.element_handle())
    assert film.evaluate("(film) => film.paused && film.currentTime === 0")


@pytest.mark.parametrize(
    "file",
    [
        SaveInstead(ending="exr", data=b"no browser shows it"),
        SaveInstead(ending="tiff", data=making.tiff(making.picture(400))),
        SaveInstead(ending="gif", data=making.gif(size=(64, 48))),
    ],
    ids=lambda file: file.ending,
)
def test_any_other_file_has_a_picture_in_its_place(
    stage: Stage, open_page: Open, file: SaveInstead
) -> None:
    page = opened(stage, open_page, file)
    shown = page.get_by_test_id("comparison-tile").first.locator("img")
    page.wait_for_function(SHOWS, arg=shown.element_handle())
    source = str(shown.evaluate("(shown) => shown.currentSrc"))
    assert re.search(r"/thumbnail$", source) is None if file.ending == "gif" else source
    shown.click()
    large = page.get_by_test_id("image-detail").locator("[data-offset='0'] img")
    page.wait_for_function(SHOWS, arg=large.element_handle())


def test_a_film_that_cannot_be_played_leaves_its_still(stage: Stage, open_page: Open) -> None:
    page = opened(stage, open_page, SaveInstead(ending="mp4", data=making.film(), key="gifs"))
    film = page.get_by_test_id("comparison-tile").first.locator("video")
    page.wait_for_function("(film) => film.error !== null", arg=film.element_handle())
    expect(film).to_be_visible()
    expect(film).to_have_attribute("poster", re.compile("/thumbnail$"))
    film.click()
    large = page.get_by_test_id("image-detail").locator("[data-offset='0'] img")
    page.wait_for_function(SHOWS, arg=large.element_handle())


def test_a_film_made_beside_the_image_opens_as_a_page_of_its_own(
    stage: Stage, open_page: Open, webm: bytes
) -> None:
    film = SaveInstead(ending="webm", data=webm, key="gifs", node="film")
    graph = {"film": node("SaveImage", images=["1", 0], filename_prefix="film"), **plain()}
    page = open_page(made(stage.play(film), count=2, **{**AS_IS, "workflow": graph}))
    page.get_by_test_id("comparison-tile").first.locator("img").click()
    with page.expect_popup() as opening:
        page.get_by_test_id("extras").get_by_role("link").click()
    playing = "() => document.querySelector('video')?.readyState > 0"
    opening.value.wait_for_function(playing)
