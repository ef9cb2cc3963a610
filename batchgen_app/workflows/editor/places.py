"""The document as it runs: every subgraph unfolded where a node stands for it, and where the inputs
of each node come from, through reroutes, bypassed nodes and the sides of subgraphs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from batchgen_app.core.limits import MAX_GRAPH_NODES, MAX_GRAPH_VALUES
from batchgen_app.language.message import later
from batchgen_app.workflows.editor.document import (
    ANYTHING,
    GETTERS,
    PRIMITIVE,
    REROUTES,
    SETTERS,
    Document,
    EditorNode,
    Graph,
    Mode,
    Socket,
    invalid,
)
from batchgen_app.workflows.editor.words import CONTAINS_ITSELF, TOO_MANY_NODES
from batchgen_app.workflows.graph import Link


@dataclass(frozen=True, eq=False)
class Place:
    """A graph where it runs: the document's own, or the subgraph that ``host`` stands for."""

    graph: Graph
    path: str = ""
    outer: "Place | None" = None
    host: EditorNode | None = None
    types: tuple[str, ...] = ()
    given: dict[str, Any] = field(default_factory=dict)
    """Values that the host has for inputs of the subgraph."""
    set_inside: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Values that the host has for widgets of nodes inside, by node and input."""
    inner: dict[str, "Place"] = field(default_factory=dict)
    """The subgraphs in it, by the id of their host."""


@dataclass(frozen=True)
class Typed:
    """A value that stands in the editor instead of a link."""

    value: Any


@dataclass(frozen=True)
class Shown:
    """A widget of a node, whose value other inputs get as well."""

    place: Place
    node: EditorNode
    name: str
    hosts: tuple[tuple[Place, str], ...]
    """The subgraphs and their inputs that lead to it, from the outside."""


Source: TypeAlias = Link | Typed | Shown | None


def unfold(document: Document) -> list[Place]:
    """All places in which something runs, outer ones first; raises InvalidRequest where a subgraph
    contains itself, or there are too many nodes.
    """
    places = [Place(document.root)]
    nodes = inputs = 0
    for place in places:
        nodes += len(place.graph.nodes)
        inputs += sum(len(node.inputs) for node in place.graph.nodes.values())
        if nodes > MAX_GRAPH_NODES or inputs > MAX_GRAPH_VALUES:
            raise invalid("too_large", TOO_MANY_NODES)
        for node in place.graph.nodes.values():
            if node.type in document.subgraphs and not node.is_off:
                place.inner[node.id] = _inside(place, node, document)
                places.append(place.inner[node.id])
    return places


def _inside(outer: Place, host: EditorNode, document: Document) -> Place:
    if host.type in outer.types:
        raise invalid("cyclic", later(CONTAINS_ITSELF, node=host.label(outer.path)))
    graph = document.subgraphs[host.type]
    place = Place(graph, f"{outer.path}{host.id}:", outer, host, (*outer.types, host.type))
    _give(place, host)
    return place


def _give(place: Place, host: EditorNode) -> None:
    """What the host's own values are for: in newer files, the inputs of the subgraph that are
    widgets inside; in older ones, what it lists.
    """
    entering = place.graph.entering
    if isinstance(host.values, dict):
        place.given.update(_given(host.values.items()))
    elif not host.proxies:
        shown = (each.name for slot, each in enumerate(place.graph.inputs) if slot in entering)
        place.given.update(_given(zip(shown, host.values, strict=False)))
    else:
        listed = [proxy for proxy in host.proxies if not proxy[1].startswith("$$")]
        for (node_id, name), value in _given(zip(listed, host.values, strict=False)):
            if node_id == "-1":
                place.given[name] = value
            else:
                place.set_inside[node_id, name] = value


def _given(pairs: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    return ((name, value) for name, value in pairs if value is not None)


@dataclass(frozen=True)
class _Step:
    """On the way back along a link: it, and the place in which it is one."""

    place: Place
    link: str
    is_first: bool = False
    """Whether it starts at the input itself: a primitive reaches no further."""


class Sources:
    """Where inputs come from. What was found for one link is kept for all that reach it."""

    def __init__(self) -> None:
        self._known: dict[tuple[_Step, str], Source] = {}

    def of(self, place: Place, socket: Socket) -> Source:
        """What feeds an input: an output that runs, a typed value, or nothing."""
        passed: list[tuple[_Step, str]] = []
        at: _Step | Source = (
            None if socket.link is None else _Step(place, socket.link, is_first=True)
        )
        while isinstance(at, _Step):
            key = (at, socket.type)
            if key in self._known:
                at = self._known[key]
                break
            self._known[key] = None  # for links in a circle
            passed.append(key)
            at = _back(at, socket.type)
        self._known.update(dict.fromkeys(passed, at))
        return at


def _back(step: _Step, kind: str) -> _Step | Source:
    """What is at the other end of a link: a node that runs, or the way on."""
    place, graph = step.place, step.place.graph
    wire = graph.wires.get(step.link)
    if wire is None:
        return None
    if wire.origin == graph.entrance and place.outer:
        return _outside(step, wire.slot)
    node = graph.nodes.get(wire.origin)
    if node is None or node.mode == Mode.MUTED:
        return None
    return _through(step, node, wire.slot, kind)


def _outside(step: _Step, slot: int) -> _Step | Source:
    """What the host of a subgraph gives to an input of it."""
    place = step.place
    if not 0 <= slot < len(place.graph.inputs) or place.host is None or place.outer is None:
        return None
    socket = _host_socket(place.host, place.graph, slot)
    if socket and socket.link is not None:
        return _Step(place.outer, socket.link)
    return _shown(place, slot)


def _shown(place: Place, slot: int) -> Source:
    """The value that a host shows for an input: its own, or that of the first widget inside."""
    name = place.graph.inputs[slot].name
    found = shown_inside(place, name)
    if found is None:
        return None
    given = (each.given[key] for each, key in found.hosts if key in each.given)
    return next((Typed(value) for value in given), found)


def shown_inside(place: Place, name: str) -> Shown | None:
    """The first widget that an input of a subgraph is for, at whatever depth."""
    hosts: list[tuple[Place, str]] = []
    while name in place.graph.input_names:
        hosts.append((place, name))
        widgets = place.graph.entering.get(place.graph.input_names.index(name))
        if not widgets:
            return None
        node, socket = widgets[0]
        if node.id not in place.inner:
            return Shown(place, node, socket.name, tuple(hosts))
        place, name = place.inner[node.id], socket.name
    return None


def _host_socket(host: EditorNode, graph: Graph, slot: int) -> Socket | None:
    """By its name; by its place where names have changed since."""
    name = graph.inputs[slot].name
    for socket in host.inputs:
        if socket.name == name:
            return socket
    return host.inputs[slot] if len(host.inputs) == len(graph.inputs) else None


def _through(step: _Step, node: EditorNode, slot: int, kind: str) -> _Step | Source:
    place = step.place
    if node.type in REROUTES | SETTERS:
        return _on(place, node, 0)
    if node.type in GETTERS:
        setter = _setter(place, node)
        return _on(*setter, 0) if setter else None
    if node.mode == Mode.BYPASSED:
        return _on(place, node, _bypass(node, slot, kind))
    if inner := place.inner.get(node.id):
        return _leaving(inner, slot)
    if node.type == PRIMITIVE:
        is_typed = step.is_first and node.first_value is not None
        return Typed(node.first_value) if is_typed else None
    return Link(place.path + node.id, slot)


def _on(place: Place, node: EditorNode, slot: int | None) -> _Step | None:
    if slot is None or not 0 <= slot < len(node.inputs):
        return None
    link = node.inputs[slot].link
    return None if link is None else _Step(place, link)


def _leaving(inner: Place, slot: int) -> _Step | None:
    """From an output of a host to what makes it inside."""
    outputs = inner.graph.outputs
    link = outputs[slot] if 0 <= slot < len(outputs) else None
    return None if link is None else _Step(inner, link)


def _setter(place: Place, getter: EditorNode) -> tuple[Place, EditorNode] | None:
    """The node of the same name that takes in what this one gives out, here or further out."""
    wanted = getter.first_value
    where: Place | None = place
    while where:
        for node in where.graph.nodes.values():
            if node.type in SETTERS and node.first_value == wanted:
                return where, node
        where = where.outer
    return None


def _bypass(node: EditorNode, slot: int, kind: str) -> int | None:
    """The input that takes the place of an output: that beside it, else the first of its type."""
    kinds = [socket.type for socket in node.inputs]
    made = node.outputs[slot] if 0 <= slot < len(node.outputs) else ANYTHING
    if ANYTHING in (kind, made):
        return slot if slot < len(kinds) else 0
    if slot < len(kinds) and _fit(kinds[slot], made) and _fit(kinds[slot], kind):
        return slot
    exact = (at for at, each in enumerate(kinds) if each == kind)
    near = (at for at, each in enumerate(kinds) if _fit(each, kind))
    return next(exact, next(near, None))


def _fit(one: str, other: str) -> bool:
    """Whether the two types may be linked."""
    ours, theirs = (set(kind.lower().split(",")) for kind in (one, other))
    return bool(ours & theirs or {ANYTHING, ""} & (ours | theirs))
