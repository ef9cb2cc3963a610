"""Links that lead nowhere, beyond those that tests/contract/test_links.py shows to a server: what
is not known of a node type speaks for the graph.
"""

from typing import Any

import pytest

from batchgen_app.comfy.validation import require_runnable
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject
from tests.workflows.graphs import node

Told = dict[str, Any]
OWN: Told = {
    "input": {"required": {"image": ["IMAGE"]}, "hidden": {"prompt": "PROMPT"}},
    "output": ["IMAGE"],
    "output_node": False,
    "python_module": "nodes",
}
SERVER: dict[str, Told | None] = {
    "Empty": {**OWN, "input": {"required": {}}},
    "Own": OWN,
    "Custom": {**OWN, "python_module": "custom_nodes.some"},
    "Grown": {**OWN, "input": {"required": {"images": ["COMFY_AUTOGROW_V3", {}]}}},
    "Untold": None,
    "Save": {**OWN, "output": [], "output_node": True},
}


def refusal(graph: JsonObject) -> str:
    """The code and the message; empty if the graph may run."""
    try:
        require_runnable(graph, SERVER)
    except InvalidRequest as error:
        (problem,) = error.problems
        return f"{problem.code}: {problem.message}"
    return ""


def ending_in_save(**nodes: JsonObject) -> JsonObject:
    return {"e": node("Empty"), **nodes, "save": node("Save", image=["x", 0])}


@pytest.mark.parametrize(
    "nodes",
    [
        {"x": node("Own", image=["custom", 5]), "custom": node("Custom", image=["e", 0])},
        {"x": node("Own", image=["untold", 5]), "untold": node("Untold")},
        {"x": node("Untold", image=["gone", 0], other=["x", 0], third=[1])},
        {"x": node("Own", image=["e", 0], curve=[0, 1], colours=["a", "b"], numbers=["9"])},
        {"x": node("Own", image=["e", 0], left_over=["e", 7])},
        {"x": node("Grown", **{"images.image0": ["e", 0], "images.image1": ["e", True]})},
    ],
    ids=[
        "an output more than a custom node tells",
        "an output of what cannot be asked about",
        "links of what cannot be asked about",
        "lists that are values",
        "an output that no input reads",
        "inputs that grow",
    ],
)
def test_what_is_not_known_to_fail_is_left_to_the_server(nodes: JsonObject) -> None:
    assert refusal(ending_in_save(**nodes)) == ""


@pytest.mark.parametrize("name", ["left_over", "prompt", "images.image1"])
def test_a_node_that_is_missing_where_no_input_is_known_would_end_the_server_s_work(
    name: str,
) -> None:
    """ComfyUI 0.33 takes such a graph and never works again, whatever other outputs there are."""
    nodes = {"x": node("Own", image=["e", 0]), "y": node("Own", image=["e", 0], **{name: ["9", 0]})}
    assert refusal(ending_in_save(**nodes)) == ""  # nothing needs it
    graph = ending_in_save(**nodes, other=node("Save", image=["y", 0]))
    assert refusal(graph).startswith(f'broken_link: Own (node y) is linked at "{name}" to node 9')


def test_a_circle_through_an_input_that_no_type_knows_is_one() -> None:
    nodes = {
        "x": node("Own", image=["y", 0]),
        "y": node("Own", image=["e", 0], left_over=["x", 0]),
    }
    assert refusal(ending_in_save(**nodes)).startswith("cycle: These nodes wait for each other")


def test_a_long_circle_is_told_by_its_beginning() -> None:
    ring = {f"{i}": node("Own", image=[f"{(i + 1) % 900}", 0]) for i in range(900)}
    said = refusal(ending_in_save(**ring, x=node("Own", image=["0", 0])))
    assert said.count("→") == 5
    assert "…" in said


def test_links_and_models_that_fail_are_told_together() -> None:
    graph = ending_in_save(x=node("Own", image=["9", 0]), y=node("Own", image=["y", 0]))
    graph["save2"] = node("Save", image=["y", 0])
    assert [line.partition(" is ")[0] for line in refusal(graph).splitlines()] == [
        "cycle: Own (node y)",
        "Own (node x)",
    ]


def test_a_huge_tangle_is_judged_in_a_moment() -> None:
    """Each node is gone through once, however many circles there are."""
    ring = {f"{i}": node("Own", image=[f"{i}", 0]) for i in range(10_000)}
    saves = {f"s{i}": node("Save", image=[f"{i}", 0]) for i in range(10_000)}
    assert refusal({**ring, **saves}).startswith("cycle: Own (node 0) is linked to itself")
