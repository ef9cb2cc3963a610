"""From a file that somebody has to pictures: what is not certain is asked, answered with the mouse,
and the workflow is kept for the next time.
"""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.api.test_uploads import photo
from tests.api.test_workflows import regional
from tests.e2e.conftest import DESKTOP, PHONE, Served, Starter
from tests.e2e.test_form import OpenPage, field, open_more, ready
from tests.workflows.graphs import node

PROMPT = "a field at midnight"


def with_photo() -> dict[str, Any]:
    """Two texts that may be the prompt, and a picture that nobody but its author has."""
    given = node("LoadImage", image="nobody has it.png")
    return regional() | {"photo": given, "shown": node("PreviewImage", images=["photo", 0])}


def sent(served: Served) -> list[dict[str, Any]]:
    """The workflows of the batches, as they were queued."""
    events = httpx.get(f"{served.address}/api/events").raise_for_status().json()["events"]
    return [event["workflow"] for event in events if event["type"] == "batch_queued"]


def begin(page: Page) -> None:
    """A form with a prompt, open to the end."""
    field(ready(page), "batch-count").fill("2")
    field(page, "prompt").fill(PROMPT)
    open_more(page)


def give(page: Page, file: Path) -> None:
    """A picture to start from, which is shown."""
    picture = page.get_by_test_id("input-image")
    picture.locator("input[type=file]").set_input_files(file)
    expect(picture.locator("img")).to_be_visible()


def generate(page: Page, served: Served) -> dict[str, Any]:
    """Gives the workflow that was queued."""
    page.get_by_test_id("generate").click()
    expect(page).to_have_url(re.compile("/batch/"))  # later than the pictures, and by itself
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    return sent(served)[-1]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_strangers_workflow_is_settled_with_the_mouse_kept_and_chosen_again(
    start: Starter, open_page: OpenPage, tmp_path: Path, viewport: dict[str, int]
) -> None:
    served = start.serve()
    (tmp_path / "stranger.json").write_text(json.dumps(with_photo()))
    (tmp_path / "me.png").write_bytes(photo())
    page = open_page(served.address, viewport=viewport)
    begin(page)
    page.locator(".bg-more input[type=file]").last.set_input_files(tmp_path / "stranger.json")
    error = page.get_by_test_id("field-error")
    expect(error).to_have_text("Choose which of these texts is the prompt.")
    page.locator("[data-role=prompt]").click()
    page.get_by_role("option", name=re.compile("a field at noon")).click()
    page.keyboard.press("Escape")
    expect(error).to_have_count(0)
    page.get_by_test_id("keep-workflow").click()
    expect(page.get_by_test_id("keep-workflow")).to_be_hidden()
    give(page, tmp_path / "me.png")
    first = generate(page, served)

    page.goto(served.address)
    begin(page)
    field(page, "workflow-choice").click()
    page.get_by_role("option", name="stranger").click()
    expect(page.get_by_test_id("workflow-file")).to_have_text("stranger")
    give(page, tmp_path / "me.png")
    expect(error).to_have_count(0)
    second = generate(page, served)

    assert len(sent(served)) == 2
    for graph in (first, second):
        assert graph["day"]["inputs"]["text"] == PROMPT
        assert graph["good"]["inputs"]["text"] == "a cat"
        assert graph["photo"]["inputs"]["image"] != "nobody has it.png"
