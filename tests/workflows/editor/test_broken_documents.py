"""Whatever is handed in: it is converted or refused, and that soon."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.editor import app_in, node_types_in, to_api
from tests.workflows.editor.documents import box, document, drawn, text_to_image
from tests.workflows.editor.infos import inputs, known

MANY = 50_000


def nest(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "nodes",
        {},
        {"nodes": {}},
        {"nodes": [1]},
        {"nodes": [{"id": 1}]},
        {"nodes": [{"id": [], "type": "KSampler"}]},
        {"nodes": [], "definitions": {"subgraphs": [1]}},
        {"nodes": [{"id": 1, "type": "A", "widgets_values": nest(100_000)}]},
        {"nodes": [{"id": n, "type": "Note"} for n in range(MANY)]},
        {"nodes": [{"id": 1, "type": "A", "inputs": [{}] * 2 * MANY}]},
    ],
)
def test_what_is_no_document_is_refused(data: object) -> None:
    for read in (node_types_in, lambda given: to_api(given, {})):
        with pytest.raises(InvalidRequest):
            read(data)


def test_a_file_in_which_nothing_runs_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="no node is active"):
        to_api(document(box(1, "Note", ["hello"]), box(2, "KSampler", [], mode=4)), {})


def test_subgraphs_that_multiply_are_refused() -> None:
    """Each has two of the next one: some lines of text, a million nodes."""
    names = [f"level{n}" for n in range(20)]
    levels = {name: drawn(box(1, below, []), box(2, below, [])) for name, below in pairwise(names)}
    last = {names[-1]: drawn(box(1, "KSampler", []))}
    with pytest.raises(InvalidRequest, match="more than"):
        to_api(document(box(1, names[0], []), subgraphs={**levels, **last}), {})


def test_a_long_way_of_reroutes_is_gone() -> None:
    ways = [box(100 + n, "Reroute", None, way=(99 + n, 0)) for n in range(1, 1_000)]
    first = box(100, "Reroute", None, way=(4, 0))
    ends = [box(2_000 + n, "Paint", ["red", True], image=(1_099, 0)) for n in range(900)]
    file = document(*text_to_image(), first, *ways, *ends)
    assert inputs(file, 2_899)["image"] == ["4", 0]


def test_subgraphs_within_subgraphs_as_deep_as_there_may_be_nodes() -> None:
    names = [f"level{n}" for n in range(1_900)]
    levels = {name: drawn(box(1, below, [])) for name, below in pairwise(names)}
    last = {names[-1]: drawn(box(1, "SaveAs", []))}
    graph = to_api(
        document(box(1, names[0], []), subgraphs={**levels, **last}), {"SaveAs": known()["SaveAs"]}
    )
    assert len(graph) == 1


@pytest.mark.parametrize("typed", ["/*" * MANY, "{" * MANY, "/" * MANY + "*/", "{a|" * MANY])
def test_a_prompt_of_nothing_but_brackets(typed: str) -> None:
    prompt = box(6, "CLIPTextEncode", [typed], clip=(4, 1))
    assert isinstance(inputs(document(*text_to_image(good=prompt)), 6)["text"], str)


odd = st.recursive(
    st.none() | st.booleans() | st.integers(-30, 40) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
odd_kinds = st.sampled_from(["INT", "COMFY_DYNAMICCOMBO_V3", "COMFY_AUTOGROW_V3"])
odd_names = st.sampled_from(["options", "template", "min", "default", "widgetType"])
odd_infos = st.dictionaries(
    st.sampled_from(["input", "input_order", "display_name"]),
    st.dictionaries(
        st.sampled_from(["required", "optional"]),
        st.dictionaries(
            st.sampled_from(["steps", "seed", "model", "text"]),
            odd | st.tuples(odd_kinds, st.dictionaries(odd_names, odd)).map(list),
        ) | odd,
    ) | odd,
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> JsonObject:
    """A document with a subgraph, in which something else stands somewhere."""
    inside = drawn(
        box(7, "KSampler", [1, "fixed", 2], steps=(-10, 0), model=(-10, 1)),
        inputs=("steps", "model"),
        outputs=(("LATENT", (7, 0)),),
    )
    shown = {"linearData": {"inputs": [["3", "steps"], [6, "text"]]}}
    host = box(3, "sub", [5], outputs=["LATENT"], steps=None, model=(4, 0))
    file = document(*text_to_image(sampler=host), extra=shown, subgraphs={"sub": inside})
    for _ in range(draw(st.integers(1, 3))):
        at: Any = file
        while isinstance(at, dict | list) and at:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            key = draw(st.sampled_from(keys))
            if not isinstance(at[key], dict | list) or not at[key] or draw(st.integers(0, 5)) == 0:
                at[key] = draw(odd)
                break
            at = at[key]
    return file


@given(damaged(), st.dictionaries(st.sampled_from(["KSampler", "SaveImage"]), odd_infos))
@settings(max_examples=300, deadline=None)
def test_damaged_documents_are_converted_or_refused(file: JsonObject, told: JsonObject) -> None:
    try:
        graph = to_api(file, {**known(), **told})
        app_in(file)
        node_types_in(file)
    except InvalidRequest:
        return
    for node in graph.values():
        assert isinstance(node["class_type"], str)
        assert None not in node["inputs"].values()
