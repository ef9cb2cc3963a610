"""Say it: the form, from what it offers to the request that it hands in."""

import json
import threading
from statistics import fmean
from typing import Any

import pytest
from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.comfy_api.catalog import ApiCatalog
from batchgen_app.core import wire
from batchgen_app.core.request import BasedOn, BaseParameters, SeedMode, SingleImageRequest
from batchgen_app.core.state import BatchState
from batchgen_app.demo import demo_models
from batchgen_app.ui.batch_form import graph_words, words
from batchgen_app.ui.parts.fields import Tick
from batchgen_app.workflows import workflow as workflow_module
from tests.faulty_engine import AnswerSlowly, HangWhileSampling
from tests.studio import MODEL, until
from tests.ui.conftest import Opening, Visit
from tests.workflow_files import KINDS
from tests.workflows.graphs import node, text_to_image

PROMPT = "a red fox"


async def ready(opening: Opening, address: str = "/", **demo: object) -> Visit:
    """The form with everything from the server in it, and a prompt."""
    visit = await opening(address, step_delay=0.05, **demo)
    await until(lambda: bool(visit.one("model").value))
    visit.fill("prompt", PROMPT)
    return visit


async def started(visit: Visit) -> BatchState:
    """Click, and wait for the batch; a quick machine may have made it by then."""
    queue = visit.studio.app.queue
    begun: list[BatchState] = []
    unsubscribe = queue.changed.subscribe(lambda: begun.extend(filter(None, [queue.running])))
    visit.click("generate")
    await until(lambda: bool(begun))
    unsubscribe()
    return begun[0]


def errors(visit: Visit) -> list[str]:
    """All messages that stand in the form."""
    return visit.texts("field-error")


def small(visit: Visit) -> None:
    """Pictures that cost nothing."""
    for mark, value in (("width", "64"), ("height", "64"), ("steps", "2")):
        visit.fill(mark, value)


async def test_a_newcomer_only_has_to_write_a_prompt(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    request = (await started(visit)).request
    assert request.prompt == PROMPT
    assert request.batch_count == 5
    assert request.seed_mode is SeedMode.RANDOM
    assert request.base_seed is None
    assert request.model == MODEL


async def test_choosing_a_type_shows_its_form(opening: Opening) -> None:
    visit = await ready(opening)
    assert visit.one("batch-count")
    choose(visit, str(words.SINGLE))
    assert not visit.all("batch-count")
    choose(visit, str(words.BATCH))
    assert visit.one("batch-count")


def choose(visit: Visit, name: str) -> None:
    """Choose what to generate."""
    single, batch = visit.inside(visit.one("generation-type"), Tick)
    with visit.page:
        (single if name == str(words.SINGLE) else batch).value = True


async def test_a_single_image_is_asked_for_as_one(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    choose(visit, str(words.SINGLE))
    batch = await started(visit)
    assert isinstance(batch.request, SingleImageRequest)
    assert batch.total_images == 1


@pytest.mark.parametrize(
    ("mark", "typed", "message"),
    [
        ("batch-count", "1", "Minimum 2 images required for batch"),
        ("batch-count", "21", "Maximum 20 images allowed per batch"),
        ("batch-count", "2.5", "Batch count must be a whole number"),
        ("batch-count", "", "Batch count is required (2-20)"),
        ("prompt", "", "Prompt cannot be empty"),
        ("prompt", " ", "Prompt cannot be empty"),
        ("prompt", "x" * 501, "Prompt exceeds 500 character limit"),
        ("steps", "0", "Steps must be between 1-150"),
        ("cfg", "31", "CFG must be between 1.0-30.0"),
        ("width", "65", "Width must be between 64-4096 pixels in steps of 8"),
    ],
)
async def test_a_limit_is_told_where_it_was_broken_and_nothing_starts(
    opening: Opening, mark: str, typed: str, message: str
) -> None:
    visit = await ready(opening)
    visit.fill(mark, typed)
    visit.trigger(mark, "blur")
    assert errors(visit) == [message]
    assert visit.one(mark).props["aria-describedby"] == visit.one("field-error").html_id
    visit.click("generate")
    await until(lambda: "loading" not in visit.one("generate").props)
    assert errors(visit) == [message]
    assert visit.one(mark).value == typed
    assert not visit.studio.app.queue.is_busy


async def test_every_fault_is_told_at_once_and_goes_away_when_it_is_mended(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    visit.fill("prompt", "")
    visit.fill("batch-count", "1")
    visit.click("generate")
    await until(lambda: len(errors(visit)) == 2)
    visit.fill("prompt", PROMPT)
    assert errors(visit) == ["Minimum 2 images required for batch"]
    visit.fill("batch-count", "2")
    assert errors(visit) == []
    assert "aria-invalid" not in visit.one("batch-count").props


async def test_nobody_is_scolded_for_what_is_still_to_come(opening: Opening) -> None:
    visit = await opening("/")
    visit.trigger("prompt", "blur")
    assert errors(visit) == []


async def test_the_slider_moves_the_number_and_never_corrects_it(opening: Opening) -> None:
    visit = await ready(opening)
    slides = visit.user.find(kind=ui.slider)
    slides.trigger("update:modelValue", 12)
    (slider,) = slides.elements
    assert visit.one("batch-count").value == "12"
    visit.fill("batch-count", "21")
    assert slider.value == 20
    assert visit.one("batch-count").value == "21"


async def test_without_random_seeds_they_count_up_from_the_base_seed(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    assert not visit.all("base-seed")
    visit.fill("randomize-seeds", False)
    visit.fill("base-seed", "40")
    visit.fill("batch-count", "3")
    assert (await started(visit)).seeds == (40, 41, 42)


async def test_an_empty_base_seed_lets_the_app_pick_one(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    visit.fill("randomize-seeds", False)
    batch = await started(visit)
    assert batch.request.seed_mode is SeedMode.INCREMENTAL
    assert batch.seeds == tuple(range(batch.seeds[0], batch.seeds[0] + 5))


async def test_what_is_adjusted_is_what_is_asked_for(opening: Opening) -> None:
    visit = await ready(opening)
    wanted = {
        "negative-prompt": "blurry", "width": "128", "height": "64", "steps": "3", "cfg": "4.5",
        "sampler": "heun", "scheduler": "karras",
    }  # fmt: skip
    await until(lambda: "heun" in visit.one("sampler").options)
    for mark, value in wanted.items():
        visit.fill(mark, value)
    request = (await started(visit)).request
    assert request.negative_prompt == "blurry"
    assert request.base_parameters.to_json() == {
        "width": 128, "height": 64, "steps": 3, "cfg": 4.5,
        "samplerName": "heun", "scheduler": "karras",
    }  # fmt: skip


async def test_a_shape_sets_both_numbers(opening: Opening) -> None:
    visit = await ready(opening)
    wide = visit.all("shape")[-1]
    UserInteraction(visit.user, {wide}, None).click()
    assert (visit.one("width").value, visit.one("height").value) == ("1344", "768")


async def test_the_button_says_what_it_will_do_and_how_long_that_takes_once_it_is_known(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    small(visit)
    assert visit.one("generate").text == "Generate 5 images"
    batch = await visit.studio.make()
    each = fmean(image.seconds or 0.0 for image in batch.images)
    await visit.sees("generate", words.generate(5, 5 * each))
    visit.fill("batch-count", "8")
    await visit.sees("generate", words.generate(8, 8 * each))
    choose(visit, str(words.SINGLE))
    await visit.sees("generate", words.generate(1, each))
    visit.fill("steps", "10")
    await until(lambda: visit.one("generate").text == "Generate 1 image")


async def test_the_counter_counts_as_the_limit_does(opening: Opening) -> None:
    visit = await ready(opening)
    visit.fill("prompt", "x" * 123)
    await visit.user.should_see("123 / 500")


async def test_models_are_grouped_and_the_first_is_chosen(opening: Opening) -> None:
    models = {**demo_models(), "checkpoints": ["b.safetensors", "merges/a.safetensors"]}
    visit = await ready(opening, models=models)
    shown = visit.one("model").props["options"]
    assert [(option["header"], option["label"]) for option in shown] == [
        ("Base · 1", "b"),
        ("Merged · 1", "merges/a"),
        ("Diffusion models · 1", "demo-flow"),
    ]
    assert visit.one("model").value == "b.safetensors"


async def test_the_last_choice_is_chosen_again(opening: Opening) -> None:
    models = {**demo_models(), "checkpoints": ["a.safetensors", "b.safetensors"]}
    visit = await ready(opening, models=models)
    visit.remembered = "b.safetensors"
    await visit.open("/")
    await until(lambda: visit.one("model").value == "b.safetensors")


async def test_a_vanished_model_stops_the_batch_and_brings_a_fresh_list(opening: Opening) -> None:
    models = {**demo_models(), "checkpoints": ["a.safetensors", "b.safetensors"]}
    visit = await ready(opening, models=models)
    models["checkpoints"] = ["b.safetensors"]
    visit.click("generate")
    await visit.sees("field-error", 'The server has no model "a.safetensors"')
    assert visit.one("model").value is None
    assert list(visit.one("model").options) == ["b.safetensors", "demo-flow.safetensors"]
    assert not visit.studio.app.queue.is_busy


async def test_where_a_server_tells_no_models_one_is_typed(opening: Opening) -> None:
    visit = await opening("/settings")
    assert not visit.all("model-name")
    visit.studio.app.server.catalog = ApiCatalog()
    await visit.open("/")
    await until(lambda: bool(visit.all("model-name")))
    assert visit.one("model").value is None
    visit.fill("prompt", PROMPT)
    visit.fill("model-name", f" {MODEL} ")
    visit.trigger("model-name", "keydown.enter")
    await until(lambda: visit.one("model").value == MODEL)
    assert not visit.one("model-name").value
    small(visit)
    assert (await started(visit)).request.model == MODEL


async def test_a_typed_model_is_remembered_by_the_browser(opening: Opening) -> None:
    visit = await opening("/settings")
    visit.studio.app.server.catalog = ApiCatalog()
    visit.remembered = "my-model.safetensors"
    await visit.open("/")
    await until(lambda: visit.one("model").value == "my-model.safetensors")


async def test_refresh_brings_new_models_and_keeps_the_choice(opening: Opening) -> None:
    models = {**demo_models(), "checkpoints": ["b.safetensors"]}
    visit = await ready(opening, models=models)
    models["checkpoints"] = ["a.safetensors", "b.safetensors"]
    visit.click("refresh-models")
    await until(lambda: len(visit.one("model").options) == 2)
    assert visit.one("model").value == "b.safetensors"


async def test_no_models_says_what_to_do(opening: Opening) -> None:
    visit = await opening("/", models={"checkpoints": []})
    await visit.user.should_see(
        "No models available. Add .safetensors files to models directory.", retries=50
    )
    visit.fill("prompt", PROMPT)
    visit.click("generate")
    await visit.sees("field-error", "Please select a model")


async def test_a_server_that_is_away_is_told_and_asked_again(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    await visit.studio.engine.stop()
    visit.click("generate")
    await until(lambda: bool(visit.all("retry")))
    await visit.user.should_see("Cannot connect to server")
    await visit.user.should_see(words.submit_lost(visit.studio.engine.url))
    assert visit.one("prompt").value == PROMPT
    await visit.studio.engine.start()
    visit.click("retry")
    await until(lambda: visit.studio.app.queue.is_busy and not visit.all("server-error"))


async def test_a_page_that_was_opened_without_a_server_starts_when_it_is_back(
    opening: Opening,
) -> None:
    visit = await opening("/settings")
    await visit.studio.engine.stop()
    await visit.open("/")
    visit.fill("prompt", PROMPT)
    visit.click("generate")
    await until(lambda: bool(visit.all("retry")))
    await visit.studio.engine.start()
    visit.click("retry")
    await until(lambda: visit.studio.app.queue.is_busy)


async def test_the_arrow_brings_earlier_prompts_back(opening: Opening) -> None:
    visit = await ready(opening)
    for prompt in ("first", "second"):
        await visit.studio.make(prompt=prompt)
    visit.fill("prompt", "draft")

    async def press(key: str, caret: int, shows: str) -> None:
        length = len(visit.one("prompt").value)
        visit.trigger("prompt", f"keydown.{key.lower()}", [f"Arrow{key}", caret, caret, length])
        await until(lambda: visit.one("prompt").value == shows)

    await press("Up", 0, "second")
    await press("Up", 6, "first")
    await press("Down", 5, "second")
    await press("Down", 6, "draft")


async def test_a_batch_can_be_asked_for_again_with_changes(opening: Opening) -> None:
    visit = await ready(opening)
    batch = await visit.studio.make(prompt="again", seedMode="incremental", baseSeed=7)
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: visit.one("prompt").value == "again")
    await until(lambda: visit.one("width").value == "64")
    assert visit.one("batch-count").value == "3"
    assert visit.one("base-seed").value == "7"


async def test_a_batch_can_begin_with_the_seed_and_the_words_of_one_image(opening: Opening) -> None:
    visit = await ready(opening)
    batch = await visit.studio.make(prompt="a {red|blue} fox", dynamicPrompt=True)
    await visit.open(f"/?like={batch.batch_id}&image=2")
    await until(lambda: visit.one("prompt").value == batch.words(2).prompt)
    assert visit.one("randomize-seeds").value is False
    assert visit.one("base-seed").value == str(batch.seeds[1])
    for nobody in ("99", "x", "-1"):
        await visit.open(f"/?like={batch.batch_id}&image={nobody}")
        await until(lambda: visit.one("prompt").value == "a {red|blue} fox")
        assert visit.one("randomize-seeds").value is True


async def test_a_batch_says_from_which_one_it_was_begun_and_the_next_one_does_not(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    batch = await visit.studio.make(prompt="again")
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: visit.one("prompt").value == "again")
    visit.fill("prompt", "another")
    changed = await started(visit)
    assert changed.request.based_on == BasedOn(batch_id=batch.batch_id, how="changed")
    visit.fill("prompt", "and another")
    visit.click("generate")
    await until(lambda: len(visit.studio.app.queue.waiting) == 1)
    assert visit.studio.app.queue.waiting[0].request.based_on is None


async def test_the_form_stays_usable_and_lines_up_the_next_batch(opening: Opening) -> None:
    visit = await ready(opening)
    await started(visit)
    visit.fill("prompt", "and another")
    visit.click("generate")
    await until(lambda: len(visit.studio.app.queue.waiting) == 1)
    assert visit.studio.app.queue.waiting[0].request.prompt == "and another"


async def test_a_press_made_before_the_answer_to_the_last_one_was_seen_starts_nothing(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    small(visit)
    visit.studio.faults.add(HangWhileSampling())
    for _ in range(3):  # two taps on a slow line, and one while the first is being sent
        visit.trigger("generate", "click", 0)
    queue = visit.studio.app.queue
    await until(lambda: queue.running is not None)
    visit.trigger("generate", "click", 0)  # it arrives when the first has been accepted
    await until(lambda: visit.one("generate").props["data-answers"] == "1")
    assert not queue.waiting
    visit.trigger("generate", "click", 1)  # on purpose, while the first one runs
    await until(lambda: len(queue.waiting) == 1)
    await until(lambda: visit.one("generate").props["data-answers"] == "2")
    visit.trigger("generate", "click", 2)
    await until(lambda: len(queue.waiting) == 2)


async def test_an_example_fills_the_prompt(opening: Opening) -> None:
    visit = await opening("/")
    visit.user.find(words.EXAMPLES[1]).click()
    assert visit.one("prompt").value == words.EXAMPLES[1]


async def upload(visit: Visit, name: str, content: object) -> None:
    """Choose a workflow file."""
    target = visit.one("workflow-upload")
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    with visit.page:
        await target.handle_uploads([SmallFileUpload(name, "application/octet-stream", body)])


DREAMS = {**demo_models(), "checkpoints": [MODEL, "dreams.safetensors"]}


async def with_workflow(opening: Opening, **more: dict[str, Any]) -> Visit:
    """The form with a workflow of its own in it, whose model the server has."""
    visit = await ready(opening, models=DREAMS)
    await upload(visit, "mine.json", text_to_image(latent=LATENT, **more))
    await visit.sees("workflow-file", "mine.json")
    return visit


LATENT = node("EmptyLatentImage", width=64, height=128, batch_size=4)


async def test_a_workflow_shows_its_own_values_and_keeps_them(opening: Opening) -> None:
    visit = await with_workflow(opening)
    await until(lambda: visit.one("model").value == "dreams.safetensors")
    assert (visit.one("width").value, visit.one("height").value) == ("64", "128")
    request = (await started(visit)).request
    assert request.workflow == text_to_image(latent=LATENT)
    assert request.model is None
    assert request.negative_prompt is None
    assert request.base_parameters == BaseParameters()


async def test_a_workflow_that_gives_nothing_is_refused_at_its_field(opening: Opening) -> None:
    visit = await ready(opening)
    await upload(visit, "mine.json", text_to_image(latent=LATENT))
    await visit.sees("workflow-file", "mine.json")
    visit.click("generate")
    await visit.sees("field-error", 'needs the model "dreams.safetensors", which the server does')
    assert not visit.studio.app.queue.is_busy


async def test_a_workflow_is_read_from_every_file_that_carries_one(opening: Opening) -> None:
    visit = await ready(opening)
    for name, file in KINDS.items():
        await upload(visit, name, file(text_to_image(latent=LATENT)))
        await visit.sees("workflow-file", name)
        assert not errors(visit)
        assert (visit.one("width").value, visit.one("height").value) == ("64", "128")
        visit.click("remove-workflow")
        await until(lambda: not visit.all("workflow-file"))


async def test_with_a_workflow_only_what_was_changed_is_sent(opening: Opening) -> None:
    visit = await with_workflow(opening)
    await until(lambda: visit.one("model").value == "dreams.safetensors")
    visit.fill("steps", "7")
    visit.fill("model", MODEL)
    request = (await started(visit)).request
    assert request.base_parameters == BaseParameters(steps=7)
    assert request.model == MODEL


async def test_without_its_workflow_the_form_is_as_before(opening: Opening) -> None:
    visit = await with_workflow(opening)
    visit.click("remove-workflow")
    await until(lambda: visit.one("model").value == MODEL)
    request = (await started(visit)).request
    assert request.workflow is None
    assert request.base_parameters.width == 1024


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"nodes": [{"type": 5}]}, 'choose "Export (API)"'),
        ([1, 2], "must be a graph in API format"),
    ],
)
async def test_what_is_no_workflow_is_refused(
    opening: Opening, content: object, message: str
) -> None:
    visit = await ready(opening)
    await upload(visit, "other.json", content)
    await visit.sees("field-error", message)
    assert not visit.all("workflow-file")


async def test_a_batch_with_a_workflow_can_be_asked_for_again(opening: Opening) -> None:
    visit = await ready(opening)
    graph = text_to_image(latent=LATENT, checkpoint=node("CheckpointLoaderSimple", ckpt_name=MODEL))
    small = {"steps": 2}
    batch = await visit.studio.make(workflow=graph, model=None, baseParameters=small)
    await visit.open(f"/?like={batch.batch_id}")
    await visit.sees("workflow-file", str(graph_words.WORKFLOW_OF_BATCH))
    await until(lambda: visit.one("prompt").value == batch.request.prompt)
    await until(lambda: visit.one("width").value == "64")
    request = (await started(visit)).request
    assert request.model_copy(update={"based_on": None}) == batch.request


async def test_a_workflow_is_looked_at_beside_the_event_loop(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be large (line 6): when a field is left, when it is asked for, and again."""
    looks: list[str] = []

    def watch(module: object, name: str) -> None:
        look = getattr(module, name)

        def watched(graph: Any, *rest: Any) -> Any:
            if "shown" in list(graph):  # the built-in ones are small
                looks.append(threading.current_thread().name)
            return look(graph, *rest)

        monkeypatch.setattr(module, name, watched)

    visit = await with_workflow(opening, shown=node("PreviewImage", images=["decode", 0]))
    watch(wire, "is_deeper")
    watch(workflow_module, "find_roles")
    visit.fill("width", "65")
    visit.trigger("width", "blur")
    await visit.sees("field-error", "Width must be")
    visit.fill("width", "64")
    batch = await started(visit)
    await visit.open(f"/?like={batch.batch_id}")
    await visit.sees("workflow-file", str(graph_words.WORKFLOW_OF_BATCH))
    assert looks
    assert threading.main_thread().name not in looks


async def test_the_models_come_by_themselves_when_the_server_is_back(opening: Opening) -> None:
    visit = await opening("/settings")
    await visit.studio.engine.stop()
    await visit.open("/")
    await visit.user.should_see(str(words.MODELS_UNKNOWN), retries=50)
    await visit.studio.engine.start()
    await until(lambda: visit.one("model").value == MODEL)


async def test_while_the_server_keeps_silent_the_form_says_that_it_is_asked_for_models(
    opening: Opening,
) -> None:
    visit = await opening("/", AnswerSlowly(path="/object_info", seconds=3600.0))
    await visit.user.should_see(str(words.MODELS_ASKED))
    assert visit.one("model").value is None
    await visit.user.should_see(str(words.MODELS_UNKNOWN), retries=100)
    await visit.user.should_not_see(str(words.MODELS_ASKED))


async def test_a_model_that_vanished_is_not_replaced_by_another(opening: Opening) -> None:
    models = {**demo_models(), "checkpoints": ["a.safetensors", "b.safetensors"]}
    visit = await ready(opening, models=models)
    models["checkpoints"] = ["b.safetensors"]
    visit.click("refresh-models")
    await visit.user.should_see(words.model_gone("a.safetensors"), retries=50)
    assert visit.one("model").value is None


async def test_the_chosen_model_does_not_change_the_order_of_the_list(opening: Opening) -> None:
    models = {**demo_models(), "checkpoints": ["a.safetensors", "b.safetensors"]}
    visit = await ready(opening, models=models)
    visit.remembered = "b.safetensors"
    await visit.open("/")
    await until(lambda: visit.one("model").value == "b.safetensors")
    listed = ["a.safetensors", "b.safetensors", "demo-flow.safetensors"]
    assert list(visit.one("model").options) == listed


async def test_a_single_image_can_be_asked_for_again(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    choose(visit, str(words.SINGLE))
    batch = await visit.studio.end(await started(visit))
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: not visit.all("batch-count"))
    choose(visit, str(words.BATCH))
    assert visit.one("batch-count").value == "5"


async def test_a_batch_of_another_model_is_asked_for_again_with_that_model(
    opening: Opening,
) -> None:
    models = {**demo_models(), "checkpoints": ["a.safetensors", "b.safetensors"]}
    visit = await ready(opening, models=models)
    batch = await visit.studio.make(model="b.safetensors")
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: visit.one("model").value == "b.safetensors")


async def test_a_batch_that_is_gone_leaves_the_form_as_it_is_and_says_so(
    opening: Opening,
) -> None:
    visit = await opening("/?like=nobody")
    await visit.user.should_see(str(words.NO_SETTINGS))
    assert not visit.one("prompt").value


FLOW = {**demo_models(), "text_encoders": ["qwen_3_4b.safetensors"], "vae": ["ae.safetensors"]}


async def test_a_model_of_no_known_family_is_asked_about_once_in_the_form(
    opening: Opening,
) -> None:
    visit = await ready(opening, models=FLOW)
    assert not visit.all("family")
    visit.fill("model", "demo-flow.safetensors")
    await visit.sees("family")
    visit.fill("family", "z-image")
    await until(lambda: not visit.all("family"))
    # What its family needs stands in the form.
    assert (visit.one("steps").value, visit.one("cfg").value) == ("30", "4.0")
    small(visit)
    batch = await started(visit)
    assert batch.workflow["model"]["inputs"]["unet_name"] == "demo-flow.safetensors"
    await visit.open("/")
    await until(lambda: bool(visit.one("model").value))
    visit.fill("model", "demo-flow.safetensors")
    assert not visit.all("family")


async def test_a_checkpoint_that_nobody_knows_makes_a_picture_at_once_with_the_likely_family(
    opening: Opening,
) -> None:
    """The answer stands there and can be changed; to generate with it in view is to give it."""
    mine = {"checkpoints": ["dreams.safetensors"]}
    visit = await ready(opening, models=mine, architecture="")
    await visit.sees("family")
    assert visit.one("family").value == "sdxl"
    assert not visit.all("change-family")
    small(visit)
    batch = await started(visit)
    assert batch.request.family == "sdxl"
    await visit.open("/")
    await visit.sees("change-family")
    assert not visit.all("family")


async def test_another_family_than_the_likely_one_is_picked_for_a_checkpoint(
    opening: Opening,
) -> None:
    visit = await ready(opening, models={"checkpoints": ["dreams.safetensors"]}, architecture="")
    await visit.sees("family")
    assert visit.one("width").value == "1024"
    visit.fill("family", "sd15")
    await until(lambda: not visit.all("family"))
    assert visit.one("width").value == "512"


async def test_a_wrong_answer_about_a_model_is_corrected_in_the_form(opening: Opening) -> None:
    visit = await ready(opening, models=FLOW)
    visit.fill("model", "demo-flow.safetensors")
    await visit.sees("family")
    visit.fill("family", "flux")
    await visit.sees("change-family")
    assert visit.one("guidance").value == "3.5"
    visit.click("change-family")
    visit.fill("family", "z-image")
    await until(lambda: not visit.all("guidance"))
    assert not visit.all("family")
    assert visit.one("cfg").value == "4.0"


async def test_what_a_person_changed_stays_when_another_family_is_picked(opening: Opening) -> None:
    models = {**FLOW, "diffusion_models": ["z_image_turbo.safetensors"]}
    visit = await ready(opening, models=models)
    visit.fill("cfg", "3")
    visit.fill("model", "z_image_turbo.safetensors")
    assert (visit.one("steps").value, visit.one("cfg").value) == ("9", "3")
