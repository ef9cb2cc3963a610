"""Which node plays which part: found by following links, never by node numbers.

A sampler is a node that something depends on and that has a positive link (KSampler) or a guider
link (SamplerCustomAdvanced). Around it stand its seed, steps, cfg, sampler and scheduler; behind
it the text encoders, the empty latent and the model loader.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from batchgen_app.workflows.graph import InputPlace, Kind, Link, NodeGraph, Slot

NUMBER = (int, float)
PARTS = ("guider", "sampler", "sigmas", "noise")
"""Inputs by which a custom sampler is put together from several nodes."""
TEXTS = (
    "text", "text_g", "text_l", "clip_g", "clip_l", "t5xxl", "llama", "bert", "mt5xl", "prompt",
    "user_prompt",
)  # fmt: skip
"""Inputs in which text encoders keep the prompt."""
MODELS = ("ckpt_name", "unet_name")
NOT_CONDITIONING = frozenset({
    "clip", "clip_vision", "clip_vision_output", "control_net", "image", "images", "latent",
    "latent_image", "mask", "model", "pixels", "samples", "style_model", "vae",
})  # fmt: skip
NOT_LATENT = frozenset({"clip", "control_net", "guider", "model", "negative", "positive"})
POSITIVE, NEGATIVE = "positive", "negative"
GUIDER_POSITIVE = ("positive", "conditioning", "cond1", "cond2")


@dataclass(frozen=True)
class Roles:
    """Every place where a value of the request goes; empty where the graph has none."""

    positive: tuple[Slot, ...]
    negative: tuple[Slot, ...]
    seed: tuple[Slot, ...]
    steps: tuple[Slot, ...]
    cfg: tuple[Slot, ...]
    sampler_name: tuple[Slot, ...]
    scheduler: tuple[Slot, ...]
    width: tuple[Slot, ...]
    height: tuple[Slot, ...]
    latents_per_prompt: tuple[Slot, ...]
    model: tuple[Slot, ...]


def find_roles(graph: NodeGraph) -> Roles:
    """The roles of a graph."""
    finder = _Finder(graph)
    positive, negative = finder.texts(POSITIVE), finder.texts(NEGATIVE)
    prompts = set(positive)
    sources = finder.size_sources()
    return _settle(
        graph,
        positive=positive,
        negative=[place for place in negative if place not in prompts],
        seed=finder.seeds(),
        steps=finder.settings("steps", int),
        cfg=finder.settings("cfg", NUMBER),
        sampler_name=finder.settings("sampler_name", str),
        scheduler=finder.settings("scheduler", str),
        width=finder.places(sources, "width", int),
        height=finder.places(sources, "height", int),
        latents_per_prompt=finder.places(sources, "batch_size", int),
        model=finder.models(),
    )


def _settle(graph: NodeGraph, **places: list[InputPlace]) -> Roles:
    """A primitive node that something else reads too is left alone: the role's inputs get the
    value instead.
    """
    return Roles(**{role: _slots(graph, found) for role, found in places.items()})


def _slots(graph: NodeGraph, places: list[InputPlace]) -> tuple[Slot, ...]:
    inputs = {place.input for place in places}
    kept_in = {place.kept.node_id for place in places}
    is_ours = {node_id: graph.readers(node_id) <= inputs for node_id in kept_in}
    slots = (place.kept if is_ours[place.kept.node_id] else place.input for place in places)
    return tuple(dict.fromkeys(slots))


class _Finder:
    """Walks one graph."""

    def __init__(self, graph: NodeGraph) -> None:
        self._graph = graph
        self._live = graph.live()
        self._samplers = self._find_samplers()
        self._group = self._find_group()

    def _find_samplers(self) -> list[str]:
        # A sampler that nothing reads, left over in the graph, counts only if there is no other.
        samplers = [node_id for node_id in self._live if self._is_sampler(node_id)]
        ends = set(self._graph.ends())
        return [node_id for node_id in samplers if node_id not in ends] or samplers

    def _is_sampler(self, node_id: str) -> bool:
        links = self._graph.links(node_id)
        return ("guider" in links) or (POSITIVE in links and "latent_image" in links)

    def _find_group(self) -> list[str]:
        """The samplers and the nodes that they are put together from."""
        # Dicts for sets that keep their order: the first place of a role is the one that is read.
        group = dict.fromkeys(self._samplers)
        for node_id in (waiting := list(group)):
            for part in self._parts(node_id):
                if part.node_id not in group:
                    group[part.node_id] = None
                    waiting.append(part.node_id)
        return list(group)

    def _parts(self, node_id: str) -> list[Link]:
        links = self._graph.links(node_id)
        rerouted = self._graph.rerouted(node_id)
        return [rerouted] if rerouted else [links[part] for part in PARTS if part in links]

    def places(self, node_ids: Iterable[str], name: str, kind: Kind) -> list[InputPlace]:
        """The places of input ``name`` in these nodes."""
        found = (self._graph.place(node_id, name, kind) for node_id in node_ids)
        return [place for place in found if place]

    def settings(self, name: str, kind: Kind) -> list[InputPlace]:
        """The places of a sampler setting."""
        return self.places(self._group, name, kind)

    def seeds(self) -> list[InputPlace]:
        """The samplers' seeds; without a sampler, any seed that the ends depend on."""
        nodes = self._group or self._live
        return self.places(nodes, "seed", int) + self.places(nodes, "noise_seed", int)

    def texts(self, role: str) -> list[InputPlace]:
        """Every text of every encoder that the role reaches."""
        starts = (link for node_id in self._group for link in self._conditioning(node_id, role))
        reached = self._reached(starts, role)
        return [place for node_id in reached for place in self._texts_of(node_id)]

    def _conditioning(self, node_id: str, role: str) -> Iterator[Link]:
        links = self._graph.links(node_id)
        names = GUIDER_POSITIVE if role == POSITIVE else (NEGATIVE,)
        return (links[name] for name in names if name in links)

    def _reached(self, starts: Iterable[Link], role: str) -> list[str]:
        """The nodes that a conditioning is made of, up to those that hold its text."""
        found = dict.fromkeys(link.node_id for link in starts)
        for node_id in (waiting := list(found)):
            for behind in self._behind(node_id, role):
                if behind.node_id not in found:
                    found[behind.node_id] = None
                    waiting.append(behind.node_id)
        return list(found)

    def _behind(self, node_id: str, role: str) -> list[Link]:
        """The conditioning inputs of a node. Nodes that pass a positive and a negative through
        (ControlNet) have their outputs in various places, so the role tells which is meant.
        """
        links = self._graph.links(node_id)
        if POSITIVE in links and NEGATIVE in links:
            return [links[role]]
        leads_on = _is_conditioning if self._texts_of(node_id) else _may_be_conditioning
        return [link for name, link in links.items() if leads_on(name)]

    def _texts_of(self, node_id: str) -> list[InputPlace]:
        """The texts of an encoder. What changes a conditioning (a GLIGEN box) has a text of its
        own, which is not the prompt, unless it calls itself an encoder.
        """
        changes = any(map(_is_conditioning, self._graph.links(node_id)))
        if changes and "Encode" not in self._graph.class_type(node_id):
            return []
        return [place for name in TEXTS for place in self.places([node_id], name, str)]

    def size_sources(self) -> list[str]:
        """The empty latents that the samplers start from; without a sampler, empty images."""
        starts = (self._graph.link(node_id, "latent_image") for node_id in self._samplers)
        behind = self._graph.upstream((link.node_id for link in starts if link), NOT_LATENT)
        nodes = behind if self._samplers else self._live
        return [node_id for node_id in nodes if self._is_empty(node_id)]

    def _is_empty(self, node_id: str) -> bool:
        inputs = self._graph.inputs(node_id)
        named = self._graph.class_type(node_id).startswith("Empty")
        return named and "width" in inputs and "height" in inputs

    def models(self) -> list[InputPlace]:
        """The loaders behind the samplers."""
        starts = (self._graph.link(node_id, "model") for node_id in self._group)
        behind = self._graph.upstream(link.node_id for link in starts if link)
        return [place for name in MODELS for place in self.places(behind, name, str)]


def _is_conditioning(name: str) -> bool:
    return name.startswith("conditioning")


def _may_be_conditioning(name: str) -> bool:
    return name not in NOT_CONDITIONING
