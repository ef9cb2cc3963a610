"""Bodies are read strictly: what two readers would understand differently is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchgen_app.api.requests import read_object
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-(10**299) + 1, 10**300 - 1) | st.floats(
    allow_nan=False, allow_infinity=False
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(texts, values, max_size=4), st.booleans())
def test_every_object_is_read_as_it_was_written(written: JsonObject, ascii_only: bool) -> None:
    assert read_object(json.dumps(written, ensure_ascii=ascii_only).encode()) == written


@given(st.binary() | texts.map(str.encode) | values.map(lambda value: json.dumps(value).encode()))
def test_anything_else_is_bad_input(body: bytes) -> None:
    try:
        assert isinstance(read_object(body), dict)
    except InvalidRequest as refusal:
        (problem,) = refusal.problems
        assert problem.field == ""
        assert problem.message.startswith("The input must be a JSON object")
        problem.message.encode()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", ": Expecting value (line 1, column 1)"),
        (b"[1]", ""),
        (b'{"a": 1, "b": 2, "a": 1}', ": 'a' is there twice"),
        (b'{"b": {"\xc3\xbc": 1, "\xc3\xbc": 2}}', ": '\\xfc' is there twice"),
        (b'{"a": NaN}', ": NaN is not JSON"),
        (b'{"a": 1e400}', ": a number is too large"),
        (b'{"a": -' + b"9" * 301 + b"}", ": a number is too large"),
        (b'{"a": "\\ud83e"}', ": it is not UTF-8"),
        (b'{"a": "\xff"}', ": it is not UTF-8"),
        (b'{"a":' * 9999, ": it is nested too deeply"),
    ],
)
def test_the_reason_is_told(body: bytes, why: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        read_object(body)
    assert str(refusal.value) == f"The input must be a JSON object{why}"
