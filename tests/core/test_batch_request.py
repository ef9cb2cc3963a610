"""What a request may say: every limit of FUN-BATCH-GEN and FAMILY with its field and words."""

import json
import math
import random
from typing import Any

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.limits import MAX_GRAPH_DEPTH
from batchgen_app.core.request import BatchRequest, SeedMode
from batchgen_app.core.seeds import MAX_SEED
from tests.core.asking import LEFT_OUT, asked, words

SEED_RANGE = "Seed must be a whole number between 0 and 9007199254740991, or -1 for a random one"
NOT_JSON = "The workflow must be a JSON object in API format"
SIDE = "must be between 64-4096 pixels in steps of 8"


def nested(levels: int) -> dict[str, Any]:
    graph: dict[str, Any] = {}
    for _ in range(levels - 1):
        graph = {"deeper": graph}
    return graph


def test_the_smallest_request_leaves_everything_else_to_the_workflow() -> None:
    request = asked()
    assert request.negative_prompt is None
    assert request.workflow is None
    assert set(request.base_parameters.to_json().values()) == {None}
    assert asked(baseParameters=None) == request


def test_a_request_reads_its_own_json_back() -> None:
    request = asked(
        negativePrompt="blurry",
        seedMode="incremental",
        baseSeed=7,
        workflow={"1": {"class_type": "KSampler", "inputs": {}}},
        baseParameters={"steps": 30, "cfg": 7, "samplerName": "euler", "scheduler": "karras"},
    )
    assert BatchRequest.parse(json.loads(json.dumps(request.to_json()))) == request
    assert "samplerName" in request.to_json()["baseParameters"]


@pytest.mark.parametrize("count", [2, 5, 20])
def test_batch_counts_within_the_limits(count: int) -> None:
    assert asked(batchCount=count).batch_count == count


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (1, "Minimum 2 images required for batch"),
        (0, "Minimum 2 images required for batch"),
        (-(10**400), "Minimum 2 images required for batch"),
        (21, "Maximum 20 images allowed per batch"),
        (10**400, "Maximum 20 images allowed per batch"),
        (5.0, "Batch count must be a whole number"),
        (True, "Batch count must be a whole number"),
        ("5", "Batch count must be a whole number"),
        (math.nan, "Batch count must be a whole number"),
        ([5], "Batch count must be a whole number"),
        (None, "Batch count must be a whole number"),
        (LEFT_OUT, "Batch count is required (2-20)"),
    ],
)
def test_other_batch_counts_are_refused(count: object, message: str) -> None:
    assert words(batchCount=count) == [("batchCount", message)]


@pytest.mark.parametrize("prompt", ["x", "x" * 500, "😀" * 500, " two\nlines\t", "ありがとう"])
def test_prompts_of_1_to_500_characters_are_kept_as_they_are(prompt: str) -> None:
    assert asked(prompt=prompt).prompt == prompt


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("", "Prompt cannot be empty"),
        (" \n\t\u3000", "Prompt cannot be empty"),
        (" " * 501, "Prompt cannot be empty"),
        (LEFT_OUT, "Prompt cannot be empty"),
        ("x" * 501, "Prompt exceeds 500 character limit"),
        ("😀" * 501, "Prompt exceeds 500 character limit"),
        ("a\0cat", "Prompt contains a character that cannot be stored"),
        ("a\x1bcat", "Prompt contains a character that cannot be stored"),
        ("half an emoji \ud83d", "Prompt contains a character that cannot be stored"),
        (5, "Prompt must be text"),
        (["a cat"], "Prompt must be text"),
        (None, "Prompt must be text"),
    ],
)
def test_other_prompts_are_refused(prompt: object, message: str) -> None:
    assert words(prompt=prompt) == [("prompt", message)]


def test_a_negative_prompt_may_be_empty_but_not_unstorable() -> None:
    assert not asked(negativePrompt="").negative_prompt
    problem = ("negativePrompt", "Negative prompt contains a character that cannot be stored")
    assert words(negativePrompt="\udfff") == words(negativePrompt="\0") == [problem]
    assert words(negativePrompt=3) == [("negativePrompt", "Negative prompt must be text")]


@pytest.mark.parametrize("mode", ["RANDOM", "", None, 1, ["random"], LEFT_OUT])
def test_there_are_two_seed_modes(mode: object) -> None:
    assert words(seedMode=mode) == [
        ("seedMode", 'Seed mode must be "random" or "incremental"'),
    ]


@pytest.mark.parametrize("seed", [-2, MAX_SEED + 1, 10**400, 1.0, True, "1", math.inf])
def test_a_base_seed_out_of_range_is_refused_in_either_mode(seed: object) -> None:
    assert words(baseSeed=seed) == [("baseSeed", SEED_RANGE)]
    assert words(baseSeed=seed, seedMode="incremental") == [("baseSeed", SEED_RANGE)]


def test_an_incremental_plan_may_end_at_the_largest_seed_but_not_pass_it() -> None:
    last = asked(seedMode="incremental", batchCount=20, baseSeed=MAX_SEED - 19)
    assert last.plan_seeds(random.Random(1))[-1] == MAX_SEED
    assert words(seedMode="incremental", batchCount=20, baseSeed=MAX_SEED - 18) == [
        ("baseSeed", f"The last seed would pass {MAX_SEED}: choose a smaller base seed")
    ]


def test_a_random_plan_does_not_care_about_the_base_seed() -> None:
    assert asked(seedMode="random", batchCount=20, baseSeed=MAX_SEED).base_seed == MAX_SEED


def test_seeds_can_be_given_one_for_each_image() -> None:
    given = asked(batchCount=3, seeds=[9, 0, MAX_SEED])
    assert given.plan_seeds(random.Random(1), avoid=(9,)) == (9, 0, MAX_SEED)
    assert BatchRequest.parse(json.loads(json.dumps(given.to_json()))) == given
    assert "seeds" not in asked(seeds=None).to_json()


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        ([1], "Give as many seeds as images"),
        ([1, 2, 3], "Give as many seeds as images"),
        ([], "Give as many seeds as images"),
        ([7, 7], "Give each seed once: the same one would make the same image again"),
        ([1, -1], "Seeds must be whole numbers between 0 and 9007199254740991"),
        ([1, MAX_SEED + 1], "Seeds must be whole numbers between 0 and 9007199254740991"),
        ([1, 2.0], "Seeds must be whole numbers between 0 and 9007199254740991"),
        ("1,2", "Seeds must be whole numbers between 0 and 9007199254740991"),
    ],
)
def test_seeds_that_are_no_plan_are_refused(seeds: object, message: str) -> None:
    assert words(seeds=seeds) == [("seeds", message)]


def test_seeds_are_given_instead_of_a_base_seed() -> None:
    both = {"seeds": [1, 2], "seedMode": "incremental"}
    assert words(**both, baseSeed=1) == [("seeds", "Give either seeds or a base seed")]
    assert asked(**both).seeds == [1, 2]


@pytest.mark.parametrize("model", ["", "  ", None, 5, "x" * 501, "a\0b", LEFT_OUT])
def test_a_model_must_be_selected(model: object) -> None:
    assert words(model=model) == [("model", "Please select a model")]


def test_a_workflow_names_its_own_model() -> None:
    workflow = {"1": {"class_type": "EmptyImage", "inputs": {}}}
    assert asked(model=LEFT_OUT, workflow=workflow).model is None
    assert asked(model=None, workflow=workflow).model is None


def test_a_broken_workflow_is_one_fault_not_a_missing_model_as_well() -> None:
    assert words(model=LEFT_OUT, workflow="none") == [("workflow", NOT_JSON)]


@pytest.mark.parametrize(
    "workflow",
    [
        "text",
        [],
        7,
        {1: {}},
        {"1": {"inputs": {"cfg": math.nan}}},
        {"1": {"inputs": {"cfg": -math.inf}}},
        {"1": {"inputs": {"text": "\ud800"}}},
        {"\udfff": {}},
        {"1": {"inputs": {1, 2}}},
        {"1": {"inputs": b"bytes"}},
        {"1": object()},
        nested(MAX_GRAPH_DEPTH + 1),
        nested(100_000),
    ],
)
def test_a_workflow_that_is_no_plain_json_is_refused(workflow: object) -> None:
    assert words(workflow=workflow) == [("workflow", NOT_JSON)]


def test_the_deepest_workflow_that_is_accepted_survives_the_log() -> None:
    request = asked(workflow=nested(MAX_GRAPH_DEPTH))
    assert BatchRequest.model_validate_json(json.dumps(request.to_json())) == request


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("steps", [1, 20, 150]),
        ("cfg", [1, 1.0, 7.25, 30, 30.0]),
        ("width", [64, 72, 1024, 4096]),
        ("height", [64, 512, 4096]),
        ("samplerName", ["euler"]),
        ("scheduler", ["normal"]),
    ],
)
def test_base_parameters_within_the_limits(name: str, accepted: list[object]) -> None:
    for value in [*accepted, None]:
        assert asked(baseParameters={name: value}).base_parameters.to_json()[name] == value


@pytest.mark.parametrize(
    ("name", "message", "values"),
    [
        ("steps", "Steps must be between 1-150", [0, 151, -1, 20.0, True, "20", [20], 10**400]),
        ("cfg", "CFG must be between 1.0-30.0", [0.99, 30.01, 0, 31, True, "7", 10**400]),
        ("cfg", "CFG must be between 1.0-30.0", [math.nan, math.inf, -math.inf]),
        ("width", f"Width {SIDE}", [0, 56, 65, 1023, 4104, 512.0, True, "512", []]),
        ("height", f"Height {SIDE}", [0, 56, 65, 1023, 4104, 512.0, True, "512", {}]),
        ("samplerName", "Sampler must be a name from the server's list", ["", " ", 3, "x" * 501]),
        ("scheduler", "Scheduler must be a name from the server's list", ["", "\t", 3, "\0"]),
    ],
)
def test_other_base_parameters_are_refused(name: str, message: str, values: list[object]) -> None:
    for value in values:
        assert words(baseParameters={name: value}) == [(f"baseParameters.{name}", message)]


@pytest.mark.parametrize("value", [[], "steps=20", 20])
def test_base_parameters_are_an_object(value: object) -> None:
    assert words(baseParameters=value) == [("baseParameters", "Base parameters must be an object")]


def test_the_two_seed_modes_have_the_names_of_the_specification() -> None:
    assert [mode.value for mode in SeedMode] == ["random", "incremental"]


def test_where_longer_prompts_are_allowed_their_limit_is_told() -> None:
    smallest = asked().to_json()
    long = BatchRequest.parse({**smallest, "prompt": "x" * 10_000}, prompt_limit=10_000)
    assert BatchRequest.model_validate(long.to_json(), by_alias=True) == long
    with pytest.raises(InvalidRequest, match="Prompt exceeds 10000 character limit"):
        BatchRequest.parse({**smallest, "prompt": "x" * 10_001}, prompt_limit=10_000)
