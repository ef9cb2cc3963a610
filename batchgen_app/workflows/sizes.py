"""Where the size of the pictures stands: in the empty latents that the samplers start from, or in
the loader that makes one along; without a sampler, in empty images.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from batchgen_app.workflows.graph import InputPlace
from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.typed_graph import (
    CHOICE,
    CONDITIONING,
    GUIDER,
    IMAGE,
    LATENT,
    MODEL,
    NUMBER,
    OTHER,
    PIPE,
    TEXT,
    WHOLE,
    TypedGraph,
)

PAIRS = (("width", "height"), ("empty_latent_width", "empty_latent_height"))
COUNTS = frozenset({"batch_size", "length", "video_frames", "num_frames"})
"""Beside a size they say that something is begun with it, not brought to it."""
NO_LATENT = frozenset({
    CONDITIONING, GUIDER, MODEL, OTHER, TEXT, WHOLE, NUMBER, CHOICE, "CLIP", "CONTROL_NET",
})  # fmt: skip
"""What no latent comes by."""
_FILM = re.compile(r"(?i:animat|video|frames|gif|webm)|^ADE_")
"""Types of nodes that join pictures to a film, or sample them together."""
_FILM_INPUTS = frozenset({"fps", "frame_rate"})
_PRESET = re.compile(r"resolution|aspect_ratio|dimensions|preset")
_FREE = re.compile(r"custom|自定义|manual|free|none", re.IGNORECASE)
"""Choices that leave the size to the numbers beside them."""


@dataclass(frozen=True)
class Sizes:
    """``latents``: how many pictures are sampled at once, unless they are the frames of a film."""

    width: list[InputPlace]
    height: list[InputPlace]
    latents: list[InputPlace]


def find_sizes(typed: TypedGraph, samplers: Samplers) -> Sizes:
    """The places of width and height, and of ``batch_size`` beside them."""
    reached = _behind(typed, samplers)
    sampling = set(samplers.all)
    said = [n for n in reached if _is_source(typed, n) or _samples_alone(typed, n, sampling)]
    # A size beside a bundle is what a latent in there is brought to, if there is one.
    sources = [n for n in said if not typed.links_of(n, PIPE)] or said
    free = [node_id for node_id in sources if not _has_preset(typed, node_id)]
    counting = [] if _makes_film(typed) else [n for n in reached if _begins(typed, n)]
    return Sizes(
        width=[p for name, _ in PAIRS for p in _places(typed, free, name)],
        height=[p for _, name in PAIRS for p in _places(typed, free, name)],
        latents=_places(typed, counting, "batch_size"),
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
    return _has_size(inputs) and _begins(typed, node_id)


def _has_size(inputs: Collection[str]) -> bool:
    return any(wide in inputs and high in inputs for wide, high in PAIRS)


def _begins(typed: TypedGraph, node_id: str) -> bool:
    """Whether a latent or a picture begins there, that nothing was before."""
    inputs = typed.graph.inputs(node_id)
    if "empty_latent_width" in inputs or "Empty" in typed.graph.class_type(node_id):
        return True
    if typed.links_of(node_id, LATENT):
        return False
    if gives := typed.gives(node_id):
        return LATENT in gives
    is_latent = _has_size(inputs) or "latent" in typed.graph.class_type(node_id).lower()
    return is_latent and bool(COUNTS.intersection(inputs))


def _samples_alone(typed: TypedGraph, node_id: str, samplers: Collection[str]) -> bool:
    """Whether a sampler needs no latent: it says the size itself."""
    has_size = _has_size(typed.graph.inputs(node_id)) and node_id in samplers
    return has_size and not typed.links_of(node_id, LATENT, IMAGE)


def _has_preset(typed: TypedGraph, node_id: str) -> bool:
    """Whether a choice beside the numbers says the size instead of them."""
    chosen = [
        value
        for name, value in typed.graph.inputs(node_id).items()
        if isinstance(value, str) and _PRESET.search(name.lower())
    ]
    return bool(chosen) and not any(_FREE.search(value) for value in chosen)


def _places(typed: TypedGraph, node_ids: Iterable[str], name: str) -> list[InputPlace]:
    found = (typed.graph.place(node_id, name, int) for node_id in node_ids)
    return [place for place in found if place]


def _makes_film(typed: TypedGraph) -> bool:
    return any(_is_about_film(typed, node_id) for node_id in typed.live)


def _is_about_film(typed: TypedGraph, node_id: str) -> bool:
    inputs = typed.graph.inputs(node_id)
    if inputs.get("length") == 1:
        # A model of films that makes a single frame.
        return False
    is_called = _FILM.search(typed.graph.class_type(node_id))
    return bool(is_called) or bool(_FILM_INPUTS.intersection(inputs))
