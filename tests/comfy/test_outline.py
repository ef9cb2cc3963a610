"""The outline of a JSON text: the same in whatever pieces it comes, small whatever lies deep."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchgen_app.comfy import json_text
from batchgen_app.comfy.json_text import Outline, TooMuch

DEPTH = 3
texts = st.text(alphabet='ab"\\[]{}, é\n', max_size=6)
values = st.recursive(
    st.none() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=30,
)


def outlined(text: bytes, size: int, depth: int = DEPTH) -> object:
    found = Outline(depth)
    for start in range(0, len(text), size):
        found.add(text[start : start + size])
    return found.value()


def emptied(value: Any, depth: int = DEPTH) -> Any:
    """The same, done by hand."""
    match value:
        case dict():
            return {key: emptied(item, depth - 1) for key, item in value.items()} if depth else {}
        case list():
            return [emptied(item, depth - 1) for item in value] if depth else []
    return value


@given(values, st.integers(1, 9), st.booleans())
def test_it_is_what_lies_above_whatever_pieces_it_comes_in(
    value: object, size: int, is_ascii: bool
) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii).encode()
    assert outlined(text, size) == emptied(value)


def test_a_queue_is_its_prompts() -> None:
    graph = {"1": {"class_type": "A", "inputs": {"text": 'a "quoted" ]} \\', "n": float("nan")}}}
    queue = {"queue_running": [[0, "r", graph, {}, ["1"]]], "queue_pending": [[1, "p", graph]]}
    assert outlined(json.dumps(queue).encode(), 7) == {
        "queue_running": [[0, "r", {}, {}, []]],
        "queue_pending": [[1, "p", {}]],
    }


def test_what_is_kept_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "LONGEST", 1000)
    with pytest.raises(TooMuch):
        outlined(json.dumps(["x" * 2000]).encode(), 100)
    assert outlined(json.dumps([[[[["x" * 2000]]]]]).encode(), 100) == [[[[]]]]


@pytest.mark.parametrize(
    "hostile",
    [
        b'["' + b"\\\\" * 100_000,
        b'["' + b"x" * 2 * 10**5,
        b"[" * 2 * 10**5,
        b'[[[["",' + b'"",' * 60_000,
    ],
    ids=["backslashes", "a text without end", "brackets", "texts"],
)
def test_hostile_texts_take_no_longer_than_others(hostile: bytes) -> None:
    began = time.monotonic()
    found = Outline(DEPTH)
    for start in range(0, len(hostile), 65_536):
        found.add(hostile[start : start + 65_536])
    assert time.monotonic() - began < 20
