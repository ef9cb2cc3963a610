"""Whether anything can come of a graph on a server, from what it tells about its node types
(PROTOCOL.md, sections 1 and 7). What it does not tell speaks for the graph: the server has the
last word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from batchgen_app.comfy.refusals import NO_OUTPUT, first_of
from batchgen_app.comfy.wiring import LinkFault, Wiring, broken_links
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.json_values import clipped
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.graph import NodeGraph, Slot
from batchgen_app.workflows.lora_lists import is_entry
from batchgen_app.workflows.model_folders import folder_for
from batchgen_app.workflows.node_types import (
    LONGEST_NAME,
    Lack,
    NodeTypes,
    inputs,
    is_own,
    lacks,
    node_label,
)

NO_PICTURE = frozenset({
    "*", "AUDIO", "BOOLEAN", "CLIP", "CLIP_VISION", "COMBO", "CONDITIONING", "FLOAT", "INT",
    "LATENT", "LORA_MODEL", "MODEL", "STRING", "VAE",
})  # fmt: skip
"""Types of inputs of which one of ComfyUI's own output nodes makes texts, sounds or models."""
NO_PICTURE_OUTPUT = later(
    "No picture leaves the workflow: {nodes} gives none. Add a Save Image node to it."
)
MISSING_NODE = later(
    "The server does not know the node {node}. Install the custom nodes that it belongs to, then "
    "restart ComfyUI."
)
MISSING_MODEL = later('{node} needs the model "{name}", which the server does not have. {hint}')
NOT_IN_FOLDER = later(
    '{node} needs the model "{name}", which the server does not have in {folder}. {hint}'
)
IN_ITS_FOLDER = later("Put it there, or choose another one in the workflow.")
IN_SOME_FOLDER = later("Put it into its folder, or choose another one in the workflow.")
MISSING_CHOICE = later('{node} needs "{name}" as {input}, which the server does not have. {hint}')


def spelled(nodes: JsonObject, known: NodeTypes) -> Iterator[tuple[Slot, object]]:
    """The server's own names for files that it calls otherwise: a workflow of a Windows machine
    separates folders with a backslash, and there no capital letter counts.
    """
    graph = NodeGraph(nodes)
    for lack in lacks(graph, known):
        alike = lack.offer.same_files(lack.value)
        if len(alike) == 1:
            entry = graph.inputs(lack.slot.node_id)[lack.slot.name]
            yield lack.slot, {**entry, "lora": alike[0]} if is_entry(entry) else alike[0]


@dataclass(frozen=True)
class Fault:
    """What keeps a graph from running on a server; ``node_id`` None where it is about all of it."""

    code: str
    node_id: str | None
    message: Message


def faults(nodes: JsonObject, known: NodeTypes) -> list[Fault]:
    """All that is known beforehand: each missing type of node and each missing file once, by the
    first node that needs it; and else the first that would be a reason to refuse.
    """
    graph = NodeGraph(nodes)
    missing = _missing(graph, known)
    found = [Fault("missing_node", n, _missing_node(nodes, n)) for n in missing]
    needed: dict[tuple[str, str], Lack] = {}
    for lack in lacks(graph, known):
        needed.setdefault((lack.value, _where(graph, lack) or lack.slot.name), lack)
    found += [
        Fault("missing_model", lack.slot.node_id, _about(lack, graph)) for lack in needed.values()
    ]
    if not found:
        try:
            require_runnable(nodes, known)
        except InvalidRequest as error:
            found = [Fault(problem.code, None, problem.message) for problem in error.problems]
    return found


def require_runnable(nodes: JsonObject, known: NodeTypes) -> None:
    """Raises InvalidRequest if the server would refuse the graph, or give no picture for it."""
    graph = NodeGraph(nodes)
    if missing := _missing(graph, known):
        unknown = first_of(missing, lambda node_id: _missing_node(nodes, node_id))
        raise _refused("missing_node", unknown)
    outputs = [n for n in graph if _is_output(known.get(graph.class_type(n)))]
    if not outputs:
        raise _refused("no_output", NO_OUTPUT)
    giving = [n for n in outputs if _may_give(known.get(graph.class_type(n)))]
    if not giving:
        named = ", ".join(node_label(nodes, n) for n in outputs[:3])
        raise _refused("no_output", later(NO_PICTURE_OUTPUT, nodes=named))
    _require_a_way(graph, nodes, giving, known)


def _require_a_way(
    graph: NodeGraph, nodes: JsonObject, giving: list[str], known: NodeTypes
) -> None:
    """One output that has all it needs is enough: the server leaves the others out, unless it
    finds a fault only when it is too late.
    """
    wiring, told = Wiring(nodes), {n for n in graph if known.get(graph.class_type(n))}
    needed = wiring.needed(giving)
    circle, blocked = wiring.circles(needed & told)
    faults = [
        *([wiring.circle_fault(circle)] if circle else []),
        *broken_links(nodes, known),
        *_lacking(graph, known),
    ]
    spoilt = wiring.spoilt({*blocked, *(f.node_id for f in faults if not f.is_met_late)})
    if spoilt.issuperset(giving):
        raise _faulty([fault for fault in faults if fault.node_id in needed])
    ends = (n for n in told - spoilt if _is_output(known[graph.class_type(n)]))
    run = wiring.needed(ends)
    if late := [fault for fault in faults if fault.is_met_late and fault.node_id in run]:
        raise _faulty(late)


def _lacking(graph: NodeGraph, known: NodeTypes) -> Iterator[LinkFault]:
    """The same file of one node is told once, wherever it is missing."""
    found = {
        (lack.slot.node_id, lack.value, lack.is_about_sampling and lack.slot.name): lack
        for lack in lacks(graph, known)
    }
    for lack in found.values():
        yield LinkFault("missing_model", lack.slot.node_id, partial(_about, lack, graph))


def _about(lack: Lack, graph: NodeGraph) -> Message:
    name, node = clipped(lack.value, LONGEST_NAME), node_label(graph.nodes, lack.slot.node_id)
    if lack.is_about_sampling:
        return later(MISSING_CHOICE, node=node, name=name, input=lack.slot.name, hint=_hint(lack))
    if folder := _where(graph, lack):
        return later(
            NOT_IN_FOLDER, node=node, name=name, folder=folder, hint=_hint(lack, is_told=True)
        )
    return later(MISSING_MODEL, node=node, name=name, hint=_hint(lack))


def _where(graph: NodeGraph, lack: Lack) -> str:
    return folder_for(graph.class_type(lack.slot.node_id), lack.slot.name)


def _hint(lack: Lack, *, is_told: bool = False) -> Message:
    if not lack.offer.names:
        return later("It has none of this kind.")
    if near := lack.offer.nearest(lack.value):
        return later("Did you mean {name}?", name=near)
    return IN_ITS_FOLDER if is_told else IN_SOME_FOLDER


def _is_output(info: JsonObject | None) -> bool:
    return info is None or info.get("output_node") is True


def _may_give(info: JsonObject | None) -> bool:
    """Only of ComfyUI's own nodes is it known what they make of what."""
    if not info or not is_own(info):
        return True
    types = (told[0] if isinstance(told, list) and told else None for told in inputs(info).values())
    return not all(isinstance(kind, list) or kind in NO_PICTURE for kind in types)


def _missing(graph: NodeGraph, known: NodeTypes) -> list[str]:
    """Nodes of types that the server lacks, the first of each."""
    first: dict[str, str] = {}
    for node_id in graph:
        first.setdefault(graph.class_type(node_id), node_id)
    return [node_id for class_type, node_id in first.items() if known.get(class_type) == {}]


def _missing_node(nodes: JsonObject, node_id: str) -> Message:
    return later(MISSING_NODE, node=node_label(nodes, node_id))


def _faulty(faults: list[LinkFault]) -> InvalidRequest:
    return _refused(faults[0].code, first_of(faults, lambda fault: fault.say()))


def _refused(code: str, message: Message) -> InvalidRequest:
    return InvalidRequest.of("workflow", code, message)
