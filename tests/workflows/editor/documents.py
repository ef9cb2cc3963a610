"""Documents of ComfyUI's editor, written down the short way: nodes with their inputs, and the links
between them are made from where an input comes from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from batchgen_app.core.wire import JsonObject

TYPES = {
    "model": "MODEL", "clip": "CLIP", "vae": "VAE", "samples": "LATENT", "latent_image": "LATENT",
    "positive": "CONDITIONING", "negative": "CONDITIONING", "conditioning": "CONDITIONING",
    "images": "IMAGE", "image": "IMAGE", "pixels": "IMAGE", "seed": "INT", "steps": "INT",
    "width": "INT", "height": "INT", "batch_size": "INT", "cfg": "FLOAT", "text": "STRING",
    "sampler_name": "COMBO", "scheduler": "COMBO", "denoise": "FLOAT", "ckpt_name": "COMBO",
}  # fmt: skip
OUTPUTS = {
    "CheckpointLoaderSimple": ["MODEL", "CLIP", "VAE"],
    "CLIPTextEncode": ["CONDITIONING"],
    "ConditioningZeroOut": ["CONDITIONING"],
    "EmptyLatentImage": ["LATENT"],
    "KSampler": ["LATENT"],
    "LoraLoader": ["MODEL", "CLIP"],
    "LoraLoaderModelOnly": ["MODEL"],
    "VAEDecode": ["IMAGE"],
    "ImageScale": ["IMAGE"],
    "Reroute": ["*"],
}
WIDGETS = frozenset({"INT", "FLOAT", "STRING", "COMBO", "BOOLEAN"})
ENTRANCE, EXIT = -10, -20
"""Where the links of a subgraph come from and go to, outside of which they lead on."""


@dataclass
class Drawn:
    """A graph of the editor: the document's own, or a subgraph's (with inputs and outputs)."""

    nodes: list[JsonObject]
    links: list[tuple[int, Any, int, Any, int, str]]
    inputs: list[JsonObject] = field(default_factory=list)
    outputs: list[JsonObject] = field(default_factory=list)


def box(
    node_id: int | str,
    kind: str,
    values: list[Any] | JsonObject | None = None,
    /,
    *,
    named: JsonObject | None = None,
    mode: int = 0,
    title: str | None = None,
    outputs: list[str] | None = None,
    types: JsonObject | None = None,
    properties: JsonObject | None = None,
    **sources: tuple[Any, int] | None,
) -> JsonObject:
    """A node. Each of ``sources`` is an input: linked from (node id, output), or not at all."""
    made: JsonObject = {
        "id": node_id,
        "type": kind,
        "mode": mode,
        "inputs": [_socket(name, (types or {}).get(name)) for name in sources],
        "outputs": [{"name": each, "type": each} for each in outputs or OUTPUTS.get(kind, [])],
        "properties": properties or {},
        "widgets_values": values,
        "sources": sources,
    }
    if named is not None:
        made["widgets_values_named"] = named
    return made | ({"title": title} if title else {})


def drawn(
    *boxes: JsonObject,
    inputs: tuple[str, ...] = (),
    outputs: tuple[tuple[str, tuple[Any, int]], ...] = (),
) -> Drawn:
    """A graph of ``boxes``: each link gets its number in both of its ends."""
    numbers = count(1)
    graph = Drawn([], [], [{"name": n, "type": TYPES.get(n, "*"), "linkIds": []} for n in inputs])
    graph.nodes = [{key: part for key, part in each.items() if key != "sources"} for each in boxes]
    for each in boxes:
        for slot, source in enumerate(each["sources"].values()):
            if source is not None:
                socket = each["inputs"][slot]
                socket["link"] = next(numbers)
                _link(graph, socket["link"], source, (each["id"], slot), socket["type"])
    for slot, (kind, source) in enumerate(outputs):
        number = next(numbers)
        graph.outputs.append({"name": kind, "type": kind, "linkIds": [number]})
        _link(graph, number, source, (EXIT, slot), kind)
    return graph


def document(
    *boxes: JsonObject,
    extra: JsonObject | None = None,
    subgraphs: Mapping[str, Drawn] | None = None,
) -> JsonObject:
    """A file, as the editor saves it; the name of a subgraph is the type of nodes in its place."""
    graph = drawn(*boxes)
    made: JsonObject = {
        "last_node_id": 100,
        "last_link_id": 1000,
        "nodes": graph.nodes,
        "links": [list(link) for link in graph.links],
        "groups": [],
        "config": {},
        "extra": extra or {},
        "version": 0.4,
    }
    if subgraphs:
        definitions = [_definition(name, each) for name, each in subgraphs.items()]
        made["definitions"] = {"subgraphs": definitions}
    return made


def text_to_image(**changes: JsonObject | None) -> list[JsonObject]:
    """The boxes of the smallest graph that makes a picture; others under the same names instead."""
    boxes = {
        "loader": box(4, "CheckpointLoaderSimple", ["photo.safetensors"], ckpt_name=None),
        "latent": box(
            5, "EmptyLatentImage", [512, 512, 1], width=None, height=None, batch_size=None
        ),
        "good": box(6, "CLIPTextEncode", ["a cat"], title="Prompt", clip=(4, 1), text=None),
        "bad": box(7, "CLIPTextEncode", ["ugly"], clip=(4, 1), text=None),
        "sampler": sampler(3),
        "decode": box(8, "VAEDecode", [], samples=(3, 0), vae=(4, 2)),
        "save": box(9, "SaveImage", ["ComfyUI"], images=(8, 0)),
    }
    return [each for each in {**boxes, **changes}.values() if each is not None]


def sampler(node_id: int, **changes: Any) -> JsonObject:
    """A KSampler between the boxes of ``text_to_image``."""
    linked: JsonObject = {
        "model": (4, 0), "positive": (6, 0), "negative": (7, 0), "latent_image": (5, 0),
        "seed": None, "steps": None, "cfg": None, "sampler_name": None, "scheduler": None,
        "denoise": None,
    }  # fmt: skip
    values = [42, "randomize", 20, 7.5, "euler", "normal", 1.0]
    return box(node_id, "KSampler", values, **{**linked, **changes})


def _socket(name: str, kind: str | None) -> JsonObject:
    kind = kind or TYPES.get(name, "*")
    made = {"name": name, "type": kind, "link": None}
    return made | ({"widget": {"name": name}} if kind in WIDGETS else {})


def _link(graph: Drawn, number: int, source: Any, target: Any, kind: str) -> None:
    graph.links.append((number, *source, *target, kind))
    if source[0] == ENTRANCE:
        graph.inputs[source[1]]["linkIds"].append(number)
        graph.inputs[source[1]]["type"] = kind
    for node in graph.nodes:
        if node["id"] == source[0]:
            node["outputs"][source[1]].setdefault("links", []).append(number)


def _definition(name: str, graph: Drawn) -> JsonObject:
    return {
        "id": name,
        "name": name,
        "version": 1,
        "state": {"lastNodeId": 100, "lastLinkId": 1000, "lastGroupId": 0, "lastRerouteId": 0},
        "revision": 0,
        "config": {},
        "inputNode": {"id": ENTRANCE, "bounding": [0, 0, 100, 100]},
        "outputNode": {"id": EXIT, "bounding": [900, 0, 100, 100]},
        "inputs": [{"id": f"in-{n}", **each} for n, each in enumerate(graph.inputs)],
        "outputs": [{"id": f"out-{n}", **each} for n, each in enumerate(graph.outputs)],
        "nodes": graph.nodes,
        "links": list(_as_objects(graph)),
        "groups": [],
        "extra": {},
    }


def _as_objects(graph: Drawn) -> Iterator[JsonObject]:
    names = ("id", "origin_id", "origin_slot", "target_id", "target_slot", "type")
    return (dict(zip(names, link, strict=True)) for link in graph.links)
