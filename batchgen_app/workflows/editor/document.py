"""What stands in a file of ComfyUI's editor: its graph, of nodes and links, and those of subgraphs.

Ids are numbers or texts there; here they are texts. What only says how a node looks is not read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from itertools import count
from typing import Any

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.json_values import object_or_empty
from batchgen_app.core.limits import MAX_GRAPH_DEPTH, MAX_GRAPH_NODES, MAX_GRAPH_VALUES
from batchgen_app.core.wire import JsonObject, is_deeper
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.editor.words import NOT_READABLE, TOO_MANY_NODES
from batchgen_app.workflows.node_types import node_label

ANYTHING = "*"
"""The type of what takes, or may be, every type."""
NOTES = frozenset({"Note", "MarkdownNote", "Label (rgthree)", "Bookmark (rgthree)"})
SWITCHES = frozenset({
    "Fast Groups Muter (rgthree)", "Fast Groups Bypasser (rgthree)", "Fast Muter (rgthree)",
    "Fast Bypasser (rgthree)", "Fast Actions Button (rgthree)", "Mute / Bypass Relay (rgthree)",
    "Mute / Bypass Repeater (rgthree)", "Random Unmuter (rgthree)",
})  # fmt: skip
"""Nodes that only change the mode of others, in the editor."""
REROUTES = frozenset({"Reroute", "Reroute (rgthree)"})
PRIMITIVE = "PrimitiveNode"
SETTERS = frozenset({"SetNode", "easy setNode"})
GETTERS = frozenset({"GetNode", "easy getNode"})
EDITOR_ONLY = NOTES | SWITCHES | REROUTES | SETTERS | GETTERS | {PRIMITIVE}
"""Node types that no server has: the editor's page, or an extension of it, does what they do."""


OLD_GROUPS = ("workflow>", "workflow/")
"""How the types of nodes begin that stand for a group, before there were subgraphs."""


class Mode(IntEnum):
    """The modes of a node that say more than that it runs."""

    MUTED = 2
    BYPASSED = 4


@dataclass(frozen=True)
class Wire:
    """From an output to an input; the boxes at the sides of a subgraph have ids, too."""

    origin: str
    slot: int


@dataclass(frozen=True)
class Socket:
    """An input as the file has it; ``widget`` if it can also be typed."""

    name: str
    type: str
    link: str | None = None
    is_widget: bool = False


@dataclass(frozen=True)
class EditorNode:
    """One box of the editor."""

    id: str
    type: str
    mode: int
    title: str
    inputs: tuple[Socket, ...]
    outputs: tuple[str, ...]
    values: list[Any] | JsonObject
    proxies: tuple[tuple[str, str], ...]

    @property
    def first_value(self) -> Any:
        """Of a primitive, what it gives; of those that pass a link on unseen, their name."""
        values = self.values if isinstance(self.values, list) else self.values.values()
        return next(iter(values), None)

    @property
    def is_off(self) -> bool:
        """Whether it does nothing itself: muted, or bypassed."""
        return self.mode in (Mode.MUTED, Mode.BYPASSED)

    def label(self, path: str = "") -> str:
        """For people: its title, its type and its id."""
        node_id = path + self.id
        node = {"class_type": self.type, "_meta": {"title": self.title}}
        return node_label({node_id: node}, node_id)


@dataclass(frozen=True)
class Graph:
    """The nodes of the document or of a subgraph; ``inputs`` and ``outputs`` only has the latter,
    its outputs with the links that lead to them.
    """

    nodes: Mapping[str, EditorNode]
    wires: Mapping[str, Wire]
    inputs: tuple[Socket, ...] = ()
    outputs: tuple[str | None, ...] = ()
    entrance: str = ""

    @cached_property
    def input_names(self) -> list[str]:
        """Of a subgraph."""
        return [socket.name for socket in self.inputs]

    @cached_property
    def entering(self) -> Mapping[int, list[tuple[EditorNode, Socket]]]:
        """The inputs of nodes that each input of the subgraph feeds, of those that are widgets."""
        found: dict[int, list[tuple[EditorNode, Socket]]] = defaultdict(list)
        for node in self.nodes.values():
            for socket in filter(lambda socket: socket.is_widget, node.inputs):
                wire = self.wires.get(socket.link or "")
                if wire and wire.origin == self.entrance:
                    found[wire.slot].append((node, socket))
        return found


@dataclass(frozen=True)
class Document:
    """A whole file: its own graph, and the subgraphs by the type of the nodes in their place."""

    root: Graph
    subgraphs: Mapping[str, Graph] = field(default_factory=dict)

    def runs(self, node: EditorNode) -> bool:
        """Whether the server is to have it."""
        return not (node.is_off or node.type in EDITOR_ONLY or node.type in self.subgraphs)

    def used(self) -> Iterator[Graph]:
        """Its graph, and all subgraphs that something active in it leads to, each once."""
        seen = dict[str, None]()
        for graph in (waiting := [self.root]):
            yield graph
            for node in graph.nodes.values():
                if node.type in self.subgraphs and not node.is_off and node.type not in seen:
                    seen[node.type] = None
                    waiting.append(self.subgraphs[node.type])


def read(data: object) -> Document:
    """Raises InvalidRequest where it is not one, or too large."""
    if not isinstance(data, dict) or not isinstance(data.get("nodes"), list):
        raise _unreadable("nodes")
    definitions = _list(object_or_empty(data.get("definitions")).get("subgraphs"))
    _check_size([data, *definitions])
    if is_deeper(data, MAX_GRAPH_DEPTH):
        raise _unreadable("…[[[[…")
    subgraphs = {_text(each.get("id")): _graph(each) for each in map(_object, definitions)}
    return Document(_graph(data), subgraphs)


def invalid(code: str, message: Message) -> InvalidRequest:
    """That the workflow cannot be converted, and why."""
    return InvalidRequest.of("workflow", code, message)


def _check_size(graphs: list[object]) -> None:
    """Before anything is made of them, which takes as long as there is much."""
    nodes = [node for graph in graphs for node in _list(object_or_empty(graph).get("nodes"))]
    slots = sum(
        len(_list(object_or_empty(node).get(part)))
        for node in nodes
        for part in ("inputs", "outputs", "widgets_values")
    )
    if len(nodes) > MAX_GRAPH_NODES or slots > MAX_GRAPH_VALUES:
        raise invalid("too_large", TOO_MANY_NODES)


def _graph(data: JsonObject) -> Graph:
    nodes = {node.id: node for node in map(_node, count(), _list(data.get("nodes")))}
    entrance = object_or_empty(data.get("inputNode")).get("id", -10)
    return Graph(
        nodes,
        dict(filter(None, map(_wire, _list(data.get("links"))))),
        tuple(_socket(each) for each in _list(data.get("inputs"))),
        tuple(_first_link(each) for each in _list(data.get("outputs"))),
        _text(entrance),
    )


def _node(position: int, data: object) -> EditorNode:
    match data:
        case dict() if isinstance(data.get("id"), str | int) and isinstance(data.get("type"), str):
            properties = object_or_empty(data.get("properties"))
            return EditorNode(
                str(data["id"]),
                data["type"],
                data["mode"] if isinstance(data.get("mode"), int) else 0,
                data["title"] if isinstance(data.get("title"), str) else "",
                tuple(map(_socket, _list(data.get("inputs")))),
                tuple(
                    _text(object_or_empty(each).get("type")) for each in _list(data.get("outputs"))
                ),
                _values(data),
                tuple(filter(None, map(_proxy, _list(properties.get("proxyWidgets"))))),
            )
        case _:
            raise _unreadable(f"nodes[{position}]")


def _values(node: JsonObject) -> list[Any] | JsonObject:
    """With their names, where the file has them and they are not those of an earlier state."""
    values, named = node.get("widgets_values"), node.get("widgets_values_named")
    if isinstance(named, dict) and list(named.values()) == values:
        return named
    return values if isinstance(values, list | dict) else []


def _socket(data: object) -> Socket:
    entry = object_or_empty(data)
    link = entry.get("link")
    return Socket(
        _text(entry.get("name")),
        _text(entry.get("type")),
        None if link is None else _text(link),
        isinstance(entry.get("widget"), dict),
    )


def _kind(data: object) -> str:
    return _text(object_or_empty(data).get("type"))


def _wire(data: object) -> tuple[str, Wire] | None:
    """The two forms of a link, and what it is called."""
    match data:
        case [link, origin, int() as slot, *_] | {
            "id": link,
            "origin_id": origin,
            "origin_slot": int() as slot,
        }:
            return _text(link), Wire(_text(origin), slot)
    return None


def _first_link(data: object) -> str | None:
    links = _list(object_or_empty(data).get("linkIds"))
    return _text(links[0]) if links else None


def _proxy(data: object) -> tuple[str, str] | None:
    match data:
        case [node_id, str() as name, *_]:
            return _text(node_id), name
    return None


def _text(value: object) -> str:
    """An id or a type, which may be a number; everything else is nobody's."""
    return str(value) if isinstance(value, str | int) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: object) -> JsonObject:
    if not isinstance(value, dict):
        raise _unreadable("definitions.subgraphs")
    return value


def _unreadable(part: str) -> InvalidRequest:
    return invalid("not_a_workflow", later(NOT_READABLE, part=part))
