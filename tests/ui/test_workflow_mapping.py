"""What was understood of a workflow is shown in the form, and can be corrected there."""

from nicegui import ui

from batchgen_app.core.wire import JsonObject
from batchgen_app.storage.kept_workflow import KeptWorkflow
from batchgen_app.ui.parts.fields import Text
from tests.api.test_workflows import app, plain, regional
from tests.batches.test_loop_is_free import LATE
from tests.bench.loop_lag import loop_lag
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import errors, ready, started, upload
from tests.ui.test_theme import toasted
from tests.workflows.graphs import encoder, node, renamed, sampler


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


async def test_where_one_node_has_both_texts_each_is_told_by_its_words(opening: Opening) -> None:
    both = node("JoinStrings", delimiter=", ", string_a="masterpiece", string_b="a boat")
    graph = plain() | {"both": both, "good": encoder(["both", 0])}
    visit = await with_file(opening, graph)
    assert errors(visit) == ["Choose which of these texts is the prompt."]
    assert list(dict(picker(visit, "prompt").options).values())[:2] == [
        "JoinStrings · string_a (masterpiece)",
        "JoinStrings · string_b (a boat)",
    ]


async def test_texts_that_begin_alike_are_told_apart_by_their_nodes(opening: Opening) -> None:
    alike = "the very same beginning of two long texts, "
    graph = regional() | {"good": encoder(alike + "by day"), "day": encoder(alike + "by night")}
    shown = dict(picker(await with_file(opening, graph), "prompt").options)
    assert shown["good.text"].endswith("(good)")
    assert shown["day.text"].endswith("(day)")


async def test_a_very_large_workflow_is_shown_without_holding_anybody_up(opening: Opening) -> None:
    graph: JsonObject = {}
    for number in range(270):
        graph |= renamed(plain(), {name: f"{name}{number}" for name in plain()})
    assert len(graph) > 1_800
    visit = await ready(opening)
    async with loop_lag() as lag:
        await upload(visit, "large.json", graph)
        await visit.sees("workflow-file", "large.json")
    shown = dict(picker(visit, "seed").options)
    assert shown["sampler0.seed"] == "KSampler · seed (sampler0)"
    assert len(shown) > 500
    assert lag.worst_of_own < LATE


async def test_an_open_question_keeps_the_batch_from_starting(opening: Opening) -> None:
    visit = await with_file(opening, regional())
    visit.click("generate")
    await visit.sees("field-error", "Choose what is meant under")
    assert not visit.studio.app.queue.is_busy


async def test_a_role_that_is_taken_away_leaves_the_input_as_it_is(opening: Opening) -> None:
    visit = await with_file(opening, plain())
    await choose(visit, "negativePrompt", [])
    visit.fill("negative-prompt", "fog")
    batch = await started(visit)
    assert batch.workflow["bad"]["inputs"]["text"] == "blurry"
    assert batch.understood
    assert "negative prompt" in str(batch.understood.remarks[0])


async def test_the_prompt_that_a_workflow_brings_is_shown_and_used_if_one_likes(
    opening: Opening,
) -> None:
    visit = await with_file(opening, plain())
    await visit.sees("own-prompt")
    with visit.page:
        (words,) = [e.text for e in visit.inside(visit.one("own-prompt"), Text)][1:]
    assert words.strip() == "a cat"
    typed = visit.one("prompt").value
    visit.click("use-own-prompt")
    await until(lambda: visit.one("prompt").value == "a cat")
    assert not visit.all("own-prompt")
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: visit.one("prompt").value == typed and bool(visit.all("own-prompt")))
    visit.click("remove-workflow")
    await until(lambda: not visit.all("own-prompt"))


async def test_words_of_which_one_is_to_be_chosen_are_no_prompt_before_it_is(
    opening: Opening,
) -> None:
    visit = await with_file(opening, regional())
    assert not visit.all("own-prompt")
    await choose(visit, "prompt", ["day.text"])
    await visit.sees("own-prompt")
    visit.click("use-own-prompt")
    await until(lambda: visit.one("prompt").value == "a field at noon")
    batch = await started(visit)
    texts = [batch.workflow[name]["inputs"]["text"] for name in ("good", "day")]
    assert texts == ["a cat", "a field at noon"]


async def test_settings_with_an_open_question_put_no_words_into_the_picture_twice(
    opening: Opening,
) -> None:
    """Their prompt tells all of the texts; the ones that are not chosen stay in the workflow."""
    visit = await with_file(opening, regional())
    visit.fill("run-as-it-is", value=True)
    as_it_is = await started(visit)
    assert as_it_is.request.prompt == "a cat, a field at noon"
    await visit.open(f"/?like={as_it_is.batch_id}")
    await visit.sees("workflow-file")
    assert visit.one("run-as-it-is").value
    assert visit.one("prompt").value == as_it_is.request.prompt
    await choose(visit, "prompt", ["day.text"])
    await until(lambda: visit.one("prompt").value == "a field at noon")
    visit.fill("prompt", "a boat")
    await choose(visit, "prompt", ["good.text"])
    await visit.sees("own-prompt")
    assert visit.one("prompt").value == "a boat"


async def test_an_empty_prompt_stays_empty_until_the_workflows_own_is_wanted(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    visit.fill("prompt", "")
    await upload(visit, "mine.json", plain())
    await visit.sees("own-prompt")
    assert visit.one("prompt").value == ""


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


async def test_an_app_begins_with_the_fields_and_the_picture_that_its_author_chose(
    opening: Opening,
) -> None:
    visit = await with_file(opening, app())
    assert visit.one("workflow-mapping").value
    fields = [field.props["data-slot"] for field in visit.all("extra-field")]
    assert fields == ["10.amount", "9.filename_prefix"]
    batch = await started(visit)
    assert batch.request.inputs == {"10.amount": 2, "9.filename_prefix": "ComfyUI"}
    assert batch.understood
    assert batch.understood.outputs == ("9",)


async def test_the_loras_of_a_workflow_are_told_and_each_can_become_a_field(
    opening: Opening,
) -> None:
    listed = node(
        "Power Lora Loader (rgthree)",
        lora_1={"on": True, "lora": "hat.safetensors", "strength": 0.5},
        lora_2={"on": False, "lora": "rain.safetensors", "strength": 1},
        model=["checkpoint", 0],
    )
    visit = await with_file(opening, plain() | {"list": listed, "sampler": through("list")})
    with visit.page:
        told = [e.text for e in visit.inside(visit.one("workflow-loras"), ui.label)]
        assert told == ["hat.safetensors"]
        visit.one("add-field").value = "list.lora_2"
    await until(lambda: bool(visit.all("extra-field")))
    field = visit.one("extra-field")
    assert (field.props["data-slot"], field.value) == ("list.lora_2", False)


def through(loras: str) -> JsonObject:
    """The sampler, with the model that comes from there."""
    return sampler(model=[loras, 0])


async def test_which_of_several_passes_gets_a_denoise_is_asked_without_haste(
    opening: Opening,
) -> None:
    """A batch without one needs no answer."""
    passes = plain() | {
        "second": sampler(latent_image=["sampler", 0], denoise=0.6),
        "third": sampler(latent_image=["second", 0], denoise=0.3),
    }
    passes["decode"]["inputs"]["samples"] = ["third", 0]
    visit = await with_file(opening, passes)
    assert not visit.one("workflow-mapping").value
    assert errors(visit) == []
    with visit.page:
        hints = [e.text for e in visit.inside(visit.one("workflow-mapping"), ui.label)]
    assert "Choose which stage gets the denoise." in hints
    batch = await started(visit)
    kept = {name: batch.workflow[name]["inputs"]["denoise"] for name in ("second", "third")}
    assert kept == {"second": 0.6, "third": 0.3}


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


async def test_an_answer_is_kept_for_a_workflow_of_the_library_and_that_is_taken_back(
    opening: Opening,
) -> None:
    visit = await opening("/settings")
    library = visit.studio.app.library
    await library.add(KeptWorkflow(name="Two places", workflow=regional()))
    await visit.open("/?workflow=Two%20places")
    await visit.sees("field-error", "Choose which of these texts is the prompt.")
    assert not visit.all("keep-answer")
    await choose(visit, "prompt", ["day.text"])
    await until(lambda: bool(visit.all("keep-answer")))
    visit.click("keep-answer")
    await until(lambda: not visit.all("keep-answer"))
    assert (await library.get("Two places")).roles == {"prompt": ["day.text"]}
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: bool(visit.all("keep-answer")))
    assert (await library.get("Two places")).roles == {}
    await library.change("Two places", {"roles": {"prompt": ["good.text"]}})
    visit.click("keep-answer")
    await until(lambda: "changed by somebody else" in toasted(visit))
    assert (await library.get("Two places")).roles == {"prompt": ["good.text"]}


async def test_for_a_file_of_ones_own_no_answer_is_kept_before_the_file_is(
    opening: Opening,
) -> None:
    visit = await with_file(opening, regional())
    await choose(visit, "prompt", ["day.text"])
    await until(lambda: not errors(visit))
    assert not visit.all("keep-answer")
    visit.click("keep-workflow")
    await until(lambda: not visit.all("keep-workflow"))
    assert not visit.all("keep-answer")
    await choose(visit, "prompt", ["good.text"])
    await until(lambda: bool(visit.all("keep-answer")))
