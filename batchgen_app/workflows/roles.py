"""Which input plays which part: found by following links and by what the server tells about its
nodes, never by node numbers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TypeAlias

from batchgen_app.core.model_files import is_model_file
from batchgen_app.workflows.graph import PRIMITIVES, InputPlace, Kind, NodeGraph, Slot
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.outputs import main_output
from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.sizes import find_sizes
from batchgen_app.workflows.texts import find_texts
from batchgen_app.workflows.typed_graph import MODEL, PIPE, TypedGraph

NUMBERS = (int, float)
Slots: TypeAlias = tuple[Slot, ...]
MODELS = frozenset(
    {"ckpt_name", "unet_name", "model_name", "checkpoint", "diffusion_model", "model"}
)
VAES = frozenset({"vae_name"})
TEXT_ENCODERS = frozenset({
    "clip_name", "clip_name1", "clip_name2", "clip_name3", "clip_name4", "text_encoder_name",
})  # fmt: skip
LORAS = frozenset({"lora_name"})


@dataclass(frozen=True)
class Roles:
    """Every place where a value of the request goes; empty where the graph has none. ``output`` are
    node ids: what the first one gives is the image. ``other_seeds`` get what ``seed`` gets.
    """

    prompt: Slots = ()
    negative_prompt: Slots = ()
    seed: Slots = ()
    other_seeds: Slots = ()
    steps: Slots = ()
    cfg: Slots = ()
    guidance: Slots = ()
    denoise: Slots = ()
    width: Slots = ()
    height: Slots = ()
    latents_per_prompt: Slots = ()
    sampler_name: Slots = ()
    scheduler: Slots = ()
    model: Slots = ()
    vae: Slots = ()
    text_encoder: Slots = ()
    lora: Slots = ()
    image: Slots = ()
    output: tuple[str, ...] = ()


INTERNAL = frozenset({"other_seeds", "latents_per_prompt"})
"""Roles that nobody is asked about and nobody corrects."""
SHOWN = tuple(field.name for field in fields(Roles) if field.name not in INTERNAL)


@dataclass(frozen=True)
class Found:
    """What was understood of a graph. ``choices`` are the places of roles that may be meant, where
    only a person can tell: such a role has no place until then. ``live`` are the nodes that run.
    """

    roles: Roles
    choices: Mapping[str, Slots] = field(default_factory=dict)
    live: tuple[str, ...] = ()


def find_roles(graph: NodeGraph, known: NodeTypes) -> Found:
    """The roles of a graph, as far as one can know with what the server tells."""
    typed = TypedGraph(graph, known)
    samplers = Samplers(typed)
    finder = _Finder(typed, samplers)
    texts = find_texts(typed, samplers)
    sizes = find_sizes(typed, samplers)
    models, model_choice = finder.models()
    seeds = finder.seeds()
    places = {
        "prompt": texts.prompt,
        "negative_prompt": texts.negative,
        "seed": seeds,
        "other_seeds": finder.other_seeds(seeds),
        "steps": finder.settings("steps", int),
        "cfg": finder.settings("cfg", NUMBERS),
        "guidance": finder.anywhere("guidance", NUMBERS),
        "denoise": finder.places(samplers.parts(samplers.first), ["denoise"], NUMBERS),
        "width": sizes.width,
        "height": sizes.height,
        "latents_per_prompt": sizes.latents,
        "sampler_name": finder.settings("sampler_name", str),
        "scheduler": finder.settings("scheduler", str),
        "model": models,
        "vae": finder.files(VAES),
        "text_encoder": finder.files(TEXT_ENCODERS),
        "lora": finder.files(LORAS),
        "image": finder.pictures(),
    }
    roles = Roles(
        **{role: _slots(graph, found) for role, found in places.items()},
        output=main_output(typed, samplers),
    )
    choices = {
        "prompt": texts.prompt_choice,
        "negative_prompt": texts.negative_choice,
        "model": model_choice,
    }
    questions = {role: _slots(graph, some) for role, some in choices.items() if some}
    return Found(roles, questions, tuple(typed.live))


def _slots(graph: NodeGraph, places: Iterable[InputPlace]) -> Slots:
    """A primitive node that something else reads too is left alone: the role's inputs get the
    value instead.
    """
    places = list(places)
    inputs = {place.input for place in places}
    kept_in = {place.kept.node_id for place in places}
    is_ours = {node_id: graph.readers(node_id) <= inputs for node_id in kept_in}
    slots = (
        place.kept if place.is_part or is_ours[place.kept.node_id] else place.input
        for place in places
    )
    return tuple(dict.fromkeys(slots))


class _Finder:
    """Walks one graph."""

    def __init__(self, typed: TypedGraph, samplers: Samplers) -> None:
        self._typed = typed
        self._graph = typed.graph
        self._samplers = samplers

    def places(self, node_ids: Iterable[str], names: Iterable[str], kind: Kind) -> list[InputPlace]:
        """The places of inputs ``names`` in these nodes."""
        names = list(names)
        found = (self._graph.place(node_id, name, kind) for node_id in node_ids for name in names)
        return [place for place in found if place]

    def settings(self, name: str, kind: Kind) -> list[InputPlace]:
        """The places of a sampler setting, those of the first stage first."""
        return self.places(self._samplers.group, [name], kind)

    def anywhere(self, name: str, kind: Kind) -> list[InputPlace]:
        """The places of an input in all that runs."""
        return self.places(self._typed.live, [name], kind)

    def seeds(self) -> list[InputPlace]:
        """The samplers' seeds; without one, any seed that the outputs depend on."""
        nodes = self._samplers.group
        own = self.places(nodes, ["seed"], int) + self.places(nodes, ["noise_seed"], int)
        return own or [*self._seeds_among(self._typed.live)]

    def other_seeds(self, own: list[InputPlace]) -> list[InputPlace]:
        """All others that can change a picture: of detailers, wildcards, grain."""
        taken = {place.kept for place in own}
        return [place for place in self._seeds_among(self._typed.live) if place.kept not in taken]

    def _seeds_among(self, node_ids: Iterable[str]) -> Iterator[InputPlace]:
        for node_id in node_ids:
            for name in self._graph.inputs(node_id):
                if self._is_seed(node_id, name):
                    yield from self.places([node_id], [name], int)

    def _is_seed(self, node_id: str, name: str) -> bool:
        lower = name.lower()
        if lower == "seed" or lower.endswith("_seed") or lower.startswith("seed_"):
            return True
        options = self._typed.declared(node_id, name).options
        # A primitive number may be anything: whoever reads it calls it a seed, or not.
        return bool(options.get("control_after_generate")) and name not in PRIMITIVES

    def models(self) -> tuple[list[InputPlace], list[InputPlace]]:
        """The loaders behind the samplers of the first stage; what to choose from where these are
        several files.
        """
        places = self._loaders(self._samplers.parts(self._samplers.first))
        names = {self._graph.read(place.kept, str) for place in places}
        return (places, []) if len(names) <= 1 else ([], places)

    def _loaders(self, node_ids: list[str]) -> list[InputPlace]:
        lines = [*self._model_line(node_ids), *self._graph_bundles(node_ids)]
        return [place for place in self._named(lines, MODELS) if self._is_loader(place)]

    def _graph_bundles(self, node_ids: list[str]) -> Iterator[str]:
        """Where a sampler is handed a bundle, its loader is part of the sampler's group."""
        return (n for n in node_ids if self._typed.links_of(n, PIPE) or not self._graph.links(n))

    def _model_line(self, node_ids: list[str]) -> list[str]:
        """All nodes that the samplers' model comes through."""
        found: dict[str, None] = {}
        for node_id in (waiting := list(node_ids)):
            for name, link in self._graph.links(node_id).items():
                if self._carries_model(node_id, name) and link.node_id not in found:
                    found[link.node_id] = None
                    waiting.append(link.node_id)
        return list(found)

    def _carries_model(self, node_id: str, name: str) -> bool:
        """A switch or a reroute on the way of a model does not tell what it passes on."""
        kind = self._typed.kind(node_id, name)
        return kind == MODEL or (kind == "" and node_id not in self._samplers.group)

    def _is_loader(self, place: InputPlace) -> bool:
        """Whether a file for pictures is named there: other nodes mean other things by "model"."""
        is_sure = place.input.name in {"ckpt_name", "unet_name"}
        return is_sure or is_model_file(self._graph.read(place.kept, str) or "")

    def files(self, names: frozenset[str]) -> list[InputPlace]:
        """The places of model files of one kind in all that runs."""
        return self._named(self._typed.live, names)

    def _named(self, node_ids: Iterable[str], names: frozenset[str]) -> list[InputPlace]:
        """Where files are named; what is computed names none."""
        places = self.places(node_ids, sorted(names), str)
        return [place for place in places if self._graph.read(place.kept, str) is not None]

    def pictures(self) -> list[InputPlace]:
        """Inputs that take a picture which was uploaded before."""
        found = (
            (node_id, name)
            for node_id in self._typed.live
            for name in self._graph.inputs(node_id)
            if self._takes_picture(node_id, name)
        )
        return [place for node_id, name in found for place in self.places([node_id], [name], str)]

    def _takes_picture(self, node_id: str, name: str) -> bool:
        options = self._typed.declared(node_id, name).options
        if self._typed.told(node_id):
            return bool(options.get("image_upload"))
        return name == "image" and self._graph.class_type(node_id).startswith("LoadImage")
