"""Subgraphs are unfolded where a node stands for them; its values are those of widgets inside."""

from typing import Any

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.editor import node_types_in, to_api
from tests.workflows.editor.documents import (
    ENTRANCE,
    Drawn,
    box,
    document,
    drawn,
    sampler,
    text_to_image,
)
from tests.workflows.editor.infos import converted, inputs

SAMPLING = "5b0e7e0c-sampling"
OUTER = "9d1f1c52-outer"
LINKED: JsonObject = {
    "model": (4, 0),
    "positive": (6, 0),
    "negative": (7, 0),
    "latent_image": (5, 0),
}
ENTERING: JsonObject = {name: (ENTRANCE, slot) for slot, name in enumerate(LINKED)}


def sampling() -> Drawn:
    """A subgraph around a sampler, with its seed and steps at the outside."""
    inside = sampler(30, **ENTERING, steps=(ENTRANCE, 4), seed=(ENTRANCE, 5))
    return drawn(inside, inputs=(*LINKED, "steps", "seed"), outputs=(("LATENT", (30, 0)),))


def host(values: list[Any] | None, kind: str = SAMPLING, **more: Any) -> JsonObject:
    """The node that stands for it."""
    linked = {**LINKED, "steps": None, "seed": None, **more}
    return box(3, kind, values, outputs=["LATENT"], **linked)


def file(node: JsonObject, *others: JsonObject, **subgraphs: Drawn) -> JsonObject:
    """The smallest graph with ``node`` for its sampler; ``outer`` is another subgraph."""
    named = {SAMPLING: subgraphs.get("sampling") or sampling()}
    if "outer" in subgraphs:
        named[OUTER] = subgraphs["outer"]
    return document(*text_to_image(sampler=node), *others, subgraphs=named)


def test_the_nodes_inside_have_the_id_of_their_host_before_their_own() -> None:
    graph = converted(file(host([])))
    assert set(graph) == {"3:30", "4", "5", "6", "7", "8", "9"}
    assert graph["3:30"]["inputs"]["model"] == ["4", 0]
    assert graph["8"]["inputs"]["samples"] == ["3:30", 0]


def test_only_the_types_of_real_nodes_are_asked_for() -> None:
    assert SAMPLING not in node_types_in(file(host([])))
    assert "KSampler" in node_types_in(file(host([])))


@pytest.mark.parametrize(
    ("values", "steps", "seed"), [([], 20, 42), ([11, 777], 11, 777), ([11, None], 11, 42)]
)
def test_a_host_has_values_for_the_widgets_inside(values: list[Any], steps: int, seed: int) -> None:
    found = inputs(file(host(values)), "3:30")
    assert (found["steps"], found["seed"], found["cfg"]) == (steps, seed, 7.5)


def test_values_with_names_are_found_by_them() -> None:
    node = host([777, 11])
    node["widgets_values_named"] = {"seed": 777, "steps": 11}
    found = inputs(file(node), "3:30")
    assert (found["steps"], found["seed"]) == (11, 777)


@pytest.mark.parametrize(
    ("shown", "values", "expected"),
    [
        ([["-1", "seed"], ["-1", "steps"]], [777, 11], (11, 777, 7.5)),
        ([["30", "cfg"], ["30", "$$preview"], ["30", "seed"]], [4.5, 777], (20, 777, 4.5)),
        ([["30", "cfg"], ["30", "seed"]], [], (20, 42, 7.5)),
    ],
)
def test_older_hosts_list_the_widgets_that_they_show(
    shown: list[Any], values: list[Any], expected: tuple[Any, ...]
) -> None:
    inside = sampler(30, **ENTERING)
    graph = drawn(inside, inputs=tuple(LINKED), outputs=(("LATENT", (30, 0)),))
    subgraph = sampling() if shown[0][0] == "-1" else graph
    node = host(values, properties={"proxyWidgets": shown})
    found = inputs(file(node, sampling=subgraph), "3:30")
    assert (found["steps"], found["seed"], found["cfg"]) == expected


def test_what_is_linked_to_a_host_is_linked_inside() -> None:
    number = box(20, "PrimitiveInt", [33, "fixed"], outputs=["INT"])
    assert inputs(file(host([11, 777], steps=(20, 0)), number), "3:30")["steps"] == ["20", 0]


def test_one_value_of_a_host_is_for_all_inputs_that_it_leads_to() -> None:
    shown = box(31, "PreviewAny", [], types={"source": "*"}, source=(ENTRANCE, 4))
    extra = drawn(
        sampler(30, **ENTERING, steps=(ENTRANCE, 4), seed=(ENTRANCE, 5)),
        shown,
        inputs=(*LINKED, "steps", "seed"),
        outputs=(("LATENT", (30, 0)),),
    )
    for values, steps in (([], 20), ([11], 11)):
        graph = converted(file(host(values), sampling=extra))
        assert graph["3:30"]["inputs"]["steps"] == steps
        assert graph["3:31"]["inputs"]["source"] == steps


def nested(mode: int = 0) -> Drawn:
    inside = box(
        40,
        SAMPLING,
        [5, 6],
        outputs=["LATENT"],
        mode=mode,
        **{**ENTERING, "steps": (ENTRANCE, 4), "seed": None},
    )
    return drawn(inside, inputs=(*LINKED, "steps"), outputs=(("LATENT", (40, 0)),))


def test_subgraphs_within_subgraphs() -> None:
    outer = box(3, OUTER, [8], outputs=["LATENT"], **LINKED, steps=None)
    graph = converted(file(outer, outer=nested()))
    assert graph["8"]["inputs"]["samples"] == ["3:40:30", 0]
    found = graph["3:40:30"]["inputs"]
    assert (found["steps"], found["seed"], found["latent_image"]) == (8, 6, ["5", 0])


def test_a_bypassed_host_passes_on_what_comes_in() -> None:
    graph = converted(file(host([1, 2], mode=4)))
    assert "3:30" not in graph
    assert graph["8"]["inputs"]["samples"] == ["5", 0]
    inside = converted(file(box(3, OUTER, [8], outputs=["LATENT"], **LINKED, steps=None),
                            outer=nested(mode=4)))  # fmt: skip
    assert inside["8"]["inputs"]["samples"] == ["5", 0]


def test_of_a_muted_host_nothing_runs() -> None:
    graph = converted(file(host([1, 2], mode=2)))
    assert "3:30" not in graph
    assert "samples" not in graph["8"]["inputs"]


def test_two_hosts_of_one_subgraph_are_two() -> None:
    second = {**host([12, 2]), "id": 13}
    graph = converted(file(host([11, 1]), second))
    assert graph["3:30"]["inputs"]["seed"] == 1
    assert graph["13:30"]["inputs"]["seed"] == 2


def test_a_subgraph_that_contains_itself_is_refused() -> None:
    itself = drawn(box(40, OUTER, [], title="Again"))
    with pytest.raises(InvalidRequest, match=r'"Again".*contains itself'):
        converted(document(box(3, OUTER, []), subgraphs={OUTER: itself}))


def test_a_missing_node_inside_is_named_with_the_way_to_it() -> None:
    strange = drawn(box(40, "Strange", [1]))
    with pytest.raises(InvalidRequest, match=r"Strange \(node 3:40\)"):
        to_api(document(box(3, OUTER, []), subgraphs={OUTER: strange}), {"Strange": {}})
