"""Messages are seen: above all else, beside what they are about, with a key for the way back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from batchgen_app.ui.gallery import words
from tests.e2e.batches import begin, made
from tests.e2e.conftest import PHONE, Served

pytestmark = pytest.mark.console("404 (Not Found)")
"""A picture may be asked for when it is already in the trash."""
Open = Callable[..., Page]

LIES_ON_TOP = """([message, there]) => {
    const place = there.getBoundingClientRect?.() ?? there;
    const { x, y, width, height } = message.getBoundingClientRect();
    const [across, down] = [x + width / 2, y + height / 2];
    return message.contains(document.elementFromPoint(across, down))
        && place.x <= across && across <= place.x + place.width
        && place.y <= down && down <= place.y + place.height;
}"""
"""Whether the middle of a message is seen, and lies in a place of the page."""


def chosen_from(page: Page) -> Locator:
    """The tiles of a batch that has ended."""
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    return page.locator("[data-testid=comparison-tile]:visible")


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}])
def test_undo_lies_above_the_large_view_on_its_picture(
    served: Served, open_page: Open, look: dict[str, object]
) -> None:
    page = open_page(begin(served, count=3), reduced_motion="reduce", **look)
    tiles = chosen_from(page)
    tiles.first.locator("[data-focus]").click()
    expect(page.get_by_test_id("image-detail")).to_contain_text("Image 1 of 3")
    page.keyboard.press("Delete")
    message = page.get_by_test_id("toast")
    expect(message).to_contain_text("Image 1 is in the trash")
    expect(page.get_by_test_id("image-detail")).to_contain_text("Image 2")
    picture = page.locator(".bg-panes").element_handle()
    page.wait_for_function(LIES_ON_TOP, arg=[message.element_handle(), picture])
    page.get_by_test_id("undo").click()
    expect(message).to_have_count(0)
    expect(page.get_by_test_id("image-detail")).to_contain_text("Image 1 of 3")
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("undo")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("image-detail")).to_have_count(0)
    expect(page.get_by_test_id("undo")).to_be_visible()  # it outlives the view
    page.keyboard.press("Control+z")
    expect(tiles).to_have_count(3)


def test_in_the_grid_it_lies_where_the_picture_was_and_each_press_takes_one_back(
    served: Served, open_page: Open
) -> None:
    page = open_page(begin(served, count=4))
    tiles, message = chosen_from(page), page.get_by_test_id("toast")
    for left in (3, 2):
        tiles.nth(1).locator("[data-focus]").focus()
        place = tiles.nth(1).bounding_box()
        page.keyboard.press("Delete")
        expect(tiles).to_have_count(left)
        expect(message).to_contain_text(f"Image {5 - left}")
        page.wait_for_function(LIES_ON_TOP, arg=[message.element_handle(), place])
    for left, after in ((3, 1), (4, 0)):
        page.keyboard.press("Control+z")
        expect(tiles).to_have_count(left)
        expect(message).to_have_count(after)


def test_a_key_that_is_held_down_deletes_one_picture(served: Served, open_page: Open) -> None:
    page = open_page(begin(served, count=3))
    tiles = chosen_from(page)
    tiles.first.locator("[data-focus]").focus()
    for _ in range(3):
        page.keyboard.down("Delete")
    expect(page.get_by_test_id("undo")).to_be_visible()
    page.keyboard.up("Delete")
    page.keyboard.press("Control+z")
    expect(tiles).to_have_count(3)


DELETED_AND_TAKEN_BACK_AT_ONCE = """() => new Promise((told) => {
    const known = document.querySelectorAll("[data-testid=toast]");
    const isNew = (toast) => ![...known].includes(toast);
    new MutationObserver((_, observer) => {
        if (![...document.querySelectorAll("[data-testid=toast]")].some(isNew)) return;
        observer.disconnect();
        told();
    }).observe(document.body, { childList: true, subtree: true });
    const press = (key) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { ...key, bubbles: true }));
    for (let time = 1; time <= 2; time += 1) {
        press({ key: "Delete" });
        press({ key: "z", ctrlKey: true });
    }
})"""
"""Presses all keys before the app can answer, and waits until it has offered the way back."""
CLOCK = "() => Object.defineProperty(Event.prototype, 'timeStamp', { get: () => clock })"
"""From now on events happen when the global ``clock`` says so, in milliseconds."""


@pytest.mark.parametrize("where", ["large view", "grid"])
def test_a_way_back_asked_for_before_it_is_offered_is_gone_once_it_is(
    served: Served, open_page: Open, where: str
) -> None:
    page = open_page(begin(served, count=3), reduced_motion="reduce")
    tiles, undo = chosen_from(page), page.get_by_test_id("undo")
    tiles.last.locator("[data-focus]").focus()
    page.keyboard.press("Delete")
    expect(undo).to_be_visible()
    expect(tiles).to_have_count(2)
    tiles.first.locator("[data-focus]").focus()
    if where == "large view":
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("image-detail")).to_contain_text("Image 1")
    page.evaluate(DELETED_AND_TAKEN_BACK_AT_ONCE)
    expect(page.get_by_test_id("toast")).to_contain_text("Image 3 is in the trash")
    expect(tiles).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(tiles).to_have_count(3)
    expect(undo).to_have_count(0)


def test_while_somebody_types_the_key_belongs_to_the_text(served: Served, open_page: Open) -> None:
    begin(served, count=2, prompt="a chestnut")
    page = open_page(f"{served.address}/gallery?q=chestnut")
    pile = page.get_by_test_id("gallery-item")
    expect(pile.get_by_role("button", name=str(words.DELETE_BATCH))).to_be_visible()
    pile.get_by_role("button", name=str(words.DELETE_BATCH)).click()
    expect(pile).to_have_count(0)
    page.get_by_test_id("gallery-search").press("Control+z")
    page.get_by_test_id("nav-gallery").focus()
    expect(page.get_by_test_id("undo")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("undo")).to_have_count(0)
    expect(pile).to_have_count(1)


def middle(control: Locator) -> tuple[float, float]:
    """Where people press it."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press_again(page: Page, at: tuple[float, float], when: int) -> None:
    """Press a place ``when`` the milliseconds since the first press say."""
    page.evaluate("when => { clock = when }", when)
    press = page.touchscreen.tap if page.evaluate("navigator.maxTouchPoints") else page.mouse.click
    press(*at)


BY_HAND = [({}, 2), ({"viewport": PHONE, "has_touch": True, "is_mobile": True}, 1)]


@pytest.mark.parametrize(("look", "pressed"), BY_HAND)
def test_a_second_press_where_a_picture_was_deleted_does_nothing(
    served: Served, open_page: Open, look: dict[str, object], pressed: int
) -> None:
    page = open_page(begin(served, count=5), reduced_motion="reduce", **look)
    tiles, told = chosen_from(page), page.get_by_test_id("toast")
    expect(tiles).to_have_count(5)
    page.evaluate(CLOCK)
    place = middle(tiles.nth(pressed).get_by_role("button", name="Move to the trash"))
    press_again(page, place, 0)
    expect(tiles).to_have_count(4)
    expect(told).to_be_visible()
    for when in (120, 600, 1300):
        press_again(page, place, when)
    other = tiles.first.get_by_role("button", name="Move to the trash")
    press_again(page, middle(other), 1310)
    expect(told).to_contain_text("Image 1 is in the trash")
    expect(tiles).to_have_count(3)
    expect(page.get_by_test_id("image-detail")).to_have_count(0)
    page.evaluate("clock = 5000")
    for left in (2, 1):
        tiles.first.locator("[data-focus]").focus()
        page.keyboard.press("Delete")
        expect(tiles).to_have_count(left)


def test_a_second_press_where_a_batch_was_deleted_does_nothing(
    served: Served, open_page: Open
) -> None:
    for which in ("first", "second", "third"):
        made(served, count=2, prompt=f"the {which} quince")
    page = open_page(f"{served.address}/gallery?q=quince")
    piles, told = page.get_by_test_id("gallery-item"), page.get_by_test_id("toast")
    expect(piles).to_have_count(3)
    page.evaluate(CLOCK)
    place = middle(piles.first.get_by_test_id("delete"))
    press_again(page, place, 0)
    expect(piles).to_have_count(2)
    expect(told).to_be_visible()
    press_again(page, place, 300)
    press_again(page, middle(piles.last.get_by_test_id("delete")), 310)
    expect(piles).to_have_count(1)
    expect(piles).to_contain_text("the second quince")
    press_again(page, place, 2000)
    expect(piles).to_have_count(0)
