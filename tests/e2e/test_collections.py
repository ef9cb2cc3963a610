"""Collections in a real browser: made, filled, found, renamed and removed, by two at a time."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Locator, Page, expect

from batchgen_app.ui.parts import collection_words as words
from tests.e2e.conftest import PHONE, Served
from tests.e2e.test_all_images import VIEW, cell, cells, make, quick  # noqa: F401 - a fixture

Open = Callable[..., Page]
ALL = "/gallery?view=collections"
ASIDE = """(button) => {
    const icon = button.querySelector(".q-icon").getBoundingClientRect();
    const whole = button.getBoundingClientRect();
    return icon.left + icon.width / 2 - whole.left - whole.width / 2;
}"""
"""By how much the sign of a button stands beside its middle."""
HARD = 'the "best" \\ ones'


def put_in(page: Page, name: str) -> None:
    """What is selected or has the focus, with the keyboard alone."""
    page.keyboard.press("t")
    expect(page.get_by_test_id("collection-name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("collection-name")).to_have_count(0)


def cards(page: Page) -> Locator:
    return page.get_by_test_id("collection")


def names(page: Page) -> Locator:
    return page.locator(".bg-collection-name")


def rename(page: Page, card: Locator, name: str) -> None:
    card.get_by_test_id("collection-rename").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("collection-name")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("collection-name")).to_have_count(0)


def test_a_collection_is_made_filled_renamed_and_removed_while_another_one_looks_on(
    quick: Served,  # noqa: F811
    open_page: Open,
) -> None:
    fox, sea = make(quick, "A red Fox"), make(quick, "a calm sea")
    page = open_page(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(8)
    page.keyboard.press("ArrowRight")
    put_in(page, HARD)
    page.keyboard.press("ArrowRight")
    expect(cell(page, sea[1])).to_be_focused()
    put_in(page, "wall")
    page.keyboard.press("Control+a")
    put_in(page, "Wall")
    expect(page.get_by_text(words.put_in("wall", 7))).to_be_visible()

    other = open_page(f"{quick.address}{ALL}")
    expect(names(other)).to_have_text([HARD, "wall"])
    cards(other).nth(0).get_by_role("link").click()
    expect(cells(other)).to_have_count(1)
    expect(cell(other, sea[0])).to_be_visible()
    expect(other.get_by_test_id("filter-chip")).to_have_count(1)
    other.reload()
    expect(cells(other)).to_have_count(1)
    other.get_by_test_id("filter-chip").get_by_role("button").press("Enter")
    expect(cells(other)).to_have_count(8)
    other.goto(f"{quick.address}{ALL}")
    expect(names(other)).to_have_text([HARD, "wall"])

    page.goto(f"{quick.address}{ALL}")
    link = cards(other).nth(1).get_by_role("link")
    link.focus()
    rename(page, cards(page).nth(0), "zebra")
    expect(names(other)).to_have_text(["wall", "zebra"])
    expect(names(page)).to_have_text(["wall", "zebra"])
    expect(cards(other).nth(0).get_by_role("link")).to_be_focused()
    expect(cards(page).nth(1).get_by_test_id("collection-rename")).to_be_focused()
    httpx.delete(f"{quick.address}/api/images/{fox[0]}").raise_for_status()
    expect(cards(other).nth(0)).to_contain_text("7 images")
    expect(cards(other).nth(0).get_by_role("link")).to_be_focused()

    cards(page).nth(1).get_by_test_id("collection-remove").press("Enter")
    expect(names(other)).to_have_text(["wall"])
    expect(page.get_by_text(words.removed("zebra", 1))).to_be_visible()
    expect(cards(page).nth(0).get_by_role("link")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(names(other)).to_have_text(["wall", "zebra"])
    other.reload()
    expect(names(other)).to_have_text(["wall", "zebra"])


def test_of_two_who_rename_one_at_once_the_second_is_told(
    quick: Served,  # noqa: F811
    open_page: Open,
) -> None:
    make(quick, "A red Fox", 2)
    page = open_page(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(2)
    page.keyboard.press("Control+a")
    put_in(page, "wall")
    page.goto(f"{quick.address}{ALL}")
    other = open_page(f"{quick.address}{ALL}")
    for one in (page, other):
        cards(one).get_by_test_id("collection-rename").click()
        one.get_by_test_id("collection-name").fill("hall" if one is page else "attic")
    page.get_by_test_id("agree").click()
    expect(names(page)).to_have_text(["hall"])
    other.get_by_test_id("agree").click()
    expect(other.get_by_text(words.gone("wall"))).to_be_visible()
    for one in (page, other):
        expect(names(one)).to_have_text(["hall"])
    expect(page.get_by_text(words.renamed("wall", "hall"))).to_be_visible()
    expect(other).to_have_url(re.compile("view=collections"))


def test_long_words_have_room_on_a_phone(quick: Served, open_page: Open) -> None:  # noqa: F811
    fox = make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}", viewport=PHONE, locale="de-DE")
    assert abs(page.get_by_test_id("import").evaluate(ASIDE)) < 1
    cell(page, fox[1]).focus()
    page.keyboard.press("t")
    page.keyboard.type("Für die Wand im Flur, groß")
    new = page.get_by_test_id("collection-new")
    expect(new).to_contain_text("Flur")
    sign, said = (new.locator(part).bounding_box() for part in (".q-icon", ".block"))
    assert sign
    assert said
    assert sign["x"] + sign["width"] <= said["x"], "the sign stands beside the words"
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("collection-name")).to_have_count(0)
    page.goto(f"{quick.address}{ALL}")
    cards(page).nth(0).get_by_test_id("collection-remove").click()
    undo = page.get_by_test_id("undo").bounding_box()
    toast = page.get_by_test_id("toast").bounding_box()
    assert undo
    assert toast
    assert undo["x"] + undo["width"] <= toast["x"] + toast["width"]
