"""The one thing in which the images of a batch differ: the seed, in every input that keeps one."""

from collections.abc import Mapping
from typing import Self

from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.corrections import slot_of
from batchgen_app.workflows.graph import NodeGraph, Slot, changed
from batchgen_app.workflows.node_types import NodeTypes, input_type
from batchgen_app.workflows.roles import Roles, find_roles


class SeededGraph:
    """A graph, and its ``places``: each with the largest seed that its node takes."""

    def __init__(self, nodes: JsonObject, places: Mapping[Slot, int]) -> None:
        self._nodes = nodes
        self._places = places

    @classmethod
    def remembered(cls, nodes: JsonObject, places: Mapping[str, int] | None) -> Self:
        """As it was planned; None where that was not written down yet: then it is looked for."""
        graph = NodeGraph(nodes)
        if places is None:
            return cls(nodes, seed_places(graph, find_roles(graph, {}).roles, {}))
        return cls(nodes, {slot_of(graph, slot, "workflow"): most for slot, most in places.items()})

    def for_seed(self, seed: int) -> JsonObject:
        """The graph with ``seed`` in it, for the server."""
        values = ((slot, seed % (most + 1)) for slot, most in self._places.items())
        return changed(self._nodes, values)


def seed_places(graph: NodeGraph, roles: Roles, known: NodeTypes) -> dict[Slot, int]:
    """Every input that gets the seed, with the largest one that its node takes."""
    slots = (*roles.seed, *roles.other_seeds)
    return {slot: _largest(known.get(graph.class_type(slot.node_id)) or {}, slot) for slot in slots}


def _largest(info: JsonObject, slot: Slot) -> int:
    largest = input_type(info, slot.name).options.get("max")
    return largest if isinstance(largest, int) and 0 < largest < MAX_SEED else MAX_SEED
