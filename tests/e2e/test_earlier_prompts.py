"""The list of earlier prompts, in a real browser: by keyboard, with the mouse and on a phone."""

import re
from collections.abc import Callable

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.e2e.batches import made
from tests.e2e.conftest import PHONE, Served
from tests.e2e.test_form import field, ready

OpenPage = Callable[..., Page]
PROMPTS = ("an owl at noon", "a fox at dusk", "an owl at noon", "a heron at dawn")


@pytest.fixture
def lived(own: Served) -> Served:
    """An app with batches of these prompts."""
    for prompt in PROMPTS:
        made(own, 2, prompt=prompt)
    return own


def listed(page: Page) -> Locator:
    return page.get_by_test_id("earlier-prompt")


def told(page: Page, *prompts: str) -> None:
    expect(listed(page)).to_contain_text(list(prompts))


def test_each_is_listed_once_the_newest_first_with_its_picture(
    lived: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(lived.address))
    page.get_by_test_id("earlier").click()
    told(page, "a heron at dawn", "an owl at noon", "a fox at dusk")
    for row in listed(page).all():
        expect(row).to_contain_text("Today")
        picture = row.locator("img")
        picture.scroll_into_view_if_needed()
        page.wait_for_function("(img) => img.naturalWidth > 0", arg=picture.element_handle())
    assert not Axe().run(page).response["violations"]


def test_one_is_found_and_used_by_keyboard_and_the_browser_takes_it_back(
    lived: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(lived.address))
    prompt = field(page, "prompt")
    prompt.press_sequentially("a draft")
    prompt.press("Alt+ArrowDown")
    told(page, "a heron at dawn", "an owl at noon", "a fox at dusk")
    expect(field(page, "earlier-search")).to_be_focused()
    page.keyboard.type("OWL")
    told(page, "an owl at noon")
    expect(listed(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(listed(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(prompt).to_have_value("an owl at noon")
    expect(prompt).to_be_focused()
    expect(page.get_by_test_id("toast")).to_contain_text("has replaced")
    page.keyboard.press("Control+z")
    expect(prompt).to_have_value("a draft")
    page.reload()
    expect(prompt).to_have_value("a draft")


def test_the_message_takes_it_back_too_and_arrows_walk_along_the_list(
    lived: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(lived.address))
    prompt = field(page, "prompt")
    prompt.fill("a draft")
    page.get_by_test_id("earlier").click()
    expect(listed(page)).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(listed(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(listed(page).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(prompt).to_have_value("a heron at dawn")
    page.get_by_test_id("undo").click()
    expect(prompt).to_have_value("a draft")
    assert httpx.get(f"{lived.address}/api/batches").json()["total"] == len(PROMPTS)


def test_on_a_phone_one_is_used_with_a_finger(lived: Served, open_page: OpenPage) -> None:
    page = ready(open_page(lived.address, viewport=PHONE, has_touch=True))
    page.get_by_test_id("earlier").tap()
    told(page, "a heron at dawn", "an owl at noon", "a fox at dusk")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    listed(page).last.tap()
    expect(field(page, "prompt")).to_have_value("a fox at dusk")
    expect(listed(page)).to_have_count(0)


def test_leaving_it_changes_nothing(lived: Served, open_page: OpenPage) -> None:
    page = ready(open_page(lived.address))
    field(page, "prompt").fill("a draft")
    field(page, "prompt").press("Alt+ArrowDown")
    told(page, "a heron at dawn", "an owl at noon", "a fox at dusk")
    page.keyboard.press("Escape")
    expect(field(page, "prompt")).to_be_focused()
    expect(field(page, "prompt")).to_have_value("a draft")


def test_where_nothing_was_made_it_says_what_will_be_here(own: Served, open_page: OpenPage) -> None:
    page = ready(open_page(own.address))
    page.get_by_test_id("earlier").click()
    expect(page.get_by_text(re.compile("No prompts yet"))).to_be_visible()
    field(page, "earlier-search").fill("owl")
    expect(page.get_by_text("No prompt has these words.")).to_be_visible()
