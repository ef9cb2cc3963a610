"""Styles on the page: made, chosen, changed, thrown away and had back, in a real browser."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.e2e.batches import made, truth
from tests.e2e.conftest import PHONE, Served
from tests.e2e.test_form import field, make_small, open_more, ready

OpenPage = Callable[..., Page]
FILM = {"name": "film", "prompt": "film still of {prompt}, grain", "negativePrompt": "drawing"}
FINE = {"name": "fine", "prompt": "8k", "negativePrompt": ""}


def keep(served: Served, *styles: dict[str, str]) -> None:
    for style in styles:
        httpx.post(f"{served.address}/api/styles", json=style).raise_for_status()


def kept(served: Served) -> list[dict[str, str]]:
    styles: list[dict[str, str]] = httpx.get(f"{served.address}/api/styles").json()["styles"]
    return styles


def choose(page: Page, name: str) -> None:
    field(page, "style-add").click()
    page.get_by_role("option", name=name, exact=True).click()
    expect(chips(page).filter(has_text=name)).to_be_visible()


def chips(page: Page) -> Locator:
    return page.get_by_test_id("style")


def result(page: Page) -> Locator:
    return page.get_by_test_id("styles-result")


def rows(page: Page) -> Locator:
    return page.get_by_test_id("style-row")


def test_the_first_one_is_made_of_the_prompt_and_used(own: Served, open_page: OpenPage) -> None:
    page = ready(open_page(own.address))
    make_small(page)
    field(page, "prompt").fill("oil on canvas")
    expect(page.get_by_test_id("styles-empty")).to_contain_text("A style is words")
    page.get_by_test_id("styles-begin").click()
    page.get_by_test_id("style-from-prompt").click()
    expect(field(page, "style-prompt")).to_have_value("oil on canvas")
    page.get_by_test_id("style-save").click()
    expect(page.get_by_test_id("field-error")).to_have_text(
        "Name must be text of 1 to 500 characters"
    )
    field(page, "style-name").fill("oil")
    page.keyboard.press("Control+Enter")
    expect(rows(page)).to_contain_text(["oil"])
    assert httpx.get(f"{own.address}/api/health").json()["activeBatchId"] is None
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="Close").click()
    field(page, "prompt").fill("a fox")
    choose(page, "oil")
    expect(result(page)).to_contain_text("a fox, oil on canvas")
    page.get_by_test_id("generate").click()
    page.wait_for_url("**/batch/*")
    assert truth(page.url)["batch"]["prompt"] == "a fox, oil on canvas"


def test_what_they_come_to_follows_and_outlives_the_page_and_used_again_comes_without_them(
    own: Served, open_page: OpenPage
) -> None:
    keep(own, FILM, FINE)
    page = ready(open_page(own.address))
    make_small(page)
    choose(page, "film")
    choose(page, "fine")
    field(page, "prompt").fill("a fox")
    expect(result(page)).to_contain_text("film still of a fox, grain, 8k")
    expect(result(page)).to_contain_text("30 / 500")
    expect(result(page)).to_contain_text("drawing")
    page.reload()
    expect(chips(page)).to_have_count(2)
    expect(result(page)).to_contain_text("film still of a fox, grain, 8k")
    chips(page).filter(has_text="fine").get_by_role("button").click()
    expect(result(page)).not_to_contain_text("8k")
    page.get_by_test_id("generate").click()
    page.wait_for_url("**/batch/*")
    whole = "film still of a fox, grain"
    assert truth(page.url)["batch"]["prompt"] == whole
    page.goto(f"{own.address}/?like={page.url.rpartition('/')[2]}")
    expect(field(page, "prompt")).to_have_value(whole)
    expect(chips(page)).to_have_count(0)


def test_an_earlier_prompt_comes_without_the_chosen_styles_and_undo_brings_them_back(
    own: Served, open_page: OpenPage
) -> None:
    keep(own, FILM, FINE)
    made(own, 2, prompt="a fox", styles=["film"])
    page = ready(open_page(own.address))
    open_more(page)
    choose(page, "film")
    prompt = field(page, "prompt")
    prompt.fill("an owl")
    page.get_by_test_id("earlier").click()
    page.get_by_test_id("earlier-prompt").click()
    expect(prompt).to_have_value("film still of a fox, grain")
    expect(chips(page)).to_have_count(0)
    expect(page.get_by_test_id("toast")).to_contain_text("the styles you had chosen")
    page.get_by_test_id("undo").click()
    expect(prompt).to_have_value("an owl")
    expect(chips(page)).to_have_text(["filmclose"])


def test_the_arrow_keys_lead_to_an_earlier_prompt_without_them_and_back_to_both(
    own: Served, open_page: OpenPage
) -> None:
    keep(own, FILM, FINE)
    for subject in ("a fox", "a hare"):
        made(own, 2, prompt=subject, styles=["film"])
    page = ready(open_page(own.address))
    open_more(page)
    choose(page, "fine")
    prompt = field(page, "prompt")
    prompt.fill("an owl")
    for key, shown, beside in (
        ("Home", "an owl", 1),
        ("ArrowUp", "film still of a hare, grain", 0),
        ("Home", "film still of a hare, grain", 0),
        ("ArrowUp", "film still of a fox, grain", 0),
        ("End", "film still of a fox, grain", 0),
        ("ArrowDown", "film still of a hare, grain", 0),
        ("End", "film still of a hare, grain", 0),
        ("ArrowDown", "an owl", 1),
    ):
        prompt.press(key)
        expect(prompt).to_have_value(shown)
        expect(chips(page)).to_have_count(beside)
    expect(result(page)).to_contain_text("an owl, 8k")


def test_one_is_renamed_deleted_and_had_back_and_two_tabs_see_it(
    own: Served, open_page: OpenPage
) -> None:
    keep(own, FILM, FINE)
    page = ready(open_page(own.address))
    open_more(page)
    choose(page, "film")
    other = page.context.new_page()
    other.goto(own.address)
    ready(other)
    page.get_by_test_id("styles-edit").click()
    page.locator("[data-name=film]").get_by_test_id("style-edit").click()
    expect(field(page, "style-name")).to_be_focused()  # what is shown there has come
    field(page, "style-name").fill("fine")
    page.get_by_test_id("style-save").click()
    expect(page.get_by_test_id("field-error")).to_contain_text("Choose another name")
    field(page, "style-name").fill("cinema")
    page.get_by_test_id("style-save").click()
    expect(rows(page)).to_contain_text(["cinema", "fine"])
    expect(chips(page)).to_have_text(["cinemaclose"])
    page.locator("[data-name=fine]").get_by_test_id("style-delete").click()
    expect(rows(page)).to_have_count(1)
    page.get_by_test_id("undo").click()
    expect(rows(page)).to_have_count(2)
    assert [style["name"] for style in kept(own)] == ["cinema", "fine"]
    field(other, "style-add").click()
    expect(other.get_by_role("option")).to_have_text(["cinema", "fine"])


def test_a_file_is_imported_and_too_long_a_result_is_told(
    own: Served, open_page: OpenPage, tmp_path: Path
) -> None:
    page = ready(open_page(own.address, viewport=PHONE))
    open_more(page)
    page.get_by_test_id("styles-begin").click()
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Import a file").click()
    styles = tmp_path / "styles.json"
    wild = {"name": "wild", "prompt": "{prompt}" * 1249}
    styles.write_text(json.dumps([{"name": "long", "prompt": "y" * 490}, wild]))
    chosen.value.set_files(styles)
    expect(rows(page)).to_contain_text(["long", "wild"])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Close").click()
    choose(page, "long")
    field(page, "prompt").fill("a very red fox")
    expect(result(page)).to_contain_text("506 / 500")
    page.get_by_test_id("generate").click()
    told = page.get_by_test_id("field-error")
    expect(told).to_contain_text('With the style "long", the prompt has 506 characters')
    field(page, "prompt").focus()
    field(page, "steps").focus()
    expect(told).to_contain_text("With the style")
    field(page, "prompt").fill("fox")
    expect(told).to_have_count(0)
    choose(page, "wild")
    expect(result(page)).to_have_text(re.compile('With the style "wild", the prompt has 6'))
