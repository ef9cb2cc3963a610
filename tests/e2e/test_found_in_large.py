"""Find it: one picture in large, and from there all that were found, in a real browser."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.batches import REJECTED
from tests.e2e.conftest import PHONE, Served, Starter
from tests.e2e.engine_thread import engine_thread
from tests.e2e.test_all_images import SMALL, VIEW, cell, cells, focused, make, truth
from tests.e2e.test_large_view import MARKED_IN_THE_NEXT_FRAME, Finger

Open = Callable[..., Page]
FRAME = "[data-testid=filmstrip] [data-picture]"


@pytest.fixture
def quick(start: Starter) -> Iterator[Served]:
    """The app on a demo engine that takes no time."""
    with engine_thread(step_delay=0.0) as engine:
        yield start.serve("--comfyui", engine.url)


def detail(page: Page) -> Locator:
    """The large view."""
    return page.get_by_test_id("image-detail")


def strip(page: Page) -> list[str | None]:
    """The ids of the pictures in the strip."""
    return [frame.get_attribute("data-picture") for frame in page.locator(FRAME).all()]


def seen(page: Page, image: str, place: str) -> None:
    """Wait until the view shows this picture, and says where it stands."""
    expect(page.locator(f"{FRAME}[aria-current]")).to_have_attribute("data-picture", image)
    expect(detail(page)).to_contain_text(place)


def test_one_goes_through_what_was_found_of_all_batches_and_is_back_at_the_last_one(
    quick: Served, open_page: Open
) -> None:
    old, _, fox = make(quick, "a fox"), make(quick, "a calm sea"), make(quick, "A red Fox")
    everything = [*fox, *old]
    page = open_page(f"{quick.address}{VIEW}&q=fox")
    cell(page, fox[2]).click()
    seen(page, fox[2], "3 of 8 · image 2 of its batch")
    assert strip(page) == everything
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    seen(page, old[0], "5 of 8 · image 4 of its batch")
    expect(detail(page).get_by_test_id("facts")).to_contain_text(str(truth(quick, old[0])["seed"]))
    expect(detail(page).get_by_role("heading", level=1)).to_have_text("a fox")
    expect(detail(page).get_by_test_id("facts")).not_to_contain_text("Template")
    expect(page).to_have_url(re.compile(f"q=fox&image={old[0]}$"))
    page.reload()
    seen(page, old[0], "5 of 8")
    expect(detail(page).get_by_test_id("facts")).to_contain_text(str(truth(quick, old[0])["seed"]))
    page.keyboard.press("End")
    seen(page, old[3], "8 of 8")
    page.go_back()
    expect(detail(page)).to_have_count(0)
    expect(cell(page, old[3])).to_be_focused()
    expect(page).to_have_url(f"{quick.address}{VIEW}&q=fox")
    page.go_forward()
    seen(page, old[3], "8 of 8")
    page.keyboard.press("Home")
    seen(page, fox[0], "1 of 8")
    expect(detail(page).locator(".bg-ArrowLeft")).to_be_disabled()
    page.get_by_test_id("open-batch").click()
    expect(page).to_have_url(f"{quick.address}/batch/{fox[0][:-4]}")
    page.go_back()
    seen(page, fox[0], "1 of 8")
    page.keyboard.press("Escape")
    expect(detail(page)).to_have_count(0)
    expect(cell(page, fox[0])).to_be_focused()


def test_an_address_of_a_picture_in_large_has_the_page_behind_it(
    quick: Served, open_page: Open
) -> None:
    fox = make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}&image={fox[1]}")
    seen(page, fox[1], "2 of 4")
    page.go_back()
    expect(detail(page)).to_have_count(0)
    expect(cell(page, fox[1])).to_be_focused()
    expect(page).to_have_url(f"{quick.address}{VIEW}")
    page.goto(f"{quick.address}{VIEW}&image=nobody")
    expect(page.get_by_test_id("toast")).to_contain_text("not there any more")
    expect(page).to_have_url(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(4)


def test_what_is_marked_keeps_its_place_and_what_is_deleted_leads_to_the_next(
    quick: Served, open_page: Open
) -> None:
    sea, fox = make(quick, "a calm sea"), make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}&q=rating%3A0")
    cell(page, fox[3]).click()
    seen(page, fox[3], "4 of 8")
    assert page.evaluate(MARKED_IN_THE_NEXT_FRAME, "f") == "♥"
    assert page.evaluate(MARKED_IN_THE_NEXT_FRAME, "3") == "♥ ★ 3"
    page.keyboard.press("Shift+Digit2")
    seen(page, sea[0], "5 of 8")
    expect(page.get_by_test_id("image-grid")).to_have_attribute("data-total", "7")
    page.keyboard.press("ArrowLeft")
    seen(page, fox[3], "4 of 8")
    expect(detail(page).locator(".bg-large-marks")).to_have_text("♥ ★ 2")
    page.keyboard.press("u")
    expect(detail(page).locator(".bg-large-marks")).to_have_text("♥ ★ 3")
    page.keyboard.press("Delete")
    seen(page, sea[0], "4 of 7")
    assert strip(page) == [*fox[:3], *sea]
    page.keyboard.press("Control+z")
    seen(page, fox[3], "4 of 8")
    page.keyboard.press("Escape")
    expect(cell(page, sea[0])).to_be_focused()
    assert (truth(quick, fox[3])["rating"], truth(quick, fox[3])["favourite"]) == (3, True)


def test_what_another_browser_does_is_seen(quick: Served, open_page: Open) -> None:
    sea, fox = make(quick, "a calm sea"), make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}")
    cell(page, fox[1]).click()
    seen(page, fox[1], "2 of 8")
    images = f"{quick.address}/api/images"
    httpx.patch(images, json={"ids": [fox[1]], "rating": 4}).raise_for_status()
    expect(detail(page).locator(".bg-large-marks")).to_have_text("★ 4")
    httpx.request("DELETE", images, json={"ids": fox[:3]}).raise_for_status()
    seen(page, fox[3], "1 of 5")
    new = make(quick, "something new", count=2)
    seen(page, fox[3], "3 of 7")
    assert strip(page) == [*new, fox[3], *sea]
    httpx.request("DELETE", images, json={"ids": [*new, fox[3], *sea]}).raise_for_status()
    expect(detail(page)).to_have_count(0)
    expect(cells(page)).to_have_count(0)


def test_of_many_only_those_around_the_one_that_is_seen_are_there(
    quick: Served, open_page: Open
) -> None:
    images = [image for number in range(6) for image in make(quick, f"number {number}", count=20)]
    images.sort(reverse=True)
    page = open_page(f"{quick.address}{VIEW}", viewport=SMALL)
    cell(page, images[0]).click()
    seen(page, images[0], "1 of 120")
    page.keyboard.press("End")
    seen(page, images[119], "120 of 120")
    assert strip(page) == images[79:]
    page.keyboard.press("ArrowLeft")
    seen(page, images[118], "119 of 120")
    page.keyboard.press("Home")
    seen(page, images[0], "1 of 120")
    for place in range(23, 70, 23):
        for _ in range(23):  # nobody waits for what comes between
            page.keyboard.press("ArrowRight")
        seen(page, images[place], f"{place + 1} of 120")
        assert len(strip(page)) <= 81
    page.keyboard.press("Escape")
    expect(cell(page, images[69])).to_be_focused()
    expect(cell(page, images[69])).to_be_in_viewport()
    assert focused(page) == images[69]


def test_on_a_phone_swipes_lead_from_batch_to_batch(quick: Served, open_page: Open) -> None:
    sea, fox = make(quick, "a calm sea", count=2), make(quick, "A red Fox", count=2)
    page = open_page(f"{quick.address}{VIEW}", viewport=PHONE, has_touch=True, is_mobile=True)
    cell(page, fox[0]).tap()
    seen(page, fox[0], "1 of 4")
    finger = Finger(page)
    finger.swipe((200, 200), (-150, 0))
    seen(page, fox[1], "2 of 4")
    finger.swipe((200, 200), (-150, 0))
    seen(page, sea[0], "3 of 4")
    finger.swipe((200, 200), (0, -150))
    expect(detail(page).locator(".bg-large-marks")).to_have_text("♥")
    expect(page.get_by_test_id("toast")).to_contain_text("Image 2 is a favourite")
    page.get_by_test_id("undo").tap()
    expect(detail(page).locator(".bg-large-marks")).to_have_count(0)
    finger.swipe((200, 200), (0, 150))
    expect(detail(page).locator(".bg-large-marks")).to_have_text(REJECTED)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.go_back()
    expect(cell(page, sea[0])).to_be_focused()
    assert truth(quick, sea[0])["rejected"] is True
