"""What was understood of a workflow is shown in the form, and can be corrected there."""

from nicegui import ui

from tests.api.test_workflows import plain, regional
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import errors, ready, started, upload
from tests.workflows.graphs import node


async def with_file(opening: Opening, graph: object) -> Visit:
    visit = await ready(opening)
    await upload(visit, "mine.json", graph)
    await visit.sees("workflow-file", "mine.json")
    return visit


def picker(visit: Visit, role: str) -> ui.select:
    """The list of a role's inputs."""
    (row,) = (e for e in visit.all("role") if e.props["data-role"] == role)
    (found,) = visit.inside(row, ui.select)
    return found


async def choose(visit: Visit, role: str, slots: list[str]) -> None:
    with visit.page:
        picker(visit, role).value = slots
    await until(lambda: picker(visit, role).value == slots)


async def test_a_plain_workflow_is_understood_and_asks_nothing(opening: Opening) -> None:
    visit = await with_file(opening, plain())
    assert not visit.one("workflow-mapping").value
    assert picker(visit, "prompt").value == ["good.text"]
    assert picker(visit, "seed").value == ["sampler.seed"]
    request = (await started(visit)).request
    assert (request.roles, request.inputs, request.prompt_as_is) == (None, None, None)


async def test_where_two_texts_may_be_meant_the_form_asks_and_two_clicks_settle_it(
    opening: Opening,
) -> None:
    visit = await with_file(opening, regional())
    assert visit.one("workflow-mapping").value
    assert errors(visit) == ["Choose which of these texts is the prompt."]
    shown = dict(picker(visit, "prompt").options)
    assert [shown[slot] for slot in ("good.text", "day.text")] == [
        "CLIPTextEncode · text (a cat)",
        "CLIPTextEncode · text (a field at noon)",
    ]
    await choose(visit, "prompt", ["day.text"])
    await until(lambda: not errors(visit))
    batch = await started(visit)
    assert batch.request.roles == {"prompt": ["day.text"]}
    assert batch.workflow["day"]["inputs"]["text"] == batch.request.prompt
    assert batch.workflow["good"]["inputs"]["text"] == "a cat"


async def test_an_open_question_keeps_the_batch_from_starting(opening: Opening) -> None:
    visit = await with_file(opening, regional())
    visit.click("generate")
    await visit.sees("field-error", "Which of these texts is the prompt?")
    assert not visit.studio.app.queue.is_busy


async def test_a_role_that_is_taken_away_leaves_the_input_as_it_is(opening: Opening) -> None:
    visit = await with_file(opening, plain())
    await choose(visit, "negativePrompt", [])
    visit.fill("negative-prompt", "fog")
    batch = await started(visit)
    assert batch.workflow["bad"]["inputs"]["text"] == "blurry"
    assert batch.understood
    assert "negative prompt" in str(batch.understood.remarks[0])


async def test_another_input_becomes_a_field_and_goes_along(opening: Opening) -> None:
    visit = await with_file(opening, plain())
    with visit.page:
        visit.one("add-field").value = "save.filename_prefix"
    await until(lambda: bool(visit.all("extra-field")))
    field = visit.one("extra-field")
    assert (field.props["data-slot"], field.value) == ("save.filename_prefix", "ComfyUI")
    visit.fill("extra-field", "foxes/")
    batch = await started(visit)
    assert batch.request.inputs == {"save.filename_prefix": "foxes/"}
    assert batch.workflow["save"]["inputs"]["filename_prefix"] == "foxes/"


async def test_what_the_server_lacks_is_named_before_anything_starts(opening: Opening) -> None:
    strange = plain() | {"more": node("NobodyHasIt", images=["decode", 0])}
    visit = await with_file(opening, strange)
    with visit.page:
        told = [e.text for e in visit.inside(visit.one("workflow-mapping"), ui.label)]
    assert any("NobodyHasIt" in text for text in told)


async def test_one_without_a_place_for_the_prompt_runs_as_it_is_if_that_is_wanted(
    opening: Opening,
) -> None:
    graph = {
        "1": node("EmptyImage", width=64, height=64, batch_size=1, color=0xFF0000),
        "2": node("SaveImage", images=["1", 0], filename_prefix="x"),
    }
    visit = await with_file(opening, graph)
    visit.click("generate")
    await visit.sees("field-error", "The prompt has no place in this workflow")
    visit.fill("run-as-it-is", value=True)
    batch = await started(visit)
    assert batch.request.prompt == "(the workflow's own prompt)"


async def test_what_was_said_about_a_workflow_comes_back_with_its_batch(opening: Opening) -> None:
    visit = await with_file(opening, regional())
    await choose(visit, "prompt", ["day.text"])
    batch = await started(visit)
    await visit.open(f"/?like={batch.batch_id}")
    await visit.sees("workflow-file")
    assert picker(visit, "prompt").value == ["day.text"]
    assert not errors(visit)
