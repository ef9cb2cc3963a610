"""The workflows of one's own, from a file that is dropped to pictures on its card, with the mouse
and with the keyboard; and two who change the same one.
"""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.api.test_workflows import regional
from tests.e2e.conftest import DESKTOP, PHONE, Served
from tests.e2e.test_form import field, ready

OpenPage = Callable[..., Page]
PROMPT = "a field at midnight"
SIZES = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
DROP = """([name, content]) => {
    const files = new DataTransfer();
    files.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
    const event = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
    document.querySelector(".bg-workflows-page").dispatchEvent(event);
}"""
SOMEBODY = re.compile("somebody else", re.IGNORECASE)
"""Said by the refusal, or by the page that hears of the change before or after."""
IN_ONE_COLUMN = "document.documentElement.scrollWidth <= innerWidth"


def card(page: Page, workflow_id: str) -> Locator:
    return page.locator(f'[data-testid=workflow-card][data-id="{workflow_id}"]')


def drop(page: Page, name: str, graph: object) -> None:
    content = base64.b64encode(json.dumps(graph).encode()).decode()
    page.evaluate(DROP, [name, content])


@pytest.mark.console("ERR_FAILED")
def test_of_several_at_once_each_is_taken_and_one_that_is_lost_is_told(
    own: Served, open_page: OpenPage
) -> None:
    page = open_page(f"{own.address}/workflows")
    expect(page.get_by_text("No workflow of your own yet")).to_be_visible()
    chosen = page.get_by_test_id("workflow-upload").locator("input[type=file]")
    content = json.dumps(regional()).encode()
    names = [f"one of {number}" for number in range(4)]
    files: list[FilePayload] = [
        {"name": f"{name}.json", "mimeType": "application/json", "buffer": content}
        for name in names
    ]
    chosen.set_input_files(files)
    for name in names:
        expect(card(page, name)).to_be_visible()
    page.route("**/upload/**", lambda route: route.abort())
    chosen.set_input_files(files[:1])
    expect(page.get_by_text("lost on its way")).to_be_visible()


def choose_prompt(page: Page, text: str) -> None:
    """Which of the texts is the prompt, in place of what was."""
    row = page.locator("[data-role=prompt]")
    for cross in row.locator(".q-chip__icon--remove").all():
        cross.click()
    row.locator(".q-field").click()
    page.get_by_role("option", name=re.compile(text)).click()
    page.keyboard.press("Escape")


@SIZES
def test_a_dropped_file_is_corrected_used_and_shows_what_it_made(
    own: Served, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    page = open_page(own.address, viewport=viewport)
    field(ready(page), "prompt").fill(PROMPT)
    page.get_by_test_id("nav-workflows").click()
    expect(page.get_by_text("No workflow of your own yet")).to_be_visible()
    drop(page, "two places.json", regional())
    expect(card(page, "two places")).to_be_visible()
    assert page.evaluate(IN_ONE_COLUMN)

    card(page, "two places").get_by_test_id("workflow-edit").click()
    expect(page.get_by_test_id("workflow-state")).to_have_text("Saved")
    choose_prompt(page, "a field at noon")
    expect(page.get_by_test_id("workflow-state")).to_have_text("Changed, not saved yet")
    assert page.evaluate(IN_ONE_COLUMN)
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("workflow-state")).to_have_text("Saved")
    page.get_by_test_id("workflow-use").click()

    expect(page.get_by_test_id("workflow-file")).to_have_text("two places")
    expect(field(page, "prompt")).to_have_value(PROMPT)
    field(page, "batch-count").fill("2")
    page.get_by_test_id("generate").click()
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    page.get_by_test_id("nav-workflows").click()
    shown = card(page, "two places")
    expect(shown).to_contain_text("1 batch")
    picture = shown.locator("img:not(.is-plain)")
    expect(picture).to_be_visible()
    page.wait_for_function(
        "(img) => img.complete && img.naturalWidth", arg=picture.element_handle()
    )


def test_one_is_renamed_exported_and_put_away_by_keyboard(
    own: Served, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(f"{own.address}/workflows")
    page.locator("input[type=file]").set_input_files(
        {"name": "two places.json", "mimeType": "", "buffer": json.dumps(regional()).encode()}
    )
    card(page, "two places").get_by_test_id("workflow-rename").focus()
    page.keyboard.press("Enter")
    name = page.get_by_test_id("workflow-name")
    expect(name).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Noon & midnight")
    page.keyboard.press("Enter")
    expect(card(page, "Noon & midnight")).to_be_visible()
    expect(name).to_be_hidden()
    renamed = card(page, "Noon & midnight")
    expect(renamed.get_by_test_id("workflow-rename")).to_be_focused()

    with page.expect_download() as download:
        card(page, "Noon & midnight").get_by_test_id("workflow-export").focus()
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "Noon & midnight.json"
    download.value.save_as(tmp_path / "it.json")
    kept = json.loads((tmp_path / "it.json").read_text())
    assert (kept["name"], kept["workflow"]) == ("Noon & midnight", regional())

    card(page, "Noon & midnight").get_by_test_id("workflow-delete").focus()
    page.keyboard.press("Enter")
    expect(card(page, "Noon & midnight")).to_have_count(0)
    expect(page.get_by_test_id("workflow-import")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(card(page, "Noon & midnight")).to_be_visible()


def test_of_two_who_change_the_same_one_the_second_is_told(
    own: Served, open_page: OpenPage
) -> None:
    first = open_page(f"{own.address}/workflows")
    drop(first, "two places.json", regional())
    expect(card(first, "two places")).to_be_visible()
    first.goto(f"{own.address}/workflows/two places")
    second = open_page(first.url, viewport=PHONE)
    for page, text in ((first, "a field at noon"), (second, "a cat")):
        expect(page.get_by_test_id("workflow-state")).to_have_text("Saved")
        choose_prompt(page, text)
        expect(page.get_by_test_id("workflow-state")).to_have_text("Changed, not saved yet")
    first.get_by_test_id("workflow-save").click()
    expect(first.get_by_test_id("workflow-state")).to_have_text("Saved")
    second.get_by_test_id("workflow-save").click()
    expect(second.get_by_test_id("field-error")).to_contain_text(SOMEBODY)
    expect(second.locator("[data-role=prompt]")).to_contain_text("a cat")

    second.get_by_test_id("workflow-load-again").click()
    expect(second.locator("[data-role=prompt]")).to_contain_text("a field at noon")
    first.get_by_test_id("undo").click()
    expect(first.locator("[data-role=prompt]")).not_to_contain_text("a field at noon")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_serious(own: Served, open_page: OpenPage, theme: str) -> None:
    page = open_page(f"{own.address}/workflows", color_scheme=theme, reduced_motion="reduce")
    drop(page, "two places.json", regional())
    expect(card(page, "two places")).to_be_visible()
    expect(card(page, "flux").get_by_test_id("workflow-lack")).to_be_visible()
    page.reload()  # what was told of it, fading in or out, is gone
    expect(card(page, "two places")).to_be_visible()
    assert serious(page) == []
    page.goto(f"{own.address}/workflows/two places")
    expect(page.get_by_test_id("workflow-state")).to_have_text("Saved")
    assert serious(page) == []


def serious(page: Page) -> list[str]:
    """What keeps people out."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html']}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]
