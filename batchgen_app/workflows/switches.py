"""Switches whose position stands in the graph: what they do not pass on is not made, so nothing of
it plays a role.
"""

import re
from collections.abc import Iterator

from batchgen_app.workflows.graph import NodeGraph, Slot

_SWITCH = re.compile(r"switch|select|choose|mux", re.IGNORECASE)
_FIRST_WINS = re.compile(r"(Any|Context) Switch\b.*\(rgthree\)", re.IGNORECASE)
"""Switches that pass on the first of their inputs that there is."""
_POSITIONS = ("select", "index", "switch", "input", "boolean", "bool", "condition")
"""Inputs by which a switch is told what to pass on."""
_TRUE, _FALSE = re.compile(r"(on_|if_)?true"), re.compile(r"(on_|if_)?false|else")
_NUMBERED = re.compile(r"\D*?_?(\d+)")


def as_switched(graph: NodeGraph) -> NodeGraph:
    """Without the links that no switch passes on; the same graph where there is none such."""
    unused = set(_unused(graph))
    if not unused:
        return graph
    nodes = dict(graph.nodes)
    for node_id in {slot.node_id for slot in unused}:
        inputs = graph.inputs(node_id)
        kept = {name: value for name, value in inputs.items() if Slot(node_id, name) not in unused}
        nodes[node_id] = {**nodes[node_id], "inputs": kept}
    return NodeGraph(nodes)


def _unused(graph: NodeGraph) -> Iterator[Slot]:
    for node_id in graph:
        if _SWITCH.search(graph.class_type(node_id)):
            choices = [name for name in graph.links(node_id) if name.lower() not in _POSITIONS]
            passed = _passed_by(graph, node_id, choices)
            yield from (Slot(node_id, name) for name in choices if passed not in {None, name})


def _passed_by(graph: NodeGraph, node_id: str, choices: list[str]) -> str | None:
    """The one of its inputs that a switch passes on; None where that cannot be told."""
    if _FIRST_WINS.search(graph.class_type(node_id)):
        return min(filter(_NUMBERED.fullmatch, choices), key=_number, default=None)
    return _passed(choices, _position(graph, node_id))


def _number(name: str) -> int:
    match = _NUMBERED.fullmatch(name)
    return int(match.group(1)) if match else 0


def _position(graph: NodeGraph, node_id: str) -> object:
    """What a switch is set to, here or in a node that holds nothing else; None if computed."""
    inputs = graph.inputs(node_id)
    name = next((name for name in inputs if name.lower() in _POSITIONS), None)
    if name is None:
        return None
    link = graph.link(node_id, name)
    if not link:
        return inputs[name]
    held = [*graph.inputs(graph.origin(link)).values()]
    return held[0] if len(held) == 1 else None


def _passed(choices: list[str], position: object) -> str | None:
    """The one input that goes through; None where that cannot be told."""
    if isinstance(position, bool):
        side = _TRUE if position else _FALSE
        found = [name for name in choices if side.fullmatch(name.lower())]
    elif isinstance(position, int):
        numbers = {name: match.group(1) for name in choices if (match := _NUMBERED.fullmatch(name))}
        found = [name for name, number in numbers.items() if number == str(position)]
    else:
        found = []
    return found[0] if len(found) == 1 else None
