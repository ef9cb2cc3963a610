"""Which node plays which part: found by following links, never by node numbers.

A sampler is a node that the end of the graph depends on and that has a positive link (KSampler) or
a guider link (SamplerCustomAdvanced). Around it stand its seed, steps, cfg, sampler and scheduler;
behind it the text encoders, the empty latent and the model loader.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from batchgen_app.core.graph import Link, NodeGraph, Slot

NUMBER = (int, float)
PARTS = ("guider", "sampler", "sigmas", "noise")
"""Inputs by which a custom sampler is put together from several nodes."""
TEXTS = ("text", "text_g", "text_l", "clip_g", "clip_l", "t5xxl", "llama", "prompt")
"""Inputs in which text encoders keep the prompt."""
MODELS = ("ckpt_name", "unet_name")
NOT_CONDITIONING = frozenset({
    "clip", "clip_vision", "clip_vision_output", "control_net", "image", "images", "latent",
    "latent_image", "mask", "model", "pixels", "samples", "style_model", "vae",
})  # fmt: skip
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
    positive = _unique(finder.texts(POSITIVE))
    sources = finder.size_sources()
    return Roles(
        positive=positive,
        negative=tuple(slot for slot in finder.texts(NEGATIVE) if slot not in positive),
        seed=finder.seeds(),
        steps=finder.settings("steps", int),
        cfg=finder.settings("cfg", NUMBER),
        sampler_name=finder.settings("sampler_name", str),
        scheduler=finder.settings("scheduler", str),
        width=finder.slots(sources, "width", int),
        height=finder.slots(sources, "height", int),
        latents_per_prompt=finder.slots(sources, "batch_size", int),
        model=finder.models(),
    )


class _Finder:
    """Walks one graph."""

    def __init__(self, graph: NodeGraph) -> None:
        self._graph = graph
        self._live = graph.live()
        self._samplers = [node_id for node_id in self._live if self._is_sampler(node_id)]
        self._groups = [self._group(sampler) for sampler in self._samplers]

    def _is_sampler(self, node_id: str) -> bool:
        links = self._graph.links(node_id)
        return ("guider" in links) or (POSITIVE in links and "latent_image" in links)

    def _group(self, sampler: str) -> list[str]:
        """A sampler and the nodes that it is put together from."""
        group = [sampler]
        for node_id in group:
            links = self._graph.links(node_id)
            group += [links[part].node_id for part in PARTS if part in links]
        return group

    def _grouped(self) -> Iterator[str]:
        yield from dict.fromkeys(node_id for group in self._groups for node_id in group)

    def slots(
        self, node_ids: Iterable[str], name: str, kind: type | tuple[type, ...]
    ) -> tuple[Slot, ...]:
        """The places of input ``name`` in these nodes."""
        found = (self._graph.slot(node_id, name, kind) for node_id in node_ids)
        return _unique(slot for slot in found if slot)

    def settings(self, name: str, kind: type | tuple[type, ...]) -> tuple[Slot, ...]:
        """The places of a sampler setting."""
        return self.slots(self._grouped(), name, kind)

    def seeds(self) -> tuple[Slot, ...]:
        """The samplers' seeds; without a sampler, any seed that the ends depend on."""
        nodes = list(self._grouped()) or self._live
        return self.slots(nodes, "seed", int) + self.slots(nodes, "noise_seed", int)

    def texts(self, role: str) -> tuple[Slot, ...]:
        """Every text of every encoder that the role reaches."""
        starts = (self._conditioning(node_id, role) for node_id in self._grouped())
        encoders = self._encoders((link for links in starts for link in links), role)
        return _unique(slot for node_id in encoders for slot in self._text_slots(node_id))

    def _conditioning(self, node_id: str, role: str) -> list[Link]:
        links = self._graph.links(node_id)
        names = GUIDER_POSITIVE if role == POSITIVE else (NEGATIVE,)
        return [links[name] for name in names if name in links]

    def _encoders(self, starts: Iterable[Link], role: str) -> list[str]:
        """Walks up from ``starts`` until nodes that hold text."""
        waiting, seen, encoders = list(starts), set[Link](), []
        for link in waiting:
            if link in seen:
                continue
            seen.add(link)
            if self._text_slots(link.node_id):
                encoders.append(link.node_id)
            else:
                waiting += self._behind(link, role)
        return encoders

    def _behind(self, link: Link, role: str) -> list[Link]:
        """The conditioning inputs that output ``link.slot`` of a node is made of. Nodes that pass
        a positive and a negative through (ControlNet) give them in this order.
        """
        links = self._graph.links(link.node_id)
        if POSITIVE in links and NEGATIVE in links:
            kept = (POSITIVE, NEGATIVE)[link.slot] if link.slot < 2 else role
            return [links[kept]]
        return [behind for name, behind in links.items() if name not in NOT_CONDITIONING]

    def _text_slots(self, node_id: str) -> list[Slot]:
        found = (self._graph.slot(node_id, name, str) for name in TEXTS)
        return [slot for slot in found if slot]

    def size_sources(self) -> list[str]:
        """The empty latents that the samplers start from; without a sampler, empty images."""
        starts = (self._graph.link(node_id, "latent_image") for node_id in self._samplers)
        behind = [n for link in starts if link for n in self._graph.upstream(link.node_id)]
        candidates = behind if self._samplers else self._live
        return [node_id for node_id in dict.fromkeys(candidates) if self._is_empty(node_id)]

    def _is_empty(self, node_id: str) -> bool:
        inputs = self._graph.inputs(node_id)
        named = self._graph.class_type(node_id).startswith("Empty")
        return named and "width" in inputs and "height" in inputs

    def models(self) -> tuple[Slot, ...]:
        """The loaders behind the samplers."""
        starts = (self._graph.link(node_id, "model") for node_id in self._grouped())
        behind = [n for link in starts if link for n in self._graph.upstream(link.node_id)]
        return _unique(slot for name in MODELS for slot in self.slots(behind, name, str))


def _unique(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    return tuple(dict.fromkeys(slots))
