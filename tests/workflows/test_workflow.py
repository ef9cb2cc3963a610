"""A graph is read, gets what the request gives, and otherwise stays as it is."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.limits import MAX_GRAPH_DEPTH
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import english
from batchgen_app.workflows.workflow import EXPORT_HINT, Workflow
from tests.core.asking import asked
from tests.core.writing import EVERYTHING, changed, filled_in, given_to
from tests.workflows.graphs import (
    base_and_refiner,
    encoder,
    flux,
    node,
    sampler,
    sd3,
    text_to_image,
)

BUNDLED = Path(__file__).parents[2] / "assets" / "workflows" / "text_to_image.json"
EDITOR = {"nodes": [{"id": 3, "type": "KSampler"}], "links": [], "version": 0.4}


def fault(data: object) -> Problem:
    with pytest.raises(InvalidRequest) as refusal:
        Workflow.parse(data)
    (problem,) = refusal.value.problems
    return problem


def test_a_graph_is_read_as_it_is() -> None:
    graph = text_to_image()
    assert Workflow.parse(graph).nodes == graph


def test_a_saved_request_body_is_unwrapped() -> None:
    body = {"prompt": text_to_image(), "client_id": "x", "extra_data": {"nodes": []}}
    assert Workflow.parse(body).nodes == text_to_image()


def test_a_node_may_be_called_prompt_or_nodes() -> None:
    graph = {"prompt": encoder("a cat"), "nodes": encoder("a dog")}
    assert Workflow.parse(graph).nodes == graph


@pytest.mark.parametrize("data", [EDITOR, {"prompt": EDITOR}, {"nodes": []}])
def test_the_editors_format_is_refused_with_the_way_out(data: object) -> None:
    assert fault(data) == Problem("workflow", "editor_format", EXPORT_HINT)
    assert "Export (API)" in EXPORT_HINT


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "text",
        7,
        {},
        {"prompt": {}},
        {"prompt": None},
        {"prompt": {"prompt": text_to_image()}},
        {"1": None},
        {"1": []},
        {"1": {"inputs": {}}},
        {"1": {"class_type": 5}},
        {1: encoder("a cat")},
        {"1": node("KSampler", cfg=float("nan"))},
        {"1": node("KSampler", names={1, 2})},
        {"1": node("KSampler", text="\ud800")},
        {"class_type": "KSampler", "inputs": {}},
    ],
)
def test_what_is_no_graph_is_refused(data: object) -> None:
    assert fault(data) == Problem(
        "workflow", "not_a_workflow", english("The workflow must be a graph in API format.")
    )


def test_half_a_node_is_named() -> None:
    problem = fault({**text_to_image(), "8": {"inputs": {}}})
    assert (problem.code, 'Node "8"' in problem.message) == ("not_a_workflow", True)


def test_notes_beside_the_nodes_are_passed_over() -> None:
    noted = {"_meta": {"author": "me"}, **text_to_image(), "version": 1, "#": "a note"}
    assert Workflow.parse(noted).nodes == text_to_image()


def test_a_request_to_a_host_of_workflows_is_unwrapped() -> None:
    assert Workflow.parse({"input": {"workflow": text_to_image()}}).nodes == text_to_image()


def test_an_abyss_is_refused() -> None:
    data: JsonObject = {"1": node("X")}
    wrapped = data
    for _ in range(100_000):
        wrapped = {"prompt": wrapped}
    data["1"]["inputs"] = wrapped
    assert fault(data).code == fault(wrapped).code == "not_a_workflow"


def test_the_deepest_graph_that_is_read_can_be_written_into() -> None:
    deep: Any = 1
    for _ in range(MAX_GRAPH_DEPTH - 4):
        deep = [deep]
    graph = text_to_image(extra=node("X", deep=deep))
    assert Workflow.parse(graph).for_seed(5).nodes["extra"] == graph["extra"]


@pytest.mark.parametrize("inputs", [None, [], "text", 5])
def test_a_node_without_proper_inputs_is_left_alone(inputs: object) -> None:
    odd = {"class_type": "SaveImage", "inputs": inputs}
    bare = {"class_type": "KSampler"}
    workflow = Workflow.parse(text_to_image(odd=odd, bare=bare))
    written = filled_in(workflow, EVERYTHING).for_seed(5).saving_to("x").nodes
    assert (written["odd"], written["bare"]) == (odd, bare)


def test_everything_that_is_given_is_written_and_nothing_else() -> None:
    before = text_to_image()
    after = filled_in(Workflow.parse(before), EVERYTHING).for_seed(42).nodes
    assert changed(before, after) == {
        "good.text": "a red fox",
        "bad.text": "low quality",
        "checkpoint.ckpt_name": "other.safetensors",
        "sampler.seed": 42,
        "sampler.steps": 30,
        "sampler.cfg": 5.5,
        "sampler.sampler_name": "dpmpp_2m",
        "sampler.scheduler": "karras",
        "latent.width": 768,
        "latent.height": 640,
        "latent.batch_size": 1,
    }


def test_what_is_not_given_stays_as_the_workflow_has_it() -> None:
    before = text_to_image()
    assert changed(before, given_to(before, prompt="a red fox")) == {
        "good.text": "a red fox",
        "latent.batch_size": 1,
    }


def test_an_empty_negative_prompt_is_given_none_is_not() -> None:
    before = text_to_image()
    assert given_to(before, negativePrompt="")["bad"]["inputs"]["text"] == ""
    assert given_to(before, negativePrompt=None)["bad"] == before["bad"]


@pytest.mark.parametrize("shape", [text_to_image, base_and_refiner, flux, sd3])
def test_a_graph_that_was_handed_in_is_never_changed(shape: Any) -> None:
    graph = shape()
    workflow = Workflow.parse(graph)
    filled_in(workflow, EVERYTHING).for_seed(5).saving_to("x")
    assert graph == workflow.nodes == shape()


def test_every_place_of_a_role_is_written() -> None:
    before = base_and_refiner()
    after = Workflow.parse(before).for_seed(9).nodes
    assert changed(before, after) == {"first.noise_seed": 9, "second.noise_seed": 9}
    texts = changed(before, given_to(before, prompt="a fox", negativePrompt="fog"))
    assert texts == {
        **dict.fromkeys(["10.text_g", "10.text_l", "12.text"], "a fox"),
        **dict.fromkeys(["11.text_g", "11.text_l", "13.text"], "fog"),
    }


def test_pictures_are_saved_on_the_server_under_a_prefix() -> None:
    graph = text_to_image(copy=node("SaveImage", images=["decode", 0], filename_prefix="copy"))
    assert changed(graph, Workflow.parse(graph).saving_to("BatchGen/7").nodes) == {
        "save.filename_prefix": "BatchGen/7",
        "copy.filename_prefix": "BatchGen/7",
    }


def test_what_was_written_can_be_read_back() -> None:
    request = EVERYTHING
    for graph in (text_to_image(), base_and_refiner(), sd3()):
        assert filled_in(Workflow.parse(graph), request).parameters() == Parameters(
            model=request.model,
            negative_prompt=request.negative_prompt,
            **dict(request.base_parameters),
        )
    read = filled_in(Workflow.parse(flux()), request).parameters()
    assert (read.model, read.width, read.scheduler) == ("other.safetensors", 768, "karras")
    assert (read.cfg, read.negative_prompt) == (None, None)


def test_numbers_beyond_any_sampler_are_no_settings() -> None:
    graph = text_to_image(sampler=sampler(cfg=10**400, steps=True, seed=2**64 - 1))
    workflow = Workflow.parse(graph)
    assert workflow.parameters().cfg is workflow.parameters().steps is None
    assert workflow.for_seed(42).nodes["sampler"]["inputs"]["seed"] == 42


def test_what_a_graph_cannot_take_is_named() -> None:
    empty = {
        "1": node("EmptyImage", width=64, height=64, batch_size=1, color=0),
        "2": node("SaveImage", images=["1", 0], filename_prefix="x"),
    }
    missing = Workflow.parse(empty).without_place(EVERYTHING)
    assert missing == [
        "prompt", "seed", "negative prompt", "model", "steps", "CFG", "sampler", "scheduler",
    ]  # fmt: skip
    assert Workflow.parse(text_to_image()).without_place(EVERYTHING) == []
    assert Workflow.parse(flux()).without_place(EVERYTHING) == ["negative prompt", "CFG"]
    assert Workflow.parse(flux()).without_place(asked()) == []


def test_the_bundled_workflow_takes_everything() -> None:
    bundled = Workflow.parse(json.loads(BUNDLED.read_text(encoding="utf-8")))
    before = deepcopy(bundled.nodes)
    assert bundled.without_place(EVERYTHING) == []
    after = filled_in(bundled, EVERYTHING).for_seed(42).saving_to("BatchGen/7").nodes
    assert len(changed(before, after)) == 11
    assert filled_in(bundled, EVERYTHING).parameters().model == "other.safetensors"
