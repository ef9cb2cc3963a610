"""Reading a node graph in API format: nodes, values, links (PROTOCOL.md, section 10)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeAlias

from batchgen_app.core.wire import JsonObject

PRIMITIVES = frozenset({
    "value", "seed", "noise_seed", "int", "float", "string", "text", "number",
})  # fmt: skip
"""Input names under which primitive nodes keep their one value."""
LARGEST_NUMBER = 2**64 - 1
"""ComfyUI's seeds have 64 bits; nothing in a workflow needs more."""

Kind: TypeAlias = type | tuple[type, ...]


@dataclass(frozen=True)
class Link:
    """An input that comes from output ``slot`` of another node."""

    node_id: str
    slot: int


@dataclass(frozen=True, order=True)
class Slot:
    """An input: a place to write into."""

    node_id: str
    name: str

    def __str__(self) -> str:
        return f"{self.node_id}.{self.name}"


@dataclass(frozen=True)
class InputPlace:
    """Where a value goes: ``input`` is what reads it, ``kept`` where it is kept. They differ when a
    primitive node feeds the input; a value that is computed is replaced at the input. With
    ``is_part`` something is made of it on the way, so it can only be written where it is kept.
    """

    input: Slot
    kept: Slot
    is_part: bool = False


class NodeGraph:
    """A view of a graph; it changes nothing."""

    def __init__(self, nodes: JsonObject) -> None:
        self.nodes = nodes
        # A graph is asked for these ten thousands of times while it is understood.
        self._inputs = {node_id: _inputs_of(node) for node_id, node in nodes.items()}
        self._links = {node_id: self._find_links(node_id) for node_id in nodes}
        self._class_types: dict[str, str] = {}
        self._origins: dict[str, str] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)

    def class_type(self, node_id: str) -> str:
        """The node's type."""
        if node_id not in self._class_types:
            self._class_types[node_id] = str(self.nodes[node_id]["class_type"])
        return self._class_types[node_id]

    def title(self, node_id: str) -> str:
        """As the graph's author calls the node; empty where they do not."""
        meta = self.nodes[node_id].get("_meta")
        title = meta.get("title") if isinstance(meta, dict) else None
        return title if isinstance(title, str) else ""

    def inputs(self, node_id: str) -> JsonObject:
        """The node's inputs, values and links alike."""
        return self._inputs[node_id]

    def link(self, node_id: str, name: str) -> Link | None:
        """Where input ``name`` comes from, if it is a link to a node of this graph."""
        return self._links[node_id].get(name)

    def links(self, node_id: str) -> dict[str, Link]:
        """All links into a node, by input name."""
        return self._links[node_id]

    def rerouted(self, node_id: str) -> Link | None:
        """What a reroute passes on; None for every other node."""
        links = self.links(node_id)
        is_reroute = "reroute" in self.class_type(node_id).lower() and len(links) == 1
        return next(iter(links.values())) if is_reroute else None

    def place(self, node_id: str, name: str, kind: Kind) -> InputPlace | None:
        """Where the value of an input goes; None if there is no such input of that kind."""
        if name not in self._inputs[node_id]:
            return None
        here = Slot(node_id, name)
        if link := self.link(node_id, name):
            return InputPlace(here, self._primitive(self.origin(link), name, kind) or here)
        return InputPlace(here, here) if _is(self._inputs[node_id][name], kind) else None

    def read(self, slot: Slot, kind: Kind) -> Any:
        """The value that an input gets; None if it is computed, absent or of another kind."""
        place = self.place(slot.node_id, slot.name, kind)
        value = self.inputs(place.kept.node_id)[place.kept.name] if place else None
        return value if _is(value, kind) else None

    def readers(self, node_id: str) -> set[Slot]:
        """The inputs that read a node, directly or through reroutes."""
        return self._readers.get(node_id, set())

    def upstream(self, starts: Iterable[str], without: Collection[str] = ()) -> list[str]:
        """``starts`` and every node they depend on, each once, those of the first one first and its
        nearest before others; inputs named in ``without`` are not followed.
        """
        found: dict[str, None] = {}
        for start in starts:
            if start not in found:
                self._add_upstream(start, without, found)
        return list(found)

    def _add_upstream(self, start: str, without: Collection[str], found: dict[str, None]) -> None:
        """What is found already has all of its own there, too."""
        found[start] = None
        # The list grows while it is walked: a graph may be deeper than Python's recursion.
        for node_id in (waiting := [start]):
            for name, link in self.links(node_id).items():
                if name not in without and link.node_id not in found:
                    found[link.node_id] = None
                    waiting.append(link.node_id)

    def ends(self) -> list[str]:
        """The nodes that nothing depends on: where pictures leave the graph."""
        used = {link.node_id for node_id in self for link in self.links(node_id).values()}
        return [node_id for node_id in self if node_id not in used]

    @cached_property
    def sources_first(self) -> tuple[str, ...]:
        """Every node after all that it depends on; those in a circle, and what waits for one, are
        left out.
        """
        sources = {n: {link.node_id for link in self.links(n).values()} for n in self}
        sorter = TopologicalSorter(sources)
        with suppress(CycleError):
            sorter.prepare()
        found: list[str] = []
        while ready := sorter.get_ready():
            found += ready
            sorter.done(*ready)
        return tuple(found)

    def lengths(self) -> dict[str, int]:
        """Of each node, how many stand one behind another before it; without those in circles."""
        found: dict[str, int] = {}
        for node_id in self.sources_first:
            before = (found[link.node_id] for link in self.links(node_id).values())
            found[node_id] = max(before, default=-1) + 1
        return found

    def _find_links(self, node_id: str) -> dict[str, Link]:
        found = ((name, self._as_link(value)) for name, value in self._inputs[node_id].items())
        return {name: link for name, link in found if link}

    def _as_link(self, value: object) -> Link | None:
        if not isinstance(value, list | tuple):  # most values: a pattern takes ten times as long
            return None
        match value:
            # Some programs write the id of a node as a number.
            case [str() | int() as node_id, int() as slot] if str(node_id) in self.nodes:
                return Link(str(node_id), slot)
            case _:
                return None

    def origin(self, link: Link) -> str:
        """The node that a link leads to, through any reroutes; a long way is gone only once."""
        node_id, passed = link.node_id, dict[str, None]()
        while node_id not in self._origins and node_id not in passed:
            passed[node_id] = None
            if not (behind := self.rerouted(node_id)):
                break
            node_id = behind.node_id
        origin = self._origins.get(node_id, node_id)
        self._origins.update(dict.fromkeys(passed, origin))
        return origin

    @cached_property
    def _readers(self) -> dict[str, set[Slot]]:
        found: dict[str, set[Slot]] = defaultdict(set)
        for node_id in self:
            if not self.rerouted(node_id):
                for name, link in self.links(node_id).items():
                    found[self.origin(link)].add(Slot(node_id, name))
        return found

    def _primitive(self, node_id: str, name: str, kind: Kind) -> Slot | None:
        """The one value of its kind in a node that nothing feeds: what it gives is that value."""
        values = self.inputs(node_id)
        alike = [key for key, value in values.items() if _is(value, kind)]
        if self.links(node_id) or len(alike) != 1 or alike[0] not in {name, *PRIMITIVES}:
            return None
        return Slot(node_id, alike[0])


def _inputs_of(node: JsonObject) -> JsonObject:
    inputs = node.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _is(value: object, kind: Kind) -> bool:
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        return False
    return isinstance(value, kind) and not isinstance(value, bool)


def node(class_type: str, title: str, /, **inputs: object) -> JsonObject:
    """One node, with a title for people."""
    return {"class_type": class_type, "inputs": inputs, "_meta": {"title": title}}


def changed(nodes: JsonObject, changes: Iterable[tuple[Slot, object]]) -> JsonObject:
    """The nodes with these values: what is changed is made anew, all else is shared."""
    nodes = dict(nodes)
    for slot, value in changes:
        node = nodes[slot.node_id]
        nodes[slot.node_id] = {**node, "inputs": {**node["inputs"], slot.name: value}}
    return nodes
