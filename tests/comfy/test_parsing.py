"""Every recorded message becomes the right data, and nothing that is sent breaks the parser."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchgen_app.comfy import messages as m
from batchgen_app.comfy.json_text import MOST_ITEMS
from batchgen_app.comfy.parsing import parse_binary, parse_text
from batchgen_app.core.json_values import LONGEST_TEXT
from tests.comfy.recorded import TRANSCRIPTS, frames

JPEG = b"\xff\xd8\xff"


def _node(node_id: str, state: dict[str, Any]) -> m.NodeProgress:
    return m.NodeProgress(node_id, state["value"], state["max"], state["state"])


MEANINGS: dict[str, Callable[[dict[str, Any]], m.Message]] = {
    "status": lambda d: m.Status(d["status"]["exec_info"]["queue_remaining"], d.get("sid")),
    "feature_flags": m.FeatureFlags,
    "execution_start": lambda d: m.ExecutionStarted(d["prompt_id"]),
    "execution_cached": lambda d: m.ExecutionCached(d["prompt_id"], tuple(d["nodes"])),
    "executing": lambda d: (
        m.PromptEnded(d["prompt_id"])
        if d["node"] is None
        else m.Executing(d.get("prompt_id"), d["node"])
    ),
    "progress": lambda d: m.Progress(d["prompt_id"], d["node"], d["value"], d["max"]),
    "progress_state": lambda d: m.ProgressState(
        d["prompt_id"], tuple(_node(*item) for item in d["nodes"].items())
    ),
    "executed": lambda d: m.NodeExecuted(d["prompt_id"], d["node"], d["output"] or {}),
    "execution_success": lambda d: m.ExecutionSucceeded(d["prompt_id"]),
    "execution_interrupted": lambda d: m.ExecutionInterrupted(d["prompt_id"]),
}
"""What each type says, read straight from the table of PROTOCOL.md, section 3."""
KINDS = [*MEANINGS, "execution_error"]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_every_recorded_text_message_is_understood(path: Path) -> None:
    for _, frame, meaning in frames(path.name):
        if isinstance(frame, str) and meaning["type"] != "execution_error":
            assert parse_text(frame) == MEANINGS[meaning["type"]](meaning["data"])


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_every_recorded_binary_frame_is_understood(path: Path) -> None:
    for _, frame, meaning in frames(path.name):
        if isinstance(frame, bytes):
            assert_means(parse_binary(frame), frame, meaning)


def assert_means(message: m.Message | None, frame: bytes, meaning: dict[str, Any]) -> None:
    if meaning["event_type"] == 3:
        assert message == m.ProgressText(meaning["node_id"], meaning["text"])
        return
    about = meaning.get("metadata", {})
    formats = {1: "image/jpeg", 2: "image/png"}
    content_type = about.get("image_type") or formats[meaning["image_format"]]
    picture = frame[meaning["payload_offset"] :]
    assert len(picture) == meaning["payload_len"]
    assert message == m.Preview(about.get("prompt_id"), about.get("node_id"), content_type, picture)


def test_a_recorded_failure_keeps_message_traceback_and_inputs() -> None:
    said = [f for f in frames("e_execution") if f.meaning.get("type") == "execution_error"]
    assert len(said) == 5
    for _, frame, meaning in said:
        data, message = meaning["data"], parse_text(str(frame))
        assert isinstance(message, m.ExecutionErrored)
        assert (message.prompt_id, message.node_id) == (data["prompt_id"], data["node_id"])
        assert message.node_type == data["node_type"]
        assert message.message == data["exception_message"].strip()
        assert message.details["traceback"] == data["traceback"]
        assert message.details["current_inputs"] == data["current_inputs"]


def test_the_details_of_a_failure_stay_small_enough_to_keep() -> None:
    endless = {"a": "x" * 10**6, "b": [1] * 10**5, "c": float("nan")}
    data = {"prompt_id": "p", "node_id": "1", "node_type": "N", "current_inputs": endless}
    message = parse_text(json.dumps({"type": "execution_error", "data": data}))
    assert isinstance(message, m.ExecutionErrored)
    kept = message.details["current_inputs"]
    assert len(kept["a"]) <= LONGEST_TEXT + 2
    assert len(kept["b"]) == MOST_ITEMS
    assert kept["c"] == "nan"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "null",
        '{"type": "progress"}',
        '{"type": ["status"], "data": {}}',
        '{"type": "crystools.monitor", "data": {"cpu": 3}}',
        '{"type": "progress", "data": {"prompt_id": "p", "node": "1", "value": NaN, "max": 4}}',
        '{"type": "progress", "data": {"prompt_id": "p", "node": "1", "value": true, "max": 4}}',
        '{"type": "executing", "data": {"node": null}}',
        '{"type": "status", "data": {"status": null}}',
        "[" * 100_000,
    ],
    ids=lambda text: text[:30],
)
def test_a_text_that_is_unknown_or_malformed_is_ignored(text: str) -> None:
    assert parse_text(text) is None


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\0\0\0\1",
        b"\0\0\0\1\0\0\0",
        b"\0\0\0\1\0\0\0\x09" + JPEG,
        b"\0\0\0\2\0\0\0\1" + JPEG,
        b"\0\0\0\3\0\0\0\xff7",
        b"\0\0\0\4\0\0\0\2{}" + JPEG,
        b"\0\0\0\4\0\0\0\2{" + JPEG,
        b"\0\0\0\4\xff\xff\xff\xff{}",
        b"\0\0\0\5\0\0\0\1" + JPEG,
    ],
)
def test_a_frame_that_is_unknown_or_malformed_is_ignored(frame: bytes) -> None:
    assert parse_binary(frame) is None


def test_half_a_character_does_not_survive() -> None:
    message = parse_text('{"type": "executing", "data": {"node": "a\\ud800", "prompt_id": "ü"}}')
    assert message == m.Executing("ü", "a?")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    "status exec_info queue_remaining sid prompt_id node nodes value max state output "
    "node_id node_type exception_message traceback current_inputs"
)
fields = st.sampled_from(FIELDS.split())
likely_data = st.recursive(
    anything, lambda inner: st.dictionaries(fields, inner, max_size=6), max_leaves=12
)


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    parse_text(text)


@given(st.sampled_from(KINDS), likely_data)
def test_no_data_of_a_known_type_breaks_the_parser(kind: str, data: object) -> None:
    message = parse_text(json.dumps({"type": kind, "data": data}))
    assert message is None or type(message).__module__ == m.__name__


@given(st.binary())
def test_no_frame_breaks_the_parser(frame: bytes) -> None:
    parse_binary(frame)


@given(st.integers(0, 5), st.integers(0, 40) | st.integers(0, 2**32 - 1), st.binary())
def test_no_frame_with_a_likely_head_breaks_the_parser(kind: int, size: int, rest: bytes) -> None:
    parse_binary(kind.to_bytes(4, "big") + size.to_bytes(4, "big") + rest)


@given(st.text(min_size=1), st.binary())
def test_a_preview_says_whose_it_is_and_gives_the_picture_untouched(node: str, jpeg: bytes) -> None:
    about = {"prompt_id": "p", "node_id": node, "image_type": "image/jpeg"}
    head = json.dumps(about).encode()
    frame = b"\0\0\0\4" + len(head).to_bytes(4, "big") + head + jpeg
    whose = node.encode("utf-8", "replace").decode()
    assert parse_binary(frame) == m.Preview("p", whose, "image/jpeg", jpeg)
