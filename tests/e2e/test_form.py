"""Say it, in a real browser: the form with the mouse, by touch and by keyboard."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, Served, Starter
from tests.workflows.graphs import text_to_image

OpenPage = Callable[..., Page]
MODEL = re.compile("demo-dreams-xl")
NARROW = {"width": 360, "height": 740}


def field(page: Page, mark: str) -> Locator:
    """What people type into."""
    return page.get_by_test_id(mark)


@pytest.fixture
def form(served: Served, open_page: OpenPage) -> Page:
    """The form, with everything from the server in it."""
    return ready(open_page(served.address))


def ready(page: Page) -> Page:
    """Wait until the models are listed."""
    expect(field(page, "model")).to_have_value(MODEL)
    return page


def open_more(page: Page) -> None:
    """Open it, and wait until nothing moves: what slides away under a press gets no click."""
    page.get_by_text("More", exact=True).click()
    content = page.locator(".bg-more > div > .q-expansion-item__content")
    expect(content).not_to_have_attribute("style", re.compile("height"))


def make_small(page: Page, count: int = 2) -> None:
    """Pictures that cost nothing."""
    open_more(page)
    values = {"batch-count": count, "width": 64, "height": 64, "steps": 2}
    for mark, value in values.items():
        field(page, mark).fill(str(value))


def test_the_pages_have_the_style_that_everything_rests_on(form: Page) -> None:
    bare = "document.body.appendChild(document.createElement('ol'))"
    assert form.evaluate(f"getComputedStyle({bare}).listStyleType") == "none"


def test_a_newcomer_gets_pictures_with_two_clicks(form: Page) -> None:
    make_small(form)
    form.get_by_test_id("example").first.click()
    form.get_by_test_id("generate").click()
    expect(form.get_by_test_id("progress-label")).to_contain_text("of 2")
    expect(form.get_by_test_id("comparison-view")).to_be_visible()
    form.wait_for_url("**/batch/*")
    expect(form.get_by_test_id("comparison-tile")).to_have_count(2)


def test_the_type_decides_which_form_is_shown(form: Page) -> None:
    kind = form.get_by_test_id("generation-type")
    kind.get_by_text("Single image").click()
    expect(field(form, "batch-count")).to_be_hidden()
    expect(form.get_by_test_id("generate")).to_contain_text("Generate 1 image")
    kind.get_by_text("Batch Generate").click()
    expect(field(form, "batch-count")).to_have_value("5")
    expect(field(form, "randomize-seeds")).to_be_checked()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1", "Minimum 2 images required for batch"),
        ("21", "Maximum 20 images allowed per batch"),
    ],
)
def test_a_wrong_count_stays_as_typed_and_is_explained(
    form: Page, typed: str, message: str
) -> None:
    field(form, "prompt").fill("a red fox")
    field(form, "batch-count").fill(typed)
    form.get_by_test_id("generate").click()
    error = form.get_by_test_id("field-error")
    expect(error).to_have_text(message)
    expect(field(form, "batch-count")).to_have_value(typed)
    expect(field(form, "batch-count")).to_have_accessible_description(message)
    field(form, "batch-count").fill("3")
    expect(error).to_have_count(0)


def test_an_empty_prompt_is_told_in_its_place(form: Page) -> None:
    form.get_by_test_id("generate").click()
    expect(form.get_by_test_id("field-error")).to_have_text("Prompt cannot be empty")
    expect(field(form, "prompt")).to_have_attribute("aria-invalid", "true")


def test_ctrl_enter_starts_from_anywhere(form: Page) -> None:
    make_small(form)
    field(form, "prompt").fill("a red fox")
    field(form, "batch-count").focus()
    form.keyboard.press("Control+Enter")
    expect(form.get_by_test_id("progress-label")).to_be_visible()


def test_the_question_mark_lists_the_keys_but_not_while_one_types(form: Page) -> None:
    keys = form.get_by_role("heading", name="Keyboard shortcuts")
    field(form, "prompt").press("?")
    expect(field(form, "prompt")).to_have_value("?")
    expect(keys).to_be_hidden()
    form.get_by_test_id("example").first.focus()
    form.keyboard.press("?")
    expect(keys).to_be_visible()
    form.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_the_arrow_brings_the_last_prompt_back(form: Page) -> None:
    make_small(form)
    field(form, "prompt").fill("a red fox")
    form.get_by_test_id("generate").click()
    form.wait_for_url("**/batch/*")
    form.get_by_test_id("nav-generate").click()
    field(form, "prompt").press("ArrowUp")
    expect(field(form, "prompt")).to_have_value("a red fox")
    field(form, "prompt").press("ArrowDown")
    expect(field(form, "prompt")).to_have_value("")


def test_the_last_model_is_remembered(form: Page) -> None:
    field(form, "model").click()
    form.get_by_role("option", name="demo-landscapes").click()
    expect(field(form, "model")).to_have_value("demo-landscapes")
    form.reload()
    expect(field(form, "model")).to_have_value("demo-landscapes")


def test_models_can_be_found_by_typing(form: Page) -> None:
    field(form, "model").click()
    expect(form.get_by_text("Base · 3")).to_be_visible()
    field(form, "model").press_sequentially("ink")
    expect(form.get_by_role("option")).to_have_count(1)
    form.keyboard.press("Enter")
    expect(field(form, "model")).to_have_value("painters/demo-ink")


def test_a_workflow_brings_its_own_values_and_can_be_removed(form: Page, tmp_path: Path) -> None:
    graph = text_to_image()
    graph["sampler"]["inputs"]["steps"] = 33
    (tmp_path / "mine.json").write_text(json.dumps(graph))
    open_more(form)
    form.locator(".bg-more input[type=file]").set_input_files(tmp_path / "mine.json")
    expect(form.get_by_test_id("workflow-file")).to_have_text("mine.json")
    expect(field(form, "steps")).to_have_value("33")
    expect(field(form, "width")).to_have_value("512")
    expect(field(form, "model")).to_have_value(re.compile("dreams"))
    form.get_by_role("button", name="Remove the workflow").click()
    expect(field(form, "steps")).to_have_value("20")
    expect(field(form, "model")).to_have_value(MODEL)


def test_a_workflow_of_the_editor_is_refused_with_what_to_do(form: Page, tmp_path: Path) -> None:
    (tmp_path / "editor.json").write_text(json.dumps({"nodes": [], "links": []}))
    open_more(form)
    form.locator(".bg-more input[type=file]").set_input_files(tmp_path / "editor.json")
    expect(form.get_by_test_id("field-error")).to_contain_text("Export (API)")


def test_what_a_refused_workflow_was_wanted_for_is_not_made_without_it_unasked(
    form: Page, tmp_path: Path
) -> None:
    (tmp_path / "request.json").write_text(
        json.dumps({"prompt": "a red fox", "settings": {"steps": 3}})
    )
    make_small(form)
    form.locator(".bg-more input[type=file]").set_input_files(tmp_path / "request.json")
    error, generate = form.get_by_test_id("field-error"), form.get_by_test_id("generate")
    expect(error).to_have_text("The workflow must be a graph in API format.")
    generate.click()
    expect(error).to_have_count(2)  # no prompt either
    field(form, "prompt").fill("a red fox")
    generate.click()
    expect(generate).to_have_attribute("data-answers", "2")
    expect(error).to_contain_text("Generate again to do without a workflow")
    form.evaluate("Object.defineProperty(Event.prototype, 'timeStamp', { get: () => 1e9 })")
    generate.click()
    expect(form.get_by_test_id("comparison-view")).to_be_visible()


def test_a_server_that_is_away_is_told_and_retry_starts_the_same_batch(
    start: Starter, open_page: OpenPage
) -> None:
    engine = start.demo_engine()
    page = ready(open_page(start.serve("--comfyui", engine.address).address))
    make_small(page)
    engine.process.kill()
    engine.process.wait()
    field(page, "prompt").fill("a red fox")
    page.get_by_test_id("generate").click()
    expect(page.get_by_test_id("server-error")).to_contain_text("Cannot connect to server")
    start.demo_engine("--port", engine.address.rpartition(":")[2])
    # Where the app notices first that it is back, the trouble with its button goes by itself.
    page.get_by_test_id("retry").or_(page.get_by_test_id("generate")).first.click()
    expect(page.get_by_test_id("comparison-view")).to_be_visible()


def test_the_queue_is_worked_by_keyboard_and_keeps_the_focus(form: Page) -> None:
    field(form, "prompt").fill("running")
    form.keyboard.press("Control+Enter")
    expect(form.get_by_test_id("progress-label")).to_be_visible()
    rows = form.get_by_test_id("queued")
    for waiting, prompt in enumerate(("first", "second"), start=1):
        field(form, "prompt").fill(prompt)
        form.keyboard.press("Control+Enter")
        expect(rows).to_have_count(waiting)
    rows.nth(1).get_by_test_id("queue-up").press("Enter")
    expect(rows.nth(0)).to_contain_text("second")
    expect(rows.nth(0).get_by_test_id("queue-down")).to_be_focused()
    rows.nth(0).get_by_test_id("queue-remove").click()
    expect(rows).to_have_count(1)
    form.get_by_test_id("undo").click()
    expect(rows.nth(1)).to_contain_text("second")


def test_a_phone_shows_one_column_without_scrolling_sideways(
    served: Served, open_page: OpenPage
) -> None:
    for viewport in (NARROW, PHONE):
        page = ready(open_page(served.address, viewport=viewport, has_touch=True))
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        form, stage = page.locator(".bg-form"), page.get_by_test_id("example").first
        above, below = form.bounding_box(), stage.bounding_box()
        assert above
        assert below
        assert above["y"] + above["height"] <= below["y"]


def test_generate_answers_on_a_phone_by_showing_the_progress(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address, viewport=PHONE, has_touch=True, is_mobile=True))
    make_small(page)
    field(page, "steps").fill("150")
    field(page, "prompt").fill("a red fox")
    page.get_by_test_id("generate").tap()
    for mark in ("progress-label", "progress-bar", "cancel"):
        expect(page.get_by_test_id(mark)).to_be_in_viewport(ratio=1)


def test_generate_answers_on_a_phone_also_when_something_is_wrong_or_must_wait(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address, viewport=PHONE, has_touch=True, is_mobile=True))
    make_small(page)
    field(page, "steps").fill("150")
    field(page, "steps").scroll_into_view_if_needed()
    page.get_by_test_id("generate").tap()
    for wrong in (page.get_by_test_id("field-error"), field(page, "prompt")):
        expect(wrong).to_be_in_viewport(ratio=1)
    for prompt, shown in (("first", "progress-label"), ("second", "queued")):
        field(page, "prompt").fill(prompt)
        page.get_by_test_id("generate").tap()
        expect(page.get_by_test_id(shown)).to_be_in_viewport(ratio=1)
        expect(page.get_by_test_id("generate")).to_be_hidden()
        page.get_by_test_id("fold-form").tap()


def test_what_is_wrong_stays_in_view_while_more_is_still_opening(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address, viewport=PHONE, has_touch=True, is_mobile=True))
    page.evaluate(
        """() => {
            document.querySelector(".bg-more .q-item").click();
            const generate = document.querySelector("[data-testid=generate]");
            generate.focus();
            generate.click();
        }"""
    )
    expect(page.get_by_test_id("field-error")).to_be_visible()
    expect(field(page, "steps")).to_be_visible()
    content = page.locator(".bg-more > div > .q-expansion-item__content")
    expect(content).not_to_have_attribute("style", re.compile("height"))
    expect(field(page, "prompt")).to_be_in_viewport(ratio=1)


def middle(control: Locator) -> tuple[float, float]:
    """Where a person presses it."""
    box = control.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_press_counts_where_it_began_though_the_page_moves_under_it(form: Page) -> None:
    make_small(form)
    field(form, "prompt").fill("a press")
    generate = field(form, "generate")
    form.mouse.move(*middle(generate))
    form.mouse.down()
    form.mouse.move(5, 5)
    form.mouse.up()
    at = middle(generate)
    form.mouse.move(*at)
    form.mouse.down()
    form.evaluate("document.querySelector('.bg-form').style.transform = 'translateY(-200px)'")
    assert middle(generate) != at
    form.mouse.up()
    expect(form).to_have_url(re.compile("/batch/"))
    batches = form.evaluate("fetch('/api/batches').then(answer => answer.json())")["batches"]
    assert len([batch for batch in batches if batch["prompt"] == "a press"]) == 1


@pytest.mark.parametrize("key", ["mouse", "Enter"])
def test_more_comes_into_view_when_it_is_opened(
    served: Served, open_page: OpenPage, key: str
) -> None:
    page = ready(open_page(served.address, viewport={"width": 1280, "height": 800}))
    header = page.locator(".bg-more .q-item").first
    if key == "mouse":
        header.click()
    else:
        header.focus()
        page.keyboard.press(key)
    expect(page.get_by_text("Choose a file")).to_be_in_viewport(ratio=1)


def test_a_wide_screen_shows_the_stage_beside_the_form(form: Page) -> None:
    box, example = form.locator(".bg-form").bounding_box(), form.get_by_test_id("example").first
    beside = example.bounding_box()
    assert box
    assert beside
    assert box["width"] == pytest.approx(380)
    assert beside["x"] > box["x"] + box["width"]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious(served: Served, open_page: OpenPage, scheme: str) -> None:
    page = ready(open_page(served.address, color_scheme=scheme))
    open_more(page)
    page.get_by_test_id("generate").click()
    expect(page.get_by_test_id("field-error")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [v for v in found if v["impact"] in {"serious", "critical"}] == []
