"""For everyone: axe finds nothing serious on any page, in either theme."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from batchgen_app.ui.frame.words import KEYS
from batchgen_app.ui.gallery import words
from tests.e2e.batches import begin, made, truth
from tests.e2e.conftest import PHONE, Served

Open = Callable[..., Page]
SERIOUS = {"serious", "critical"}
SMALL = {"baseParameters": {"steps": 1, "width": 64, "height": 64}}
SLOW = {"baseParameters": {"steps": 100, "width": 64, "height": 64}}

pytestmark = pytest.mark.parametrize("theme", ["dark", "light"])


@pytest.fixture
def look(open_page: Open, theme: str) -> Open:
    """Opens a page in the theme of the story, without movement: axe would see half of it."""

    def opening(address: str, **options: object) -> Page:
        return open_page(address, color_scheme=theme, reduced_motion="reduce", **options)

    return opening


STILL = "() => !document.querySelector('[class*=-enter-active], [class*=-leave-active]')"
"""Whether no dialog is on its way in or out, half transparent."""


def assert_open_to_all(page: Page) -> None:
    """Axe finds nothing that keeps people out."""
    page.wait_for_function(STILL)
    found = Axe().run(page).response["violations"]
    faults = [
        f"{fault['id']}: {node['html']}\n{node['failureSummary']}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]
    assert not faults, "\n\n".join(faults)


def test_the_form_with_nothing_in_it_and_with_everything_wrong(served: Served, look: Open) -> None:
    page = look(served.address)
    expect(page.get_by_test_id("demo-banner")).to_be_visible()
    assert_open_to_all(page)
    page.get_by_test_id("batch-count").fill("1")
    page.get_by_test_id("generate").click()
    expect(page.get_by_test_id("field-error").first).to_be_visible()
    assert_open_to_all(page)


def test_the_list_of_shortcuts(served: Served, look: Open) -> None:
    page = look(served.address)
    page.get_by_test_id("shortcuts").click()
    expect(page.get_by_role("dialog").locator("dt kbd")).to_have_text([str(key) for key, _ in KEYS])
    expect(page.get_by_role("dialog").locator("dd")).to_have_text([str(said) for _, said in KEYS])
    assert_open_to_all(page)


def test_a_running_batch(served: Served, look: Open) -> None:
    page = look(begin(served, count=3, **SLOW))
    expect(page.get_by_test_id("batch-progress")).to_be_visible()
    expect(page.get_by_test_id("thumbnail")).to_have_count(3)
    assert_open_to_all(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_open_to_all(page)


def test_the_comparison_and_two_side_by_side(served: Served, look: Open) -> None:
    page = look(made(served, count=3, **SMALL))
    expect(page.get_by_test_id("comparison-tile")).to_have_count(3)
    assert_open_to_all(page)
    for tick in page.get_by_test_id("select-image").all()[:2]:
        tick.check()
    page.get_by_test_id("side-by-side").click()
    expect(page.get_by_test_id("side-by-side-view")).to_be_visible()
    assert_open_to_all(page)
    page.keyboard.press("?")
    expect(page.get_by_test_id("table-keys")).to_be_visible()
    assert_open_to_all(page)
    for key in ("Escape", "e", "k", "k"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("ranking")).to_be_visible()
    assert_open_to_all(page)
    page.keyboard.press("Escape")
    page.get_by_test_id("comparison-tile").first.locator("img").click()
    expect(page.get_by_test_id("image-detail")).to_be_visible()
    assert_open_to_all(page)


def test_old_against_new_and_what_is_asked_before(served: Served, look: Open) -> None:
    old = made(served, count=2, **SMALL)
    seeds = truth(old)["progress"]["seeds"]
    origin = {"batchId": old.rpartition("/")[2], "how": "changed"}
    page = look(made(served, count=2, seeds=seeds, basedOn=origin, prompt="by night", **SMALL))
    expect(page.get_by_test_id("pair")).to_have_count(2)
    page.get_by_test_id("regenerate").click()
    expect(page.get_by_test_id("descendants")).to_be_visible()
    assert_open_to_all(page)
    page.get_by_test_id("try-a-change").click()
    page.get_by_test_id("start-change").click()
    expect(page.get_by_text("Nothing is changed yet")).to_be_visible()
    assert_open_to_all(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_test_id("remote-qr").click()
    expect(page.get_by_test_id("remote-closed")).to_be_visible()
    assert_open_to_all(page)


def test_the_room_that_pictures_take_and_what_is_found_among_them(own: Served, look: Open) -> None:
    batch = made(own, count=3, **SMALL).rpartition("/")[2]
    (home,) = own.images.rglob(batch)
    first, second, third = sorted(home.glob("00*.png"))
    second.write_bytes(first.read_bytes())
    third.unlink()
    (home / "holiday.jpg").write_bytes(b"mine")
    page = look(f"{own.address}/storage")
    page.get_by_test_id("look").click()
    for found in ("faulty", "foreign", "same"):
        expect(page.get_by_test_id(found)).to_be_visible()
    assert_open_to_all(page)
    page.goto(f"{own.address}/settings")
    page.get_by_test_id("move-pictures").click()
    page.get_by_test_id("begin-move").click()
    expect(page.get_by_test_id("field-error")).to_be_visible()
    assert_open_to_all(page)


def test_the_gallery_empty_full_filtered_and_open(own: Served, look: Open) -> None:
    page = look(f"{own.address}/gallery")
    expect(page.get_by_text(str(words.NOTHING_YET))).to_be_visible()
    assert_open_to_all(page)
    made(own, count=6, **SMALL)
    pile = page.get_by_test_id("gallery-item")
    expect(pile).to_have_count(1)
    page.get_by_test_id("gallery-search").fill("lighthouse")
    page.get_by_test_id("filter-from").fill("2020-02-02")
    expect(page.get_by_test_id("filter-chip")).to_have_count(2)
    assert_open_to_all(page)
    pile.get_by_role("button", name=str(words.SHOW_ALL)).click()
    pile.get_by_role("button", name=words.favourite_of(2)).click()
    assert_open_to_all(page)
    pile.get_by_role("button", name=str(words.DELETE_BATCH)).click()
    expect(page.get_by_test_id("toast")).to_be_visible()
    assert_open_to_all(page)
    page.get_by_test_id("open-trash").click()
    expect(page.get_by_test_id("trash-item")).to_have_count(1)
    assert_open_to_all(page)
    page.get_by_test_id("empty-trash").click()
    expect(page.get_by_test_id("agree")).to_be_visible()
    assert_open_to_all(page)


def test_all_pictures_as_one_grid(own: Served, look: Open) -> None:
    made(own, count=3, **SMALL)
    page = look(f"{own.address}/gallery?view=images")
    expect(page.get_by_test_id("gallery-image")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("4")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("selection-bar")).to_be_visible()
    assert_open_to_all(page)
    page.get_by_test_id("gallery-search").press_sequentially("li")
    expect(page.get_by_test_id("suggestion").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert_open_to_all(page)


def test_the_settings_with_everything_wrong(own: Served, look: Open) -> None:
    page = look(f"{own.address}/settings")
    page.get_by_test_id("add-header").click()
    page.get_by_test_id("server-address").fill("http://127.0.0.1:1")
    page.get_by_test_id("output-folder").fill("pictures")
    page.get_by_test_id("save-output-folder").click()
    expect(page.get_by_test_id("field-error")).to_be_visible()
    page.get_by_test_id("save-server").click()
    page.get_by_test_id("save-anyway").click()
    expect(page.get_by_test_id("server-error")).to_be_visible()
    assert_open_to_all(page)


@pytest.mark.console("404 (Not Found)")
def test_every_page_on_a_phone(served: Served, look: Open) -> None:
    batch = made(served, count=3, **SMALL)
    others = [
        f"{served.address}/{name}" for name in ("", "gallery", "trash", "settings", "batch/none")
    ]
    for address in (batch, *others):
        page = look(address, viewport=PHONE, has_touch=True)
        expect(page.get_by_test_id("nav-gallery")).to_be_visible()
        assert_open_to_all(page)
