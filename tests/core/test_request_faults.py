"""What is said when a request is refused: every fault at once, by field, in words."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.language.message import english
from tests.core.asking import LEFT_OUT, SMALLEST, asked, fields, refused, words

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KNOWN = ["prompt", "batchCount", "seedMode", "baseSeed", "model", "workflow", "baseParameters"]


def faults_of(data: object) -> tuple[Problem, ...]:
    try:
        BatchRequest.parse(data)
    except InvalidRequest as refusal:
        return refusal.problems
    return ()


@pytest.mark.parametrize("name", ["batchSize", "batch_count", "PROMPT", ""])
def test_unknown_fields_are_refused_by_name(name: str) -> None:
    assert words(**{name: 4}) == [(name, f'Unknown field "{name}"')]


@pytest.mark.parametrize("name", ["sampler_name", "denoise"])
def test_unknown_fields_are_refused_inside_the_base_parameters_too(name: str) -> None:
    assert words(baseParameters={"steps": 20, name: 1}) == [
        (f"baseParameters.{name}", f'Unknown field "{name}"')
    ]


def test_python_names_do_not_stand_in_for_the_names_of_the_wire() -> None:
    assert [field for field, _ in words(batchCount=LEFT_OUT, batch_count=5)] == [
        "batchCount",
        "batch_count",
    ]


@pytest.mark.parametrize("data", [None, [], "a red fox", 5, True])
def test_a_request_is_an_object(data: object) -> None:
    assert refused(data) == [Problem("", "model_type", english("The input must be a JSON object"))]


def test_every_fault_is_told_at_once_one_per_field() -> None:
    faults = refused({
        "prompt": " " * 501,
        "batchCount": 1,
        "seedMode": "incremental",
        "baseSeed": MAX_SEED,
        "baseParameters": {"steps": 0, "cfg": 31, "width": 65},
        "speed": "fast",
    })  # fmt: skip
    assert [(fault.field, fault.message) for fault in faults] == [
        ("prompt", "Prompt cannot be empty"),
        ("batchCount", "Minimum 2 images required for batch"),
        ("model", "Please select a model"),
        ("baseParameters.steps", "Steps must be between 1-150"),
        ("baseParameters.cfg", "CFG must be between 1.0-30.0"),
        ("baseParameters.width", "Width must be between 64-4096 pixels in steps of 8"),
        ("speed", 'Unknown field "speed"'),
    ]


def test_faults_that_only_the_whole_shows_are_told_together() -> None:
    fields = [f for f, _ in words(model=None, seedMode="incremental", baseSeed=MAX_SEED)]
    assert fields == ["baseSeed", "model"]


def code(**changes: Any) -> str:
    return refused(fields(**changes))[0].code


def test_codes_are_stable_names() -> None:
    assert code(prompt="") == "blank"
    assert code(prompt="x" * 501) == "too_long"
    assert code(batchCount=1) == "greater_than_equal"
    assert code(batchCount=21) == "less_than_equal"
    assert code(model=None) == "missing"
    assert code(speed=1) == "unknown_field"


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(KNOWN) | st.text(max_size=5), JSON_VALUES, max_size=4)
    | JSON_VALUES
)
def test_whatever_is_sent_there_is_an_answer_in_words(data: object) -> None:
    merged = {**SMALLEST, **data} if isinstance(data, dict) else data
    assert all(problem.message for problem in faults_of(merged))


def test_a_name_that_no_encoding_can_hold_is_refused_too() -> None:
    assert refused(fields(**{"\ud800": 1}))[0].message == "The input must be a JSON object"


def test_a_request_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        asked().batch_count = 3  # type: ignore[misc]
