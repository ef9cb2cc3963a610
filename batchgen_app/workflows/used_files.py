"""What a graph uses beside its model: LoRAs with their strengths, and pictures to start from."""

import re
from collections.abc import Iterator
from contextlib import suppress

from pydantic import ValidationError

from batchgen_app.core.ids import split_image_id
from batchgen_app.core.request import Lora
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import NodeGraph, Slot
from batchgen_app.workflows.lora_lists import file_of
from batchgen_app.workflows.roles import NUMBERS, Roles
from batchgen_app.workflows.switches import as_switched

FOLDER = "batchgen"
"""Of a server's pictures: the one of those that this app has brought there."""
_UPLOADED = re.compile(r"[0-9a-f]{40}\.(png|jpg|webp)")
_NUMBERED = re.compile(r"lora_name(_\d+)?|lora_\d+(_name)?")
STRENGTHS = ("strength_model", "lora_model_strength", "strength", "model_str", "lora_wt")
"""How nodes call it; those of several number it as they do their files."""


def loras_of(nodes: JsonObject, outputs: tuple[str, ...]) -> list[Lora]:
    """Those that change what the ``outputs`` give, the first one nearest to the model; only such
    whose strength is known.
    """
    graph = as_switched(NodeGraph(nodes))
    upstream = reversed(graph.upstream(outputs))
    return [lora for node_id in upstream for lora in _of_node(graph, node_id)]


def _of_node(graph: NodeGraph, node_id: str) -> Iterator[Lora]:
    for name, value in graph.inputs(node_id).items():
        if file := file_of(value):
            yield from _lora(file, value.get("strength"))
        elif _NUMBERED.fullmatch(name) and isinstance(value, str) and value != "None":
            yield from _lora(value, _strength(graph, node_id, name))


def _lora(name: str, strength: object) -> Iterator[Lora]:
    """As far as a request can ask for it."""
    if strength is not None:
        with suppress(ValidationError):
            yield Lora.model_validate({"name": name, "strength": strength})


def _strength(graph: NodeGraph, node_id: str, name: str) -> object:
    number = "".join(re.findall(r"_\d+", name))
    read = (graph.read(Slot(node_id, f"{each}{number}"), NUMBERS) for each in STRENGTHS)
    return next((strength for strength in read if strength is not None), None)


def own_pictures(graph: NodeGraph, roles: Roles) -> dict[str, str]:
    """The ids of pictures of this app that it starts from, by slot."""
    read = {slot: graph.read(slot, str) for slot in roles.image}
    ids = {slot: _picture_id(name) for slot, name in read.items() if name}
    return {str(slot): found for slot, found in ids.items() if found}


def _picture_id(name: str) -> str | None:
    """Of what the server calls it."""
    folder, _, file = name.rpartition("/")
    if folder != FOLDER:
        return None
    if _UPLOADED.fullmatch(file):
        return file
    stem = file.rpartition(".")[0]
    return stem if split_image_id(stem) else None
