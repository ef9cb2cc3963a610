"""Judging many pictures: by one key each, by several people at once, and many in one go."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.e2e.batches import made, truth
from tests.e2e.conftest import PHONE, Served

Open = Callable[..., Page]
SMALL = {"baseParameters": {"steps": 1, "width": 64, "height": 64}}
KEPT = (4, 9, 17)
MOST_TABS = 90
TOP = "(grid) => grid.getBoundingClientRect().top + scrollY"


def tile(page: Page, index: int) -> Locator:
    """Of the picture with this number."""
    return page.locator(f"[data-testid=comparison-tile][data-index='{index}']")


def picture(page: Page, index: int) -> Locator:
    """What is focused and clicked of a tile."""
    return tile(page, index).locator("[data-focus]")


def tab_to(page: Page, control: Locator) -> None:
    """As somebody goes there who has no mouse."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if control.evaluate("control => control === document.activeElement"):
            return
    raise AssertionError(f"{control} cannot be reached")


def marks(address: str) -> list[tuple[int, bool, bool]]:
    """What the app knows: stars, favourite, rejected."""
    told: list[dict[str, Any]] = truth(address)["images"]
    return [(image["rating"], image["favourite"], image["rejected"]) for image in told]


def seen(page: Page) -> list[tuple[int, bool, bool]]:
    """The same as a page shows it."""

    def marks_of(shown: Locator) -> tuple[int, bool, bool]:
        stars = shown.locator(".bg-marks > [data-testid=rating]").get_attribute("data-value")
        heart = shown.get_by_test_id("favourite").get_attribute("aria-pressed")
        return int(stars or 0), heart == "true", shown.get_attribute("data-rejected") == "true"

    return [marks_of(shown) for shown in page.get_by_test_id("comparison-tile").all()]


def test_twenty_pictures_are_judged_three_kept_and_downloaded_without_a_mouse(
    own: Served, open_page: Open, tmp_path: Path
) -> None:
    address = made(own, count=20, **SMALL)
    page = open_page(address)
    expect(page.get_by_test_id("comparison-tile")).to_have_count(20)
    tab_to(page, page.get_by_test_id("advance"))
    page.keyboard.press("Space")
    expect(page.get_by_test_id("advance")).to_be_checked()
    picture(page, 1).focus()
    top = page.get_by_test_id("comparison-grid").evaluate(TOP)
    for index in range(1, 21):
        expect(picture(page, index)).to_be_focused()
        page.keyboard.press("5" if index in KEPT else "x")
    expect(tile(page, 20)).to_have_attribute("data-rejected", "true")
    expect(page.get_by_test_id("trash-rejected")).to_be_visible()
    assert page.get_by_test_id("comparison-grid").evaluate(TOP) == top
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("toast")).to_contain_text("Taken back: Image 20: rejected")
    expect(tile(page, 20)).to_have_attribute("data-rejected", "false")
    page.keyboard.press("x")
    page.keyboard.press("u")  # waits for its turn
    page.keyboard.press("x")
    expect(page.get_by_test_id("trash-rejected")).to_contain_text("Move 17 rejected to trash")
    chip = page.locator("[data-testid=filter][data-filter=hide-rejected]")
    tab_to(page, chip)  # beyond the last picture the page begins anew
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=comparison-tile]:visible")).to_have_count(3)
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selected-count")).to_have_text("3 selected")
    with page.expect_download() as downloading:
        page.keyboard.press("d")
    downloading.value.save_as(tmp_path / "kept.zip")
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        kept = [name for name in archive.namelist() if name.endswith(".png")]
    assert sorted(int(Path(name).name[:3]) for name in kept) == [*KEPT]
    assert marks(address) == [
        (5, False, False) if index in KEPT else (0, False, True) for index in range(1, 21)
    ]
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("selection-bar")).to_be_hidden()
    page.reload()
    expect(page.get_by_test_id("advance")).to_be_checked()
    assert seen(page) == marks(address)


def test_a_key_selects_the_good_ones_wherever_the_focus_is(served: Served, open_page: Open) -> None:
    page = open_page(made(served, count=6, **SMALL))
    picture(page, 2).press("4")
    picture(page, 6).press("3")
    expect(page.get_by_test_id("select-rated")).to_contain_text("(2)")
    picture(page, 6).press("Enter")
    expect(page.get_by_test_id("image-detail")).to_contain_text("Image 6 of 6")
    page.keyboard.press("Escape")
    expect(picture(page, 6)).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_test_id("selected-count")).to_have_text("2 selected")


def test_keys_wait_for_what_they_are_for(served: Served, open_page: Open) -> None:
    """As fast as keys can be pressed: before the app has said what is chosen, or opened a view."""
    address = made(served, count=6, **SMALL)
    page = open_page(address)
    expect(tile(page, 6)).to_be_visible()
    table, panes = page.get_by_test_id("light-table"), page.get_by_test_id("pane")
    for _ in range(3):
        picture(page, 1).click(modifiers=["Control"])
        picture(page, 2).click(modifiers=["Control"])
        page.keyboard.press("c")
        expect(panes).to_have_count(2)
        page.keyboard.press("Escape")
        expect(table).to_have_count(0)
        page.keyboard.press("Escape")
    picture(page, 3).focus()
    for key in ("Control+a", "4", "Escape", "ArrowRight", "f"):
        page.keyboard.press(key)
    expect(tile(page, 4).get_by_test_id("favourite")).to_have_attribute("aria-pressed", "true")
    assert marks(address) == [(4, index == 4, False) for index in range(1, 7)]
    for key in ("Control+a", "c", "x", "Alt+2", "1", "Escape"):
        page.keyboard.press(key)
    expect(table).to_have_count(0)
    expect(tile(page, 2).locator(".bg-stars")).to_have_attribute("data-value", "1")
    assert marks(address)[:3] == [(4, False, True), (1, False, False), (4, False, False)]
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("selection-bar")).to_be_hidden()
    picture(page, 5).focus()
    for key in ("Enter", "ArrowRight", "2", "Escape"):
        page.keyboard.press(key)
    expect(tile(page, 6).locator(".bg-stars")).to_have_attribute("data-value", "2")
    expect(picture(page, 6)).to_be_focused()
    assert marks(address)[4:] == [(4, False, False), (2, False, False)]


def test_three_people_judge_the_same_batch_and_the_last_word_counts_for_each_mark(
    own: Served, open_page: Open
) -> None:
    address = made(own, count=6, **SMALL)
    one, two = open_page(address), open_page(address)
    phone = open_page(address, viewport=PHONE, has_touch=True, is_mobile=True)
    for page in (one, two, phone):
        expect(page.get_by_test_id("comparison-tile")).to_have_count(6)
    picture(one, 1).focus()
    picture(two, 1).focus()
    for index in range(1, 7):
        one.keyboard.press(f"Shift+Digit{min(index, 5)}")  # a digit, whatever else it means
        two.keyboard.press("Shift+X" if index % 2 else "ArrowRight")
        tile(phone, index).get_by_test_id("favourite").tap()
    wanted = [(min(index, 5), True, bool(index % 2)) for index in range(1, 7)]
    for page in (one, two, phone):
        expect(tile(page, 6).get_by_test_id("favourite")).to_have_attribute("aria-pressed", "true")
        expect(tile(page, 5)).to_have_attribute("data-rejected", "true")
        expect(tile(page, 6).locator(".bg-stars")).to_have_attribute("data-value", "5")
        assert seen(page) == wanted
    assert marks(address) == wanted
    picture(two, 1).press("3")
    expect(tile(one, 1).locator(".bg-stars")).to_have_attribute("data-value", "3")
    picture(one, 1).press("u")
    expect(one.get_by_test_id("toast")).to_contain_text("It was changed elsewhere since")
    assert marks(address)[0] == (3, True, True)


COVERED = """(bar) => {
    const over = bar.getBoundingClientRect();
    const isUnder = ({ top, bottom, left, right }) =>
        top < over.bottom && bottom > over.top && left < over.right && right > over.left;
    const others = document.querySelectorAll("[data-testid=comparison-tile], .bg-choose-row > *");
    return [...others].filter((one) => isUnder(one.getBoundingClientRect())).length;
}"""


SCROLLED = "Math.max(0, document.documentElement.scrollHeight - innerHeight)"


def test_the_bar_of_what_is_selected_covers_no_picture_and_moves_none(
    served: Served, open_page: Open
) -> None:
    page = open_page(made(served, count=9, **SMALL))
    fold, screens = page.get_by_test_id("fold-form"), ((1280, 800), (1920, 1080), (2560, 1440))
    for width, height, is_folded in (
        *((*screen, True) for screen in screens),
        *((width, 1000, False) for width in (1500, 1281, 1280, 1100)),
        *((width, 1000, True) for width in (1650, 1279, 1100, 1000, 900, 880, 640)),
    ):
        page.set_viewport_size({"width": width, "height": height})
        if fold.get_attribute("aria-expanded") != str(not is_folded).lower():
            fold.click()
        last = tile(page, 9)
        expect(last).to_be_in_viewport(ratio=1)
        before, scrolled = last.bounding_box(), page.evaluate(SCROLLED)
        picture(page, 1).click(modifiers=["Control"])
        bar = page.get_by_test_id("selection-bar")
        expect(bar).to_be_in_viewport(ratio=1)
        assert bar.evaluate(COVERED) == 0
        assert last.bounding_box() == before
        assert page.evaluate(SCROLLED) == (scrolled if not is_folded else 0)
        page.keyboard.press("Escape")
        expect(bar).to_be_hidden()


def hold(session: CDPSession, x: float, y: float) -> None:
    """A finger stays there for a while."""
    at = {"x": x, "y": y}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})


def test_pictures_are_selected_as_on_a_desktop_and_by_a_long_press(
    served: Served, open_page: Open
) -> None:
    address = made(served, count=6, **SMALL)
    page = open_page(address)
    count = page.get_by_test_id("selected-count")
    picture(page, 2).click(modifiers=["Control"])
    expect(count).to_have_text("1 selected")
    picture(page, 5).click(modifiers=["Shift"])
    expect(count).to_have_text("4 selected")
    picture(page, 3).click(modifiers=["Control"])
    expect(count).to_have_text("3 selected")
    page.keyboard.press("4")  # for all of them
    for index, stars in ((2, "4"), (3, "0"), (4, "4"), (5, "4")):
        expect(tile(page, index).locator(".bg-stars")).to_have_attribute("data-value", stars)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("selection-bar")).to_be_hidden()
    page.evaluate("scrollTo(0, 0)")
    first, second = tile(page, 1).bounding_box(), tile(page, 2).bounding_box()
    assert first
    assert second
    page.mouse.move((first["x"] + first["width"] + second["x"]) / 2, first["y"] + 10)
    page.mouse.down()
    page.mouse.move(first["x"] + 20, first["y"] + 30, steps=3)
    page.mouse.up()
    expect(count).to_have_text("1 selected")
    expect(tile(page, 1)).to_have_attribute("data-chosen", "true")
    expect(page.get_by_test_id("image-detail")).to_have_count(0)
    phone = open_page(address, viewport=PHONE, has_touch=True, is_mobile=True)
    place = picture(phone, 1).bounding_box()
    assert place
    session = phone.context.new_cdp_session(phone)
    hold(session, place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(tile(phone, 1)).to_have_attribute("data-chosen", "true")
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    picture(phone, 2).tap()
    expect(phone.get_by_test_id("selected-count")).to_have_text("2 selected")
    phone.get_by_test_id("select-none").tap()
    picture(phone, 2).tap()
    expect(phone.get_by_test_id("image-detail")).to_be_visible()
