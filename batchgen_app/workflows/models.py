"""Which loaders get the chosen model: those whose model the samplers of the first stage use."""

import re
from collections.abc import Collection, Iterable, Iterator

from batchgen_app.core.model_files import is_model_file
from batchgen_app.workflows.graph import InputPlace, Link
from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.typed_graph import MODEL, PIPE, TypedGraph

MODEL_NAME = re.compile(
    r"(base_)?(ckpt_name|ckpt|checkpoint|unet_name|model_name|model_path|diffusion_model|model)"
)
"""Inputs in which a model for pictures is named."""
_OTHER_FILE = re.compile(r"vae|lora|clip|encoder|control|upscale|refiner|vision|motion|adapter")
_SURE = re.compile(r"(base_)?(ckpt_name|unet_name)")
"""Names by which nothing else is called."""


def find_models(typed: TypedGraph, samplers: Samplers) -> tuple[list[InputPlace], list[InputPlace]]:
    """The loaders behind the samplers of the first stage; what to choose from where these are
    several files.
    """
    starts = samplers.parts(samplers.first)
    places = [place for node_id in _line(typed, starts) for place in _named(typed, node_id)]
    names = {typed.graph.read(place.kept, str) for place in places}
    return (places, []) if len(names) <= 1 else ([], places)


def _line(typed: TypedGraph, starts: Iterable[str]) -> list[str]:
    """The samplers, and all nodes that their model comes through."""
    found = dict.fromkeys(starts)
    parts = set(found)
    for node_id in (waiting := list(found)):
        for link in _behind(typed, node_id, parts):
            if link.node_id not in found:
                found[link.node_id] = None
                waiting.append(link.node_id)
    return list(found)


def _behind(typed: TypedGraph, node_id: str, parts: Collection[str]) -> Iterator[Link]:
    """Where the model comes from: by itself, else in a bundle. A switch or a reroute on the way
    does not tell what it passes on.
    """
    links = typed.links_of(node_id, MODEL) or typed.links_of(node_id, PIPE)
    if not links and node_id not in parts and not any(_named(typed, node_id)):
        links = typed.links_of(node_id, "")
    yield from links.values()


def _named(typed: TypedGraph, node_id: str) -> Iterator[InputPlace]:
    """Where a node names its file: what gets a model already names something to add to it."""
    if typed.links_of(node_id, MODEL):
        return
    files = {
        name: place
        for name in typed.graph.inputs(node_id)
        if (place := _file(typed, node_id, name))
    }
    named = [place for name, place in files.items() if MODEL_NAME.fullmatch(name)]
    others = [place for name, place in files.items() if not _OTHER_FILE.search(name)]
    yield from named or (others if len(others) == 1 else [])


def _file(typed: TypedGraph, node_id: str, name: str) -> InputPlace | None:
    """The place of a file's name; one that is computed can only be known by its input's name."""
    place = typed.graph.place(node_id, name, str)
    value = typed.graph.read(place.kept, str) if place else None
    is_file = _SURE.fullmatch(name) or (value is not None and is_model_file(value))
    return place if is_file else None
