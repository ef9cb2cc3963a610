"""Where the size of the pictures stands: in the empty latents that the samplers start from, or in
the loader that makes one along; without a sampler, in empty images.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from batchgen_app.workflows.graph import InputPlace
from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.typed_graph import (
    CONDITIONING,
    GUIDER,
    LATENT,
    MODEL,
    OTHER,
    TypedGraph,
)

PAIRS = (("width", "height"), ("empty_latent_width", "empty_latent_height"))
NO_LATENT = frozenset({CONDITIONING, GUIDER, MODEL, OTHER, "CLIP", "CONTROL_NET"})
_FILM = re.compile(r"animat|video|frames|gif|webm|ADE_", re.IGNORECASE)
"""Types of nodes that join pictures to a film, or sample them together."""
_FILM_INPUTS = frozenset({"fps", "frame_rate"})


@dataclass(frozen=True)
class Sizes:
    """``latents``: how many pictures are sampled at once, unless they are the frames of a film."""

    width: list[InputPlace]
    height: list[InputPlace]
    latents: list[InputPlace]


def find_sizes(typed: TypedGraph, samplers: Samplers) -> Sizes:
    """The places of width and height, and of ``batch_size`` beside them."""
    sources = [node_id for node_id in _behind(typed, samplers) if _is_source(typed, node_id)]
    counted = [] if _makes_film(typed) else _places(typed, sources, "batch_size")
    return Sizes(
        width=[p for name, _ in PAIRS for p in _places(typed, sources, name)],
        height=[p for _, name in PAIRS for p in _places(typed, sources, name)],
        latents=counted,
    )


def _behind(typed: TypedGraph, samplers: Samplers) -> list[str]:
    """All nodes that the samplers' latents come from, and loaders that give everything at once."""
    if not samplers.all:
        return typed.live
    found = dict.fromkeys(samplers.group)
    for node_id in (waiting := list(found)):
        for name, link in typed.graph.links(node_id).items():
            kind = typed.kind(node_id, name)
            if kind not in NO_LATENT and link.node_id not in found:
                found[link.node_id] = None
                waiting.append(link.node_id)
    return list(found)


def _is_source(typed: TypedGraph, node_id: str) -> bool:
    inputs = typed.graph.inputs(node_id)
    if not any(wide in inputs and high in inputs for wide, high in PAIRS):
        return False
    if "empty_latent_width" in inputs or typed.graph.class_type(node_id).startswith("Empty"):
        return True
    gives = typed.told(node_id).get("output")
    return isinstance(gives, list) and LATENT in gives and not typed.links_of(node_id, LATENT)


def _places(typed: TypedGraph, node_ids: Iterable[str], name: str) -> list[InputPlace]:
    found = (typed.graph.place(node_id, name, int) for node_id in node_ids)
    return [place for place in found if place]


def _makes_film(typed: TypedGraph) -> bool:
    return any(
        _FILM.search(typed.graph.class_type(node_id))
        or _FILM_INPUTS.intersection(typed.graph.inputs(node_id))
        for node_id in typed.live
    )
