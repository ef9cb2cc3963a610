"""LoRAs between what loads the model and all that reads it, whatever else hangs there already; in
the list of a node that holds one, where all get the model through that.
"""

from collections.abc import Iterator, Sequence

from batchgen_app.core.request import Lora
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import Link, NodeGraph, Slot, changed
from batchgen_app.workflows.lora_lists import LORA_LIST, entries
from batchgen_app.workflows.node_types import NodeTypes

WITH_CLIP, MODEL_ONLY = "LoraLoader", "LoraLoaderModelOnly"
LOADERS = frozenset({WITH_CLIP, MODEL_ONLY})


def with_loras(
    nodes: JsonObject, known: NodeTypes, loader: str, loras: Sequence[Lora]
) -> JsonObject:
    """The graph with these behind node ``loader``, the first one nearest to it. Where the loader
    gives the text encoders along, they get them, too. A list takes them behind its own.
    """
    graph = NodeGraph(nodes)
    model, clip = Link(loader, _output(graph, known, loader, "MODEL") or 0), None
    if holder := _list_behind(graph, known, model):
        further = entries(loras, graph.inputs(holder))
        return changed(nodes, ((Slot(holder, name), entry) for name, entry in further.items()))
    if (slot := _output(graph, known, loader, "CLIP")) is not None:
        clip = Link(loader, slot)
    chain = _chain(graph, model, clip, loras)
    last = list(chain)[-1]
    ends = {model: [last, 0], **({clip: [last, 1]} if clip else {})}
    return {**changed(nodes, led_through(graph, ends)), **chain}


def _list_behind(graph: NodeGraph, known: NodeTypes, model: Link) -> str | None:
    """The list of LoRAs through which all get the model that get it at all."""
    seen: set[str] = set()
    while len(readers := [n for n in graph if model in graph.links(n).values()]) == 1:
        (reader,) = readers
        if graph.class_type(reader) == LORA_LIST:
            return reader
        slot = None if reader in seen else _place_of(graph, known, reader, "MODEL")
        if slot is None:
            return None
        seen.add(reader)
        model = Link(reader, slot)
    return None


def _chain(graph: NodeGraph, model: Link, clip: Link | None, loras: Sequence[Lora]) -> JsonObject:
    chain: JsonObject = {}
    from_model, from_clip = [model.node_id, model.slot], clip and [clip.node_id, clip.slot]
    for lora in loras:
        inputs = {"model": from_model, "lora_name": lora.name, "strength_model": lora.strength}
        if from_clip:
            inputs |= {"clip": from_clip, "strength_clip": lora.strength}
        node_id = _free_id(graph, len(chain))
        title = {"title": lora.name}
        kind = WITH_CLIP if from_clip else MODEL_ONLY
        chain[node_id] = {"class_type": kind, "inputs": inputs, "_meta": title}
        from_model, from_clip = [node_id, 0], from_clip and [node_id, 1]
    return chain


def _free_id(graph: NodeGraph, number: int) -> str:
    node_id = f"lora {number + 1}"
    while node_id in graph.nodes:
        node_id += "'"
    return node_id


def led_through(graph: NodeGraph, ends: dict[Link, list[object]]) -> Iterator[tuple[Slot, object]]:
    """Links for all that reads one of ``ends``: those that it names in their place."""
    for node_id in graph:
        for name, link in graph.links(node_id).items():
            if link in ends:
                yield Slot(node_id, name), ends[link]


def _output(graph: NodeGraph, known: NodeTypes, node_id: str, kind: str) -> int | None:
    """Which output of a loader gives that; of a checkpoint it is known without being told."""
    if isinstance((known.get(graph.class_type(node_id)) or {}).get("output"), list):
        return _place_of(graph, known, node_id, kind)
    gives = ["MODEL", "CLIP", "VAE"] if "ckpt_name" in graph.inputs(node_id) else ["MODEL"]
    return gives.index(kind) if kind in gives else None


def _place_of(graph: NodeGraph, known: NodeTypes, node_id: str, kind: str) -> int | None:
    told = (known.get(graph.class_type(node_id)) or {}).get("output")
    return told.index(kind) if isinstance(told, list) and kind in told else None
