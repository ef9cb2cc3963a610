"""Whether anything can come of a graph on a server, from what it tells about its node types
(PROTOCOL.md, sections 1 and 7). What it does not tell speaks for the graph: the server has the last
word.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from batchgen_app.comfy.combos import closed_choices, inputs
from batchgen_app.comfy.json_text import clipped, text_or_none
from batchgen_app.comfy.labels import LONGEST_NAME, node_label
from batchgen_app.comfy.refusals import NO_OUTPUT, first_of
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.graph import NodeGraph, Slot
from batchgen_app.core.model_files import is_model_file, with_slashes
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.said import later

NodeTypes: TypeAlias = Mapping[str, JsonObject | None]
"""By class type what the server tells about it: {} where it has none of that name, None where it
cannot be asked.
"""

MODEL_INPUTS = frozenset({
    "ckpt_name", "clip_name", "control_net_name", "lora_name", "style_model_name", "unet_name",
    "vae_name",
})  # fmt: skip
SAMPLING_INPUTS = frozenset({"sampler_name", "scheduler"})
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
MISSING_CHOICE = later('{node} needs "{name}" as {input}, which the server does not have. {hint}')


@dataclass(frozen=True)
class Lack:
    """A value that the server cannot use, and what it has instead."""

    slot: Slot
    value: str
    offered: frozenset[str]


def spelled(nodes: JsonObject, known: NodeTypes) -> Iterator[tuple[Slot, str]]:
    """The server's own names for files that it calls otherwise: a workflow of a Windows machine
    separates folders with a backslash, and there no capital letter counts.
    """
    for lack in _lacks(NodeGraph(nodes), known):
        alike = [name for name in lack.offered if _is_same_file(name, lack.value)]
        if len(alike) == 1:
            yield lack.slot, alike[0]


def require_prospects(nodes: JsonObject, known: NodeTypes) -> None:
    """Raises InvalidRequest if the server would refuse the graph, or give no picture for it."""
    graph = NodeGraph(nodes)
    if missing := [n for n in graph if known.get(graph.class_type(n)) == {}]:
        raise _refused("missing_node", (_missing_node(nodes, node_id) for node_id in missing))
    outputs = [n for n in graph if _is_output(known.get(graph.class_type(n)))]
    if not outputs:
        raise _refused("no_output", [NO_OUTPUT])
    giving = [n for n in outputs if _may_give(known.get(graph.class_type(n)))]
    if not giving:
        named = ", ".join(node_label(nodes, n) for n in outputs[:3])
        raise _refused("no_output", [later(NO_PICTURE_OUTPUT, nodes=named)])
    _require_values(graph, nodes, giving, list(_lacks(graph, known)))


def _require_values(
    graph: NodeGraph, nodes: JsonObject, giving: list[str], lacks: list[Lack]
) -> None:
    """One output that has all it needs is enough: the server leaves the others out."""
    spoilt = graph.downstream(lack.slot.node_id for lack in lacks)
    if lacks and spoilt.issuperset(giving):
        needed = set(graph.upstream(giving))
        told = (_lacking(nodes, lack) for lack in lacks if lack.slot.node_id in needed)
        raise _refused("missing_model", told)


def _lacks(graph: NodeGraph, known: NodeTypes) -> Iterator[Lack]:
    for node_id in graph:
        info = known.get(graph.class_type(node_id)) or {}
        for name, value in graph.inputs(node_id).items() if info else ():
            if isinstance(value, str) and _is_chosen_from_list(name, value):
                offered = closed_choices(info, name)
                if offered is not None and value not in offered:
                    yield Lack(Slot(node_id, name), value, offered)


def _is_chosen_from_list(name: str, value: str) -> bool:
    """Of other lists a node may take what does not stand in them: pictures in folders."""
    kind = name.rstrip("0123456789")
    return kind in MODEL_INPUTS or kind in SAMPLING_INPUTS or is_model_file(value)


def _is_output(info: JsonObject | None) -> bool:
    return info is None or info.get("output_node") is True


def _may_give(info: JsonObject | None) -> bool:
    """Only of ComfyUI's own nodes is it known what they make of what."""
    module = text_or_none((info or {}).get("python_module")) or ""
    if not (module == "nodes" or module.startswith("comfy_extras.")):
        return True
    types = (told[0] if isinstance(told, list) and told else None for told in _told(info))
    return not all(isinstance(kind, list) or kind in NO_PICTURE for kind in types)


def _told(info: JsonObject | None) -> Iterable[object]:
    return inputs(info or {}).values()


def _is_same_file(name: str, wanted: str) -> bool:
    ours, theirs = with_slashes(wanted), with_slashes(name)
    return ours == theirs or ("\\" in name and ours.casefold() == theirs.casefold())


def _missing_node(nodes: JsonObject, node_id: str) -> str:
    return later(MISSING_NODE, node=node_label(nodes, node_id))


def _lacking(nodes: JsonObject, lack: Lack) -> str:
    name, node = clipped(lack.value, LONGEST_NAME), node_label(nodes, lack.slot.node_id)
    if lack.slot.name in SAMPLING_INPUTS:
        return later(MISSING_CHOICE, node=node, name=name, input=lack.slot.name, hint=_hint(lack))
    return later(MISSING_MODEL, node=node, name=name, hint=_hint(lack))


def _hint(lack: Lack) -> str:
    if not lack.offered:
        return later("It has none of this kind.")
    if near := get_close_matches(lack.value, lack.offered):
        return later("Did you mean {name}?", name=near[0])
    return later("Put it into its folder, or choose another one in the workflow.")


def _refused(code: str, messages: Iterable[str]) -> InvalidRequest:
    return InvalidRequest.of("workflow", code, "\n".join(first_of(list(dict.fromkeys(messages)))))
