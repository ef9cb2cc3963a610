"""LoRAs between what loads the model and all that reads it, whatever else hangs there already."""

from collections.abc import Iterator, Sequence

from batchgen_app.core.request import Lora
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import Link, NodeGraph, Slot, changed
from batchgen_app.workflows.node_types import NodeTypes

WITH_CLIP, MODEL_ONLY = "LoraLoader", "LoraLoaderModelOnly"
LOADERS = frozenset({WITH_CLIP, MODEL_ONLY})


def with_loras(
    nodes: JsonObject, known: NodeTypes, loader: str, loras: Sequence[Lora]
) -> JsonObject:
    """The graph with these behind node ``loader``, the first one nearest to it. Where the loader
    gives the text encoders along, they get them, too.
    """
    graph = NodeGraph(nodes)
    model, clip = Link(loader, _output(graph, known, loader, "MODEL") or 0), None
    if (slot := _output(graph, known, loader, "CLIP")) is not None:
        clip = Link(loader, slot)
    chain = _chain(graph, model, clip, loras)
    last = list(chain)[-1]
    ends = {model: [last, 0], **({clip: [last, 1]} if clip else {})}
    return {**changed(nodes, _led_through(graph, ends)), **chain}


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


def _led_through(graph: NodeGraph, ends: dict[Link, list[object]]) -> Iterator[tuple[Slot, object]]:
    for node_id in graph:
        for name, link in graph.links(node_id).items():
            if link in ends:
                yield Slot(node_id, name), ends[link]


def _output(graph: NodeGraph, known: NodeTypes, node_id: str, kind: str) -> int | None:
    """Which output of a node gives that; of a checkpoint it is known without being told."""
    told = (known.get(graph.class_type(node_id)) or {}).get("output")
    if not isinstance(told, list):
        is_checkpoint = "ckpt_name" in graph.inputs(node_id)
        told = ["MODEL", "CLIP", "VAE"] if is_checkpoint else ["MODEL"]
    return told.index(kind) if kind in told else None
