"""Find it: the gallery in a real browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from batchgen_app.storage.gallery_query import Order
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.gallery import PAGE
from tests.e2e.batches import made
from tests.e2e.conftest import PHONE, Served, Starter
from tests.e2e.engine_thread import engine_thread

Open = Callable[..., Page]
TINY = {"baseParameters": {"steps": 1, "width": 64, "height": 64}}
LOADED = "img => img.complete && img.naturalWidth > 0"


@pytest.fixture
def quick(start: Starter) -> Iterator[Served]:
    """The app on a demo engine that takes no time."""
    with engine_thread(step_delay=0.0) as engine:
        yield start.serve("--comfyui", engine.url)


def make(served: Served, **changes: object) -> str:
    """A finished batch of tiny pictures; gives the address of its page."""
    return made(served, **{"count": 2, **TINY, **changes})  # type: ignore[arg-type]


def columns(page: Page) -> int:
    """Of the grid, as the browser lays it out."""
    laid_out = page.get_by_test_id("gallery-grid").evaluate(
        "grid => getComputedStyle(grid).gridTemplateColumns"
    )
    return len(laid_out.split())


def test_a_pile_shows_pictures_opens_in_place_and_leads_to_its_batch(
    quick: Served, open_page: Open
) -> None:
    address = make(quick, count=6)
    page = open_page(f"{quick.address}/gallery")
    pile = page.get_by_test_id("gallery-item")
    expect(pile).to_have_count(1)
    for picture in pile.locator("img").all():
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate(LOADED)
    pile.get_by_role("button", name=str(words.SHOW_ALL)).click()
    expect(pile.locator(".bg-fan img")).to_have_count(6)
    expect(pile.locator(".bg-pile-top")).to_be_hidden()
    pile.get_by_role("button", name=str(words.SHOW_LESS)).click()
    pile.click()
    expect(page).to_have_url(address)


def test_searching_shows_its_effect_while_one_types(quick: Served, open_page: Open) -> None:
    make(quick, prompt="A red Fox")
    make(quick, prompt="a calm sea")
    page = open_page(f"{quick.address}/gallery")
    expect(page.get_by_test_id("gallery-stats")).to_contain_text("4 images, ")
    page.get_by_test_id("gallery-search").press_sequentially("fox")
    expect(page.get_by_test_id("gallery-item")).to_have_count(1)
    expect(page.get_by_test_id("gallery-stats")).to_have_text("2 of 4 images")
    expect(page).to_have_url(f"{quick.address}/gallery?q=fox")
    page.reload()
    expect(page.get_by_test_id("gallery-search")).to_have_value("fox")
    expect(page.get_by_test_id("gallery-item")).to_have_count(1)
    page.get_by_test_id("clear-filters").click()
    expect(page.get_by_test_id("gallery-item")).to_have_count(2)


def test_dates_are_chosen_and_checked(quick: Served, open_page: Open) -> None:
    make(quick)
    page = open_page(f"{quick.address}/gallery")
    page.get_by_test_id("filter-from").fill("2020-02-02")
    page.get_by_test_id("filter-to").fill("2020-02-01")
    expect(page.get_by_test_id("field-error")).to_have_text("End date must be after start date")
    page.get_by_test_id("filter-to").fill("2020-02-03")
    expect(page.get_by_test_id("field-error")).to_have_count(0)
    expect(page.get_by_text(str(words.NOTHING_FOUND))).to_be_visible()
    chip = page.get_by_test_id("filter-chip")
    expect(chip).to_contain_text("2 Feb 2020 – 3 Feb 2020")
    chip.get_by_role("button").click()
    expect(page.get_by_test_id("gallery-item")).to_have_count(1)


def test_more_comes_while_scrolling_and_the_place_is_kept(quick: Served, open_page: Open) -> None:
    for _ in range(PAGE + 2):
        make(quick)
    page = open_page(f"{quick.address}/gallery", viewport={"width": 1280, "height": 500})
    piles = page.get_by_test_id("gallery-item")
    expect(piles).to_have_count(PAGE)
    page.mouse.wheel(0, 100_000)
    expect(piles).to_have_count(PAGE + 2)
    piles.last.scroll_into_view_if_needed()
    left_at = page.evaluate("scrollY")
    assert left_at > 500
    piles.last.click()
    expect(page).to_have_url(re.compile(r"/batch/"))
    page.go_back()
    expect(piles).to_have_count(PAGE + 2)
    page.wait_for_function("top => Math.abs(scrollY - top) < 2", arg=left_at)


@pytest.mark.console("404 (Not Found)")
def test_a_missing_picture_is_told_in_its_place(quick: Served, open_page: Open) -> None:
    lost, kept = make(quick), make(quick)
    for file in (quick.images / "batches" / lost.rpartition("/")[2]).rglob("*.*"):
        file.unlink()
    page = open_page(f"{quick.address}/gallery")
    lost_id = lost.rpartition("/")[2]
    expect(page.get_by_test_id("fault").get_by_text(f"of batch {lost_id} is gone")).to_have_count(2)
    first = page.get_by_test_id("gallery-item").first
    assert first.locator("img").first.evaluate(LOADED)
    first.click()
    expect(page).to_have_url(kept)


def test_a_new_batch_appears_without_reloading(quick: Served, open_page: Open) -> None:
    page = open_page(f"{quick.address}/gallery")
    expect(page.get_by_text(str(words.NOTHING_YET))).to_be_visible()
    make(quick)
    expect(page.get_by_test_id("gallery-item").locator("img")).to_have_count(2)
    expect(page.get_by_text(str(words.NOTHING_YET))).to_have_count(0)
    make(quick)
    expect(page.get_by_test_id("gallery-item")).to_have_count(2)


def test_what_was_deleted_by_keyboard_is_had_back_by_keyboard(
    quick: Served, open_page: Open
) -> None:
    make(quick)
    page = open_page(f"{quick.address}/gallery")
    page.get_by_role("button", name=str(words.DELETE_BATCH)).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("gallery-item")).to_have_count(0)
    expect(page.get_by_test_id("toast")).to_contain_text(str(words.BATCH_DELETED))
    page.get_by_test_id("undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("gallery-item")).to_have_count(1)
    assert page.get_by_test_id("gallery-item").locator("img").first.evaluate(LOADED)


def test_what_is_in_the_trash_is_seen_had_back_and_removed_for_good(
    quick: Served, open_page: Open
) -> None:
    make(quick, prompt="A red Fox")
    page = open_page(f"{quick.address}/gallery")
    page.get_by_role("button", name=str(words.DELETE_BATCH)).click()
    expect(page.get_by_test_id("gallery-item")).to_have_count(0)
    page.get_by_test_id("open-trash").click()
    pictures = page.get_by_test_id("trash-item").locator("img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate(LOADED)
    page.get_by_test_id("restore").click()
    expect(page.get_by_text(str(words.TRASH_NOTHING))).to_be_visible()
    page.get_by_role("link", name=str(words.TO_GALLERY)).click()
    page.get_by_role("button", name=str(words.DELETE_BATCH)).click()
    page.get_by_test_id("open-trash").click()
    page.get_by_test_id("empty-trash").click()
    page.get_by_test_id("agree").click()
    expect(page.get_by_text(str(words.TRASH_NOTHING))).to_be_visible()
    assert not list(quick.images.rglob("*.png"))


def test_the_order_is_in_the_address_and_kept_by_a_reload(quick: Served, open_page: Open) -> None:
    make(quick, prompt="B", count=2)
    make(quick, prompt="A", count=3)
    make(quick, prompt="C", count=4)
    page = open_page(f"{quick.address}/gallery")
    prompts = page.locator(".bg-pile-prompt")
    expect(prompts).to_have_text(["C", "A", "B"])
    page.get_by_test_id("gallery-order").click()
    page.get_by_role("option", name=str(words.ORDERS[Order.PROMPT]), exact=True).click()
    expect(prompts).to_have_text(["A", "B", "C"])
    page.reload()
    expect(prompts).to_have_text(["A", "B", "C"])
    make(quick, prompt="B2")
    expect(prompts).to_have_text(["A", "B", "B2", "C"])


def test_a_heart_on_the_page_of_a_batch_shows_at_once_in_an_open_gallery(
    quick: Served, open_page: Open
) -> None:
    address = make(quick)
    gallery, batch = open_page(f"{quick.address}/gallery"), open_page(address)
    batch.get_by_test_id("favourite").first.click()
    expect(gallery.get_by_text("♥ 1")).to_be_visible()


@pytest.mark.parametrize(("viewport", "expected"), [(None, 4), (PHONE, 2)])
def test_the_grid_fits_the_screen(
    quick: Served, open_page: Open, viewport: dict[str, int] | None, expected: int
) -> None:
    for _ in range(4):
        make(quick)
    options = {"viewport": viewport} if viewport else {}
    page = open_page(f"{quick.address}/gallery", **options)
    expect(page.get_by_test_id("gallery-item")).to_have_count(4)
    assert columns(page) == expected
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_the_filters_are_one_tap_away(quick: Served, open_page: Open) -> None:
    make(quick)
    page = open_page(f"{quick.address}/gallery", viewport=PHONE, has_touch=True)
    expect(page.get_by_test_id("filter-from")).to_be_hidden()
    page.get_by_role("button", name=str(words.FILTERS)).tap()
    expect(page.get_by_test_id("filter-from")).to_be_visible()
    page.get_by_test_id("filter-favourites").tap()
    expect(page.get_by_text(str(words.NOTHING_FOUND))).to_be_visible()
