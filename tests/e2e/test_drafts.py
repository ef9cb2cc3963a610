"""What was typed is never lost: it outlives other pages, a reload, a second tab and a restart of
the app, on the device that it was typed on, until it was sent.
"""

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.batches import made
from tests.e2e.conftest import Served, Starter
from tests.e2e.test_form import field, make_small, open_more, ready
from tests.workflows.graphs import text_to_image

OpenPage = Callable[..., Page]
TYPED = {
    "prompt": "a red fox\nin the snow",
    "batch-count": "7",
    "base-seed": "42",
    "width": "768",
    "height": "1344",
    "steps": "33",
    "cfg": "4.5",
    "negative-prompt": "blurry",
}
CHOSEN = {"sampler": "heun", "scheduler": "karras", "model": "demo-landscapes"}
KEPT = "JSON.parse(sessionStorage['batchgen.draft'])"
"""What the browser has of this tab, as JavaScript."""
TYPE = """(field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
"""In one go, so that nothing comes between the field's old words and the new ones."""


def fill_all(page: Page) -> None:
    """Every field another value than the usual one."""
    open_more(page)
    field(page, "randomize-seeds").uncheck()
    for mark, value in TYPED.items():
        field(page, mark).fill(value)
    for mark, value in CHOSEN.items():
        field(page, mark).click()
        page.get_by_role("option", name=value, exact=True).click()


def sees_all(page: Page) -> None:
    """Every field as it was filled, without opening anything."""
    expect(field(page, "randomize-seeds")).not_to_be_checked()
    for mark, value in (TYPED | CHOSEN).items():
        expect(field(page, mark)).to_have_value(re.compile(f"^{re.escape(value)}"))
        expect(field(page, mark)).to_be_visible()


def another_tab(page: Page, address: str = "") -> Page:
    """One more, in the same browser."""
    tab = page.context.new_page()
    tab.goto(address or page.url)
    return tab


def test_every_field_survives_other_pages_a_reload_and_a_second_tab(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    fill_all(page)
    page.get_by_test_id("nav-gallery").click()
    page.wait_for_url("**/gallery")
    page.get_by_test_id("nav-generate").click()
    sees_all(page)
    page.reload()
    sees_all(page)
    sees_all(another_tab(page))
    page.get_by_test_id("generate").click()
    expect(page.get_by_test_id("field-error")).to_have_count(0)
    expect(page.get_by_test_id("progress-label")).to_contain_text("of 7")
    asked = httpx.get(f"{served.address}/api/batches").json()["batches"][0]["request"]
    assert (asked["prompt"], asked["baseSeed"]) == (TYPED["prompt"], 42)
    assert asked["baseParameters"]["samplerName"] == "heun"


def test_the_choice_of_a_single_image_survives(served: Served, open_page: OpenPage) -> None:
    page = ready(open_page(served.address))
    page.get_by_test_id("generation-type").get_by_text("Single image").click()
    page.get_by_test_id("shape").nth(2).click()
    expect(field(page, "height")).to_have_value("1344")
    page.reload()
    expect(page.get_by_test_id("generate")).to_contain_text("Generate 1 image")
    expect(field(page, "batch-count")).to_be_hidden()
    expect(field(page, "height")).to_have_value("1344")


def test_what_is_typed_while_the_app_is_away_is_there_when_it_is_back(
    start: Starter, open_page: OpenPage
) -> None:
    served = start.serve()
    page = ready(open_page(served.address))
    field(page, "prompt").fill("before")
    served.process.send_signal(signal.SIGKILL)
    served.process.wait()
    expect(page.locator("#popup")).to_have_attribute("aria-hidden", "false")
    field(page, "prompt").press_sequentially(" and after")
    field(page, "batch-count").fill("9")
    with page.expect_navigation():
        start.serve("--demo", "--port", served.address.rpartition(":")[2])
    ready(page)
    expect(field(page, "prompt")).to_have_value("before and after")
    expect(field(page, "batch-count")).to_have_value("9")
    expect(page.get_by_test_id("generate")).to_contain_text("Generate 9 images")


def test_what_was_sent_is_no_draft_any_more_but_stays_on_the_page_that_sent_it(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    make_small(page, count=9)
    field(page, "steps").fill("150")  # pages without words go along when it has ended
    field(page, "prompt").fill("a red fox")
    other = another_tab(page)
    expect(field(other, "prompt")).to_have_value("a red fox")
    page.get_by_test_id("generate").click()
    expect(page.get_by_test_id("progress-label")).to_be_visible()
    expect(field(page, "prompt")).to_have_value("a red fox")
    for tab in (another_tab(page, served.address), other):
        tab.reload()
        expect(field(ready(tab), "prompt")).to_have_value("")
        expect(field(tab, "batch-count")).to_have_value("5")


def test_a_tab_goes_on_with_its_own_words_and_a_new_one_with_the_last(
    served: Served, open_page: OpenPage
) -> None:
    first = ready(open_page(served.address))
    second = ready(another_tab(first))
    field(first, "prompt").fill("a red fox")
    field(second, "batch-count").fill("8")
    third = ready(another_tab(first))
    expect(field(third, "prompt")).to_have_value("a red fox")
    expect(field(third, "batch-count")).to_have_value("8")
    field(second, "prompt").fill("a grey hare")
    first.reload()
    expect(field(first, "prompt")).to_have_value("a red fox")
    third.reload()
    expect(field(third, "prompt")).to_have_value("a grey hare")


def test_an_older_tab_goes_on_with_what_a_newer_one_added_before_it_was_closed(
    served: Served, open_page: OpenPage
) -> None:
    first = ready(open_page(served.address))
    untouched = ready(another_tab(first))
    field(first, "prompt").press_sequentially("one A")
    second = ready(another_tab(first))
    field(second, "prompt").press("End")
    field(second, "prompt").press_sequentially(" C")
    expect(field(first, "prompt")).to_have_value("one A C")
    field(second, "prompt").press("Backspace")
    field(second, "prompt").press_sequentially("B")
    expect(field(first, "prompt")).to_have_value("one A B")
    second.close()
    first.reload()
    field(ready(first), "prompt").press("End")
    field(first, "prompt").press_sequentially(" C")
    for tab in (another_tab(first), untouched):
        expect(field(tab, "prompt")).to_have_value("one A B C")


def test_a_tab_that_was_asleep_goes_on_with_what_was_added_meanwhile(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    field(page, "prompt").fill("one A")
    keep(page.context, prompt="one A B")
    page.reload()
    expect(field(page, "prompt")).to_have_value("one A B")


def test_a_recalled_prompt_that_is_sent_leaves_the_typed_one(
    served: Served, open_page: OpenPage
) -> None:
    made(served, count=2, prompt="earlier")
    page = ready(open_page(served.address))
    field(page, "prompt").fill("a long thought")
    field(page, "prompt").press("Control+Home")
    field(page, "prompt").press("ArrowUp")
    expect(field(page, "prompt")).to_have_value("earlier")
    page.get_by_test_id("generate").click()
    page.wait_for_function("localStorage['batchgen.draft.sent']")
    page.goto(served.address)
    expect(field(page, "prompt")).to_have_value("a long thought")


def test_the_settings_of_a_batch_can_be_given_back_for_what_was_typed(
    served: Served, open_page: OpenPage
) -> None:
    address = made(served, count=2, prompt="earlier")
    page = ready(open_page(served.address))
    field(page, "prompt").fill("a long thought")
    page.goto(address)
    page.get_by_test_id("new-batch").click()
    expect(field(page, "prompt")).to_have_value("earlier")
    expect(page.get_by_test_id("toast")).to_contain_text("can come back")
    page.reload()
    expect(field(page, "prompt")).to_have_value("earlier")
    field(page, "prompt").fill("a long thought")
    page.goto(address)
    page.get_by_test_id("new-batch").click()
    page.get_by_test_id("undo").click()
    expect(field(page, "prompt")).to_have_value("a long thought")


def test_an_example_gives_back_what_it_replaced(served: Served, open_page: OpenPage) -> None:
    page = ready(open_page(served.address))
    field(page, "prompt").fill("a long thought")
    page.get_by_test_id("example").first.click()
    expect(field(page, "prompt")).to_have_value(re.compile("lighthouse"))
    page.get_by_test_id("undo").click()
    expect(field(page, "prompt")).to_have_value("a long thought")
    page.reload()
    expect(field(page, "prompt")).to_have_value("a long thought")


def test_a_workflow_and_what_was_changed_in_it_survive(
    served: Served, open_page: OpenPage, tmp_path: Path
) -> None:
    graph = text_to_image()
    graph["sampler"]["inputs"]["steps"] = 33
    (tmp_path / "mine.json").write_text(json.dumps(graph))
    page = ready(open_page(served.address))
    open_more(page)
    page.locator(".bg-more input[type=file]").set_input_files(tmp_path / "mine.json")
    expect(field(page, "steps")).to_have_value("33")
    field(page, "cfg").fill("3.5")
    page.reload()
    expect(page.get_by_test_id("workflow-file")).to_have_text("mine.json")
    expect(field(page, "steps")).to_have_value("33")
    expect(field(page, "cfg")).to_have_value("3.5")
    page.get_by_role("button", name="Remove the workflow").click()
    expect(field(page, "steps")).to_have_value("20")
    page.wait_for_function(f"{KEPT}.fields.workflow === null")
    page.reload()
    expect(field(ready(page), "steps")).to_have_value("20")
    expect(page.get_by_test_id("workflow-file")).to_be_hidden()


def keep(context: BrowserContext, **fields: object) -> None:
    """A draft from before, as the browser has it."""
    for name, value in fields.items():
        entry = json.dumps([f"batchgen.draft.field.{name}", json.dumps(value)])
        context.add_init_script(f"localStorage.setItem(...{entry})")


def test_what_the_server_no_longer_has_is_told_and_not_replaced(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    keep(
        page.context,
        model="gone.safetensors",
        **{"prompt": "a red fox", "baseParameters.samplerName": "lost"},
        workflow={"name": "huge.json"},
    )
    page.reload()
    expect(page.get_by_text('"gone.safetensors" is no longer on the server.')).to_be_visible()
    expect(field(page, "model")).to_have_value("")
    errors = page.get_by_test_id("field-error")
    expect(errors.filter(has_text='"lost" is not on this server')).to_be_visible()
    expect(errors.filter(has_text="huge.json")).to_be_visible()
    expect(field(page, "prompt")).to_have_value("a red fox")


def test_more_than_the_limit_is_kept_as_typed(served: Served, open_page: OpenPage) -> None:
    page = ready(open_page(served.address))
    field(page, "prompt").fill("x" * 3000)
    page.reload()
    expect(field(page, "prompt")).to_have_value("x" * 3000)
    expect(page.get_by_text("3000 / 500")).to_be_visible()


def test_words_typed_before_the_page_is_connected_are_not_put_back_to_the_draft(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    field(page, "prompt").fill("old")
    page.reload(wait_until="commit")
    field(page, "prompt").evaluate(TYPE, "new")
    ready(page)
    expect(page.get_by_text("3 / 500")).to_be_visible()
    expect(field(page, "prompt")).to_have_value("new")
