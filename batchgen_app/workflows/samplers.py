"""The samplers of a graph, in stages, and the nodes that they are put together from.

A sampler turns conditionings into a latent or a picture (KSampler, SamplerCustomAdvanced, a
detailer, an upscaler that samples). Around it stand its seed, steps, cfg, sampler and scheduler.
Where the conditionings come bundled with everything else (a pipe), whoever has settings and takes
the bundle is one; and so is what goes on with a latent, and has settings of its own for that.
"""

import re
from collections.abc import Collection, Iterable
from functools import cached_property

from batchgen_app.workflows.graph import Link
from batchgen_app.workflows.typed_graph import CONDITIONING, GUIDER, LATENT, PIPE, TypedGraph

PARTS = ("guider", "sampler", "sigmas", "noise")
"""Inputs by which a custom sampler is put together from several nodes."""
SETTINGS = frozenset({"seed", "noise_seed", "steps", "cfg", "denoise", "sampler_name", "sigmas"})
"""Inputs of which a sampler has one at least; what only changes conditionings has none."""


_SAMPLES = re.compile(r"sampler|sample$|detail|upscal|inpaint", re.IGNORECASE)
"""Types of nodes that sample, and do not only keep settings for others."""


class Samplers:
    """Those of the first stage first, then those that go on with what others made."""

    def __init__(self, typed: TypedGraph) -> None:
        self._typed = typed
        self._graph = typed.graph
        found = [node_id for node_id in typed.live if self._is_sampler(node_id)]
        self._overruled = {n for n in found if self._is_overruled(n, set(found))}
        found = [n for n in found if n not in self._overruled]
        # One that nothing reads, left over in the graph, counts only if there is no other.
        ends = set(self._graph.ends())
        found = [
            n for n in found if n not in ends or typed.node_info(n).get("output_node")
        ] or found
        self._stage = self._stages(set(found))
        self._begins = self._beginnings(set(found))
        self.all = sorted(found, key=self.behind)
        self.first = [node_id for node_id in found if self.behind(node_id) == 0]
        """Those that nothing was sampled for before."""

    def behind(self, node_id: str) -> int:
        """How many samplers stand one behind another before a node."""
        return self._stage.get(node_id, 0)

    def begin_of(self, sampler: str) -> str:
        """The first stage of those that a sampler goes on with; itself where it is one."""
        return self._begins.get(sampler, sampler)

    def put_first(self, nodes: Collection[str]) -> None:
        """Of each stage those that are among these: whose settings are read is the image's."""
        self.all.sort(key=lambda n: (self.behind(n), n not in nodes))
        self.first.sort(key=lambda n: n not in nodes)

    def _beginnings(self, samplers: Collection[str]) -> dict[str, str]:
        """Of each node that something was sampled for, where that began."""
        found: dict[str, str] = {}
        for node_id in self._graph.sources_first:
            before = (link.node_id for link in self._graph.links(node_id).values())
            begin = next((found[n] for n in before if n in found), None)
            if begin or node_id in samplers:
                found[node_id] = begin or node_id
        return found

    def _stages(self, samplers: set[str]) -> dict[str, int]:
        """Of each node, how many samplers stand one behind another before it."""
        stage: dict[str, int] = {}
        for node_id in self._graph.sources_first:
            before = (link.node_id for link in self._graph.links(node_id).values())
            stage[node_id] = max((stage[n] + (n in samplers) for n in before), default=0)
        return stage

    def parts(self, samplers: Iterable[str], without: Collection[str] = ()) -> list[str]:
        """These samplers and the nodes that they are put together from."""
        # Dicts for sets that keep their order: the first place of a role is the one that is read.
        group = dict.fromkeys(samplers)
        for node_id in (waiting := list(group)):
            for part in self._parts_of(node_id):
                if part.node_id not in group and part.node_id not in without:
                    group[part.node_id] = None
                    waiting.append(part.node_id)
        return [node_id for node_id in group if node_id not in self._overruled]

    @cached_property
    def group(self) -> list[str]:
        """All samplers and their parts."""
        return self.parts(self.all)

    def _parts_of(self, node_id: str) -> list[Link]:
        links = self._graph.links(node_id)
        rerouted = self._graph.rerouted(node_id)
        parts = [rerouted] if rerouted else [links[part] for part in PARTS if part in links]
        return [*parts, *self._typed.links_of(node_id, PIPE).values()]

    def _is_sampler(self, node_id: str) -> bool:
        links = self._graph.links(node_id)
        if "guider" in links or self._typed.links_of(node_id, GUIDER):
            return True
        settings = SETTINGS.intersection(self._graph.inputs(node_id))
        if not settings or self._makes_part(node_id):
            return False
        if self._typed.links_of(node_id, CONDITIONING, PIPE):
            return True
        return len(settings) > 1 and bool(self._typed.links_of(node_id, LATENT))

    def _is_overruled(self, node_id: str, samplers: Collection[str]) -> bool:
        """Whether it only keeps settings for samplers that have all of these themselves."""
        if _SAMPLES.search(self._graph.class_type(node_id)):
            return False
        settings = SETTINGS.intersection(self._graph.inputs(node_id))
        readers = [
            reader
            for reader in self._graph.readers(node_id)
            if reader.node_id in samplers and self._typed.kind(reader.node_id, reader.name) == PIPE
        ]
        return bool(readers) and all(
            settings - {"seed"} <= self._graph.inputs(reader.node_id).keys() for reader in readers
        )

    def _makes_part(self, node_id: str) -> bool:
        """A guider, or a conditioning with something random in it."""
        if kinds := self._typed.gives(node_id):
            return set(kinds) <= {GUIDER, CONDITIONING}
        return any(slot.name == "guider" for slot in self._graph.readers(node_id))
