"""What a server makes of the links of a graph. It judges those of inputs that a node's type has,
from the output nodes backwards, and follows all others when it runs (PROTOCOL.md, section 7; what
it does with links that no type knows was tried on ComfyUI 0.33).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from batchgen_app.core.json_values import clipped
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.node_types import LONGEST_NAME, NodeTypes, inputs, is_own, node_label

MOST_OF_CIRCLE = 5
CIRCLE = later(
    "These nodes wait for each other, in a cycle: {nodes}. Remove one of the links between them."
)
ITSELF = later(
    '{node} is linked to itself at "{input}", a cycle: it would wait for its own result. '
    "Link it to another node."
)
NO_NODE = later(
    '{node} is linked at "{input}" to node {source}, which the workflow does not have. '
    "Link it to another node, then export the workflow again."
)
NO_SLOT = later(
    '{node} is linked at "{input}" to output {slot} (counted from 0) of {source}, which has '
    "{count}. Link it to another output, then export the workflow again."
)
NO_LINK = later(
    '{node} has a list at "{input}" that is no link, which would be written as '
    '["node id", output number]. Link it to a node, then export the workflow again.'
)


@dataclass(frozen=True)
class LinkFault:
    """What keeps a node from running. ``say`` gives the words, and may take a moment."""

    code: str
    node_id: str
    say: Callable[[], Message]
    is_met_late: bool = False
    """The server notices nothing before it runs, and then runs nothing any more."""


class Wiring:
    """Who gets what from whom, as the server reads it."""

    def __init__(self, nodes: JsonObject) -> None:
        self._nodes = nodes
        self._sources = {node_id: _sources(node, nodes) for node_id, node in nodes.items()}
        self._users: dict[str, list[str]] = defaultdict(list)
        for node_id, sources in self._sources.items():
            for source in sources.values():
                self._users[source].append(node_id)

    def needed(self, ends: Iterable[str]) -> set[str]:
        """``ends`` and all that they wait for."""
        return _reached(ends, lambda node_id: self._sources[node_id].values())

    def spoilt(self, starts: Iterable[str]) -> set[str]:
        """``starts`` and all that waits for them."""
        return _reached(starts, lambda node_id: self._users.get(node_id, ()))

    def circles(self, among: set[str]) -> tuple[list[str], set[str]]:
        """The first circle, its last node being its first, and every node that waits for one."""
        waiting = {
            node_id: [source for source in sources.values() if source in among]
            for node_id, sources in self._sources.items()
            if node_id in among
        }
        sorter, circle, blocked = TopologicalSorter(waiting), list[str](), set(among)
        try:
            sorter.prepare()
        except CycleError as error:
            circle = error.args[1]
        # After a CycleError the sorter still gives what no circle holds up.
        while ready := sorter.get_ready():
            blocked.difference_update(ready)
            sorter.done(*ready)
        return circle, blocked

    def circle_fault(self, circle: list[str]) -> LinkFault:
        """The circle as a fault of its first node."""
        say = self._itself if len(set(circle)) == 1 else self._each_other
        return LinkFault("cycle", circle[0], lambda: say(circle))

    def _itself(self, circle: list[str]) -> Message:
        node_id = circle[0]
        name = next(n for n, source in self._sources[node_id].items() if source == node_id)
        return later(ITSELF, node=node_label(self._nodes, node_id), input=_said(name))

    def _each_other(self, circle: list[str]) -> Message:
        shown = [node_label(self._nodes, node_id) for node_id in circle[:MOST_OF_CIRCLE]]
        more = ["…"] if len(circle) > MOST_OF_CIRCLE else []
        return later(CIRCLE, nodes=" → ".join([*shown, *more]))


def broken_links(nodes: JsonObject, known: NodeTypes) -> Iterator[LinkFault]:
    """Links that lead nowhere, of all nodes about whose types the server tells something."""
    for node_id, node in nodes.items():
        if info := known.get(node["class_type"]):
            declared = inputs(info)
            for name, value in _inputs(node).items():
                if isinstance(value, list):
                    end = _End(nodes, known, node_id, name, value)
                    yield from end.declared_faults() if name in declared else end.other_faults()


@dataclass(frozen=True)
class _End:
    """Where a link goes in."""

    nodes: JsonObject
    known: NodeTypes
    node_id: str
    name: str
    value: list[object]

    def declared_faults(self) -> Iterator[LinkFault]:
        match self.value:
            case [str() as source, int() as slot]:
                if source not in self.nodes:
                    yield self._fault(NO_NODE, source=_said(source))
                elif (count := self._outputs(source)) is not None and not -count <= slot < count:
                    label = node_label(self.nodes, source)
                    yield self._fault(NO_SLOT, source=label, slot=slot, count=count)
            case _:
                yield self._fault(NO_LINK)

    def other_faults(self) -> Iterator[LinkFault]:
        if _is_link(self.value) and (source := str(self.value[0])) not in self.nodes:
            yield self._fault(NO_NODE, late=True, source=_said(source))

    def _outputs(self, source: str) -> int | None:
        """How many the source has; types of others may have more of them than they tell."""
        info = self.known.get(self.nodes[source]["class_type"]) or {}
        told = info.get("output")
        return len(told) if is_own(info) and isinstance(told, list) else None

    def _fault(self, text: str, *, late: bool = False, **values: object) -> LinkFault:
        def say() -> Message:
            label = node_label(self.nodes, self.node_id)
            return later(text, node=label, input=_said(self.name), **values)

        return LinkFault("broken_link", self.node_id, say, is_met_late=late)


def _reached(starts: Iterable[str], step: Callable[[str], Iterable[str]]) -> set[str]:
    found = set(starts)
    waiting = list(found)
    while waiting:
        new = set(step(waiting.pop())) - found
        found |= new
        waiting.extend(new)
    return found


def _sources(node: JsonObject, nodes: JsonObject) -> Mapping[str, str]:
    """By input the node that it waits for."""
    links = {name: value[0] for name, value in _inputs(node).items() if _is_link(value)}
    return {name: source for name, source in links.items() if source in nodes}


def _inputs(node: JsonObject) -> JsonObject:
    found = node.get("inputs")
    return found if isinstance(found, dict) else {}


def _is_link(value: object) -> bool:
    match value:
        case [str(), int() | float()]:
            return True
    return False


def _said(name: str) -> str:
    return clipped(name, LONGEST_NAME)
