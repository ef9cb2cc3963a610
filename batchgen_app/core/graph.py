"""Reading a node graph in API format: nodes, values, links (PROTOCOL.md, section 10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from batchgen_app.core.wire import JsonObject

LITERAL_NAMES = ("value", "seed", "noise_seed", "int", "float", "string", "text", "number")
"""Input names under which primitive nodes keep their one value."""


@dataclass(frozen=True)
class Link:
    """An input that comes from output ``slot`` of another node."""

    node_id: str
    slot: int


@dataclass(frozen=True)
class Slot:
    """An input that holds a value: a place to write into."""

    node_id: str
    name: str


class NodeGraph:
    """A view of a graph; it changes nothing."""

    def __init__(self, nodes: JsonObject) -> None:
        self._nodes = nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def class_type(self, node_id: str) -> str:
        """The node's type."""
        return str(self._nodes[node_id]["class_type"])

    def inputs(self, node_id: str) -> JsonObject:
        """The node's inputs, values and links alike."""
        inputs = self._nodes[node_id].get("inputs")
        return inputs if isinstance(inputs, dict) else {}

    def link(self, node_id: str, name: str) -> Link | None:
        """Where input ``name`` comes from, if it is a link to a node of this graph."""
        return self._as_link(self.inputs(node_id).get(name))

    def links(self, node_id: str) -> dict[str, Link]:
        """All links into a node, by input name."""
        found = ((name, self._as_link(value)) for name, value in self.inputs(node_id).items())
        return {name: link for name, link in found if link}

    def value(self, slot: Slot) -> Any:
        """What stands in a slot."""
        return self.inputs(slot.node_id).get(slot.name)

    def slot(self, node_id: str, name: str, kind: type | tuple[type, ...]) -> Slot | None:
        """The place where the value of input ``name`` is kept: the input itself, or, if it is
        linked to a primitive node, that node's own value. None if it is computed or absent.
        """
        if link := self.link(node_id, name):
            return self._literal(link.node_id, kind)
        here = Slot(node_id, name)
        return here if _is(self.value(here), kind) else None

    def upstream(self, start: str) -> list[str]:
        """``start`` and every node it depends on, nearest first."""
        found = {start: None}
        for node_id in (waiting := [start]):
            for link in self.links(node_id).values():
                if link.node_id not in found:
                    found[link.node_id] = None
                    waiting.append(link.node_id)
        return list(found)

    def ends(self) -> list[str]:
        """The nodes that nothing depends on: where pictures leave the graph."""
        used = {link.node_id for node_id in self for link in self.links(node_id).values()}
        return [node_id for node_id in self if node_id not in used]

    def live(self) -> list[str]:
        """Every node that an end depends on, nearest first."""
        return list(dict.fromkeys(n for end in self.ends() for n in self.upstream(end)))

    def _as_link(self, value: object) -> Link | None:
        match value:
            case [str() | int() as node_id, int() as slot] if str(node_id) in self._nodes:
                return Link(str(node_id), slot)
            case _:
                return None

    def _literal(self, node_id: str, kind: type | tuple[type, ...]) -> Slot | None:
        slots = (Slot(node_id, name) for name in LITERAL_NAMES)
        return next((slot for slot in slots if _is(self.value(slot), kind)), None)


def _is(value: object, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)
