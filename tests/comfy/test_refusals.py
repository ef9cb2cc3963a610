"""Every recorded refusal, in words that a user can act on."""

import json
import re
from typing import Any

import pytest

from batchgen_app.comfy.refusals import MOST_COMPLAINTS, UNEXPLAINED, complaints, refusal
from tests.comfy.recorded import TRANSCRIPTS, answers

REFUSED = [
    (row["req_body"].get("prompt") or {}, row["resp"])
    for path in TRANSCRIPTS
    for row in answers(path.name, "POST /prompt")
    if row["status"] == 400 and "req_body" in row
]


def spoken(graph: Any, answer: object) -> str:
    return str(refusal(answer, graph if isinstance(graph, dict) else {}))


@pytest.mark.parametrize(("graph", "answer"), REFUSED)
def test_every_recorded_refusal_has_words_and_no_traceback(graph: Any, answer: Any) -> None:
    words = spoken(graph, answer)
    assert words.strip()
    assert "Traceback" not in words
    assert "execution.py" not in words
    assert "None" not in words


SPOKEN = f"""
ComfyUI refused the workflow: KSamplerNoSuch (node 3): Cannot execute because node \
KSamplerNoSuch does not exist.
CheckpointLoaderSimple (node 4) does not know the ckpt_name 'no-such.safetensors'. \
It has lab-sd15-a.safetensors, lab-sd15-b.safetensors.
KSampler (node 3) does not know the sampler_name 'nope'.
KSampler (node 3) needs the input 'seed', which is missing.
KSampler (node 3) refuses steps: Value 0 smaller than min of 1 (steps).
KSampler (node 3) has a wrong link at 'positive': positive, received_type(MODEL) mismatch \
input_type(CONDITIONING).
KSampler (node 3) is linked to a node or an output that does not exist ('99').
The workflow has no output. Add a Save Image node to it.
ComfyUI refused the workflow: No prompt provided.
{UNEXPLAINED}
"""


@pytest.mark.parametrize("words", SPOKEN.strip().split("\n"))
def test_the_words_say_what_to_change(words: str) -> None:
    assert words in "\n".join(spoken(graph, answer) for graph, answer in REFUSED).split("\n")


def test_the_whole_answer_is_kept_for_those_who_want_it() -> None:
    answer = {"error": {"type": "new", "message": "No."}, "node_errors": {}}
    assert refusal(answer, {}).details == answer


def test_the_title_of_a_node_is_its_name() -> None:
    graph = {"4": {"class_type": "LoadImage", "_meta": {"title": "The fox"}}}
    error = {"type": "custom_validation_failed", "message": "No file", "details": "fox.png"}
    found = complaints({"4": {"errors": [error]}}, graph)
    assert found == '"The fox" (LoadImage, node 4) refuses its inputs: No file (fox.png).'


MISSING = [
    {
        "type": "invalid_prompt",
        "message": "Cannot execute because node FoxDecode does not exist.",
        "details": "Node ID '#4'",
        "extra_info": {},
    },
    {
        "type": "missing_node_type",
        "message": "Node 'The fox' not found. The custom node may not be installed.",
        "details": "Node ID '#4'",
        "extra_info": {"node_id": "4", "class_type": "FoxDecode", "node_title": "The fox"},
    },
]


@pytest.mark.parametrize("error", MISSING, ids=["0.3.64", "0.33"])
def test_a_node_that_the_server_lacks_is_named_by_title_and_id(error: dict[str, Any]) -> None:
    graph = {"4": {"class_type": "FoxDecode", "_meta": {"title": "The fox"}}}
    found = spoken(graph, {"error": error, "node_errors": {}})
    assert '"The fox" (FoxDecode, node 4)' in found
    assert error["message"] in found


def test_each_node_of_a_circle_is_named() -> None:
    """As 0.33 tells it."""
    error = {
        "type": "dependency_cycle",
        "message": "Dependency cycle detected",
        "details": "1 -> 1",
    }
    told = {"1": {"errors": [error], "class_type": "ImageInvert"}}
    found = complaints(told, {"1": {"class_type": "ImageInvert"}})
    assert found == "ImageInvert (node 1) refuses its inputs: Dependency cycle detected (1 -> 1)."


def test_many_complaints_are_told_in_part() -> None:
    errors = [
        {"type": "required_input_missing", "extra_info": {"input_name": str(n)}} for n in range(9)
    ]
    lines = complaints({"1": {"errors": errors}}, {}).split("\n")
    assert len(lines) == MOST_COMPLAINTS + 1
    assert lines[-1] == "… and 4 more."


@pytest.mark.parametrize("answer", [None, [], {}, {"error": "no", "node_errors": {"1": None}}])
def test_a_refusal_without_a_reason_says_where_to_look(answer: object) -> None:
    assert spoken({}, answer) == UNEXPLAINED


@pytest.mark.parametrize("kind", ["value_not_in_list", "required_input_missing", "a newer word"])
def test_nul_and_control_characters_of_a_server_never_reach_a_text(kind: str) -> None:
    nasty = "\0one\x1b[31m\x07\x9b\r two"
    complaint = {
        "type": kind,
        "message": nasty,
        "details": nasty,
        "extra_info": {"input_name": nasty, "received_value": nasty, "input_config": [[nasty]]},
    }
    report = {"errors": [complaint], "class_type": nasty}
    told = refusal({"error": {}, "node_errors": {nasty: report}}, {})
    general = refusal({"error": {"type": "x", "message": nasty}}, {})
    for error in (told, general):
        assert str(error)
        assert all(char.isprintable() for char in str(error))
    assert not {"\\u0000", "\\u001b"} & set(re.findall(r"\\u00..", json.dumps(told.details)))
