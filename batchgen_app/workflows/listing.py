"""A graph as a list for people: what each node is called, and what goes in."""

import json
from dataclasses import dataclass

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import NodeGraph
from batchgen_app.workflows.node_types import inputs_of, node_title, node_type


@dataclass(frozen=True)
class ListedInput:
    """One input: its value as text, or the node that it comes from, by title and id."""

    name: str
    text: str = ""
    source: str = ""
    source_id: str = ""


@dataclass(frozen=True)
class ListedNode:
    """One node of a graph."""

    id: str
    title: str
    class_type: str
    inputs: tuple[ListedInput, ...]


def listed(nodes: JsonObject) -> list[ListedNode]:
    """In the order of the graph."""
    graph = NodeGraph(nodes)
    return [_node(graph, node_id) for node_id in graph]


def _node(graph: NodeGraph, node_id: str) -> ListedNode:
    nodes = graph.nodes
    given = inputs_of(nodes, node_id).items()
    inputs = tuple(_input(graph, node_id, name, value) for name, value in given)
    return ListedNode(node_id, node_title(nodes, node_id), node_type(nodes, node_id), inputs)


def _input(graph: NodeGraph, node_id: str, name: str, value: object) -> ListedInput:
    if link := graph.link(node_id, name):
        source = node_title(graph.nodes, link.node_id)
        return ListedInput(name, source=source, source_id=link.node_id)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return ListedInput(name, text)
