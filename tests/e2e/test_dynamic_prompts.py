"""Words that vary from image to image, in a real browser: from the first brace to the words of a
picture, and back to the template.
"""

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_form import field, make_small, ready

OpenPage = Callable[..., Page]
WORDS = re.compile(r"a (red|blue) fox (in snow|at night) \(image ")


def test_from_a_wildcard_to_pictures_with_words_of_their_own(
    served: Served, open_page: OpenPage
) -> None:
    wildcards = served.images.parent / "data" / "wildcards"
    wildcards.mkdir(parents=True, exist_ok=True)
    (wildcards / "foxcolour.txt").write_text("red\nblue\n", encoding="utf-8")
    page = ready(open_page(served.address))
    make_small(page, count=3)
    expect(field(page, "dynamic-prompt")).to_be_hidden()
    field(page, "prompt").fill("a  fox {in snow|at night}")
    expect(field(page, "dynamic-prompt")).not_to_be_checked()
    page.get_by_test_id("dynamic-prompt-help").click()
    field(page, "prompt").press("Home")
    field(page, "prompt").press("ArrowRight")
    field(page, "prompt").press("ArrowRight")
    page.get_by_test_id("wildcard").filter(has_text="__foxcolour__").click()
    template = "a __foxcolour__ fox {in snow|at night}"
    expect(field(page, "prompt")).to_have_value(template)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert not found.response["violations"], found.generate_report()
    field(page, "dynamic-prompt").check()
    example = page.get_by_test_id("dynamic-prompt-example")
    expect(example).to_have_text(
        re.compile(r"For example: a (red|blue) fox (in snow|at night) · 4 prompts are possible")
    )
    page.get_by_test_id("generate").click()
    tiles = page.get_by_test_id("comparison-tile")
    expect(tiles).to_have_count(3)
    for number in range(3):
        expect(tiles.nth(number).locator(".bg-tile-picture img")).to_have_attribute("alt", WORDS)
    first = tiles.first.locator("[data-place]")
    expect(first).to_have_attribute("title", re.compile("^a (red|blue) fox"))
    first.click()
    detail = page.get_by_test_id("image-detail")
    expect(detail.get_by_role("heading")).to_have_text(re.compile("^a (red|blue) fox"))
    expect(detail).to_contain_text(template)
    page.keyboard.press("Escape")
    page.get_by_test_id("new-batch").click()
    expect(field(page, "prompt")).to_have_value(template)
    expect(field(page, "dynamic-prompt")).to_be_checked()
