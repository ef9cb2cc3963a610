"""Workflows are kept and chosen in the form."""

from tests.api.test_workflows import plain, regional
from tests.studio import until
from tests.ui.conftest import Opening
from tests.ui.test_form import ready, started, upload
from tests.ui.test_workflow_mapping import choose, picker


async def test_one_is_kept_with_what_was_said_about_it_and_chosen_later(opening: Opening) -> None:
    visit = await ready(opening)
    assert not visit.all("workflow-choice")
    await upload(visit, "two places.json", regional())
    await visit.sees("workflow-file")
    await choose(visit, "prompt", ["day.text"])
    visit.click("keep-workflow")
    await visit.sees("workflow-file", "two places")
    await until(lambda: not visit.all("keep-workflow"))
    visit.click("remove-workflow")
    await until(lambda: bool(visit.all("workflow-choice")))
    visit.fill("workflow-choice", "two places")
    await visit.sees("workflow-file", "two places")
    assert picker(visit, "prompt").value == ["day.text"]
    batch = await started(visit)
    assert batch.workflow["day"]["inputs"]["text"] == batch.request.prompt


async def test_a_name_that_is_taken_is_said(opening: Opening) -> None:
    visit = await ready(opening)
    await upload(visit, "mine.txt.json", plain())
    await visit.sees("workflow-file", "mine.txt.json")
    visit.click("keep-workflow")
    await until(lambda: visit.texts("workflow-file") == ["mine.txt"])
    await upload(visit, "mine.txt.json", plain())
    await until(lambda: visit.texts("workflow-file") == ["mine.txt.json"])
    visit.click("keep-workflow")
    await visit.sees("field-error", 'There is a workflow "mine.txt" already')


async def test_a_name_that_cannot_be_kept_is_said(opening: Opening) -> None:
    visit = await ready(opening)
    await upload(visit, "\u202egnp.json", plain())
    await visit.sees("workflow-file", "gnp")
    visit.click("keep-workflow")
    await visit.sees("field-error", "Name contains a character that cannot be seen")
