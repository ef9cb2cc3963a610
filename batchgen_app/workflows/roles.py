"""Which input plays which part: found by following links and by what the server tells about its
nodes, never by node numbers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from batchgen_app.core.model_files import is_model_file
from batchgen_app.workflows.denoising import find_denoise
from batchgen_app.workflows.graph import PRIMITIVES, InputPlace, Kind, NodeGraph, Slot
from batchgen_app.workflows.keeping import Keeping, Slots, is_seed
from batchgen_app.workflows.lora_lists import is_entry
from batchgen_app.workflows.models import find_models
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.outputs import main_output
from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.sizes import find_sizes
from batchgen_app.workflows.switches import as_switched
from batchgen_app.workflows.texts import find_texts
from batchgen_app.workflows.typed_graph import TypedGraph

NUMBERS = (int, float)
SETTINGS: dict[str, Kind] = {
    "steps": int, "cfg": NUMBERS, "sampler_name": str, "scheduler": str,
}  # fmt: skip
"""Of a sampler; each stage may have its own."""
VAES = frozenset({"vae_name"})
TEXT_ENCODERS = frozenset({
    "clip_name", "clip_name1", "clip_name2", "clip_name3", "clip_name4", "text_encoder_name",
    "text_encoder1", "text_encoder2",
})  # fmt: skip
_LORA = re.compile(r"lora_name(_\d+)?")
_STACKED = re.compile(r"lora_\d+(_name)?")
_LOADS_PICTURE = re.compile(r"Load ?Image(?!.*(url|base64))", re.IGNORECASE)


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
    only a person can tell: such a role has no place until then. ``own`` are places which keep what
    they have, whatever is given for the role. ``live`` are the nodes that run. ``begins``: of each
    place where a stage keeps a setting, the one of the stage that its line of stages begins with.
    """

    roles: Roles
    choices: Mapping[str, Slots] = field(default_factory=dict)
    own: Mapping[str, Slots] = field(default_factory=dict)
    live: tuple[str, ...] = ()
    begins: Mapping[Slot, Slot] = field(default_factory=dict)


def find_roles(graph: NodeGraph, known: NodeTypes) -> Found:
    """The roles of a graph, as far as one can know with what the server tells."""
    graph = as_switched(graph)
    typed = TypedGraph(graph, known)
    samplers = Samplers(typed)
    outputs = main_output(typed, samplers)
    samplers.put_first(frozenset(graph.upstream(outputs[:1])))
    finder = _Finder(typed, samplers)
    texts = find_texts(typed, samplers)
    sizes = find_sizes(typed, samplers)
    denoise = find_denoise(typed, samplers)
    models, model_choice = find_models(typed, samplers)
    seeds = finder.seeds()
    others = finder.other_seeds()
    places = {
        "prompt": texts.prompt,
        "negative_prompt": texts.negative,
        **{name: finder.settings(name) for name in SETTINGS},
        "guidance": finder.anywhere("guidance", NUMBERS),
        "denoise": denoise.places,
        "width": sizes.width,
        "height": sizes.height,
        "latents_per_prompt": sizes.latents,
        "model": models,
        "vae": finder.files(VAES),
        "text_encoder": finder.text_encoders(),
        "lora": finder.loras(),
        "image": finder.pictures(),
    }
    keeping = Keeping(typed)
    seed_slots = keeping.seeds(seeds, [*seeds, *others])
    roles = Roles(
        **{role: keeping.slots(found) for role, found in places.items()},
        seed=seed_slots,
        other_seeds=_without(keeping.seeds(others, [*seeds, *others]), seed_slots),
        output=outputs,
    )
    choices = {
        "prompt": texts.prompt_choice,
        "negative_prompt": texts.negative_choice,
        "model": model_choice,
        "denoise": denoise.choice,
    }
    own = {
        "prompt": [*texts.prompt_own, *finder.wildcards()],
        "negative_prompt": texts.negative_own,
        "denoise": denoise.own,
    }
    live = tuple(typed.live)
    return Found(roles, _given(keeping, choices), _given(keeping, own), live, finder.begins())


def _given(keeping: Keeping, places: Mapping[str, Sequence[InputPlace]]) -> dict[str, Slots]:
    return {role: keeping.slots(some) for role, some in places.items() if some}


def _without(slots: Slots, others: Slots) -> Slots:
    taken = set(others)
    return tuple(slot for slot in slots if slot not in taken)


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

    def settings(self, name: str) -> list[InputPlace]:
        """The places of a sampler setting, those of the first stage first."""
        return self.places(self._samplers.group, [name], SETTINGS[name])

    def begins(self) -> dict[Slot, Slot]:
        """Of each setting's place the one where its line of stages begins; parallel lines have one
        each.
        """
        found: dict[Slot, Slot] = {}
        others = frozenset(self._samplers.all)
        for sampler in self._samplers.all:
            parts = self._samplers.parts([sampler], others)
            first = self._samplers.parts([self._samplers.begin_of(sampler)], others)
            for name, kind in SETTINGS.items():
                for begin in self.places(first, [name], kind)[:1]:
                    for place in self.places(parts, [name], kind):
                        found.setdefault(place.kept, begin.kept)
        return found

    def anywhere(self, name: str, kind: Kind) -> list[InputPlace]:
        """The places of an input in all that runs."""
        return self.places(self._typed.live, [name], kind)

    def wildcards(self) -> list[InputPlace]:
        """Words that a detailer takes instead of the prompt for what it finds."""
        places = self.places(self._samplers.group, ["wildcard"], str)
        return [place for place in places if self._graph.read(place.kept, str)]

    def seeds(self) -> list[InputPlace]:
        """The samplers' seeds; without one, any seed that the outputs depend on."""
        nodes = self._samplers.group
        own = self.places(nodes, ["seed"], int) + self.places(nodes, ["noise_seed"], int)
        return own or [*self._seeds_among(self._typed.live)]

    def other_seeds(self) -> list[InputPlace]:
        """All that can change a picture: of detailers, wildcards, grain."""
        return [*self._seeds_among(self._typed.live)]

    def _seeds_among(self, node_ids: Iterable[str]) -> Iterator[InputPlace]:
        for node_id in node_ids:
            for name in self._graph.inputs(node_id):
                if self._is_seed(node_id, name):
                    yield from self.places([node_id], [name], int)

    def _is_seed(self, node_id: str, name: str) -> bool:
        if is_seed(name):
            return True
        # A primitive number may be anything: whoever reads it calls it a seed, or not.
        options = self._typed.declared(node_id, name).options
        return bool(options.get("control_after_generate")) and name not in PRIMITIVES

    def text_encoders(self) -> list[InputPlace]:
        """Files of encoders for texts, not of those for pictures."""
        places = self.files(TEXT_ENCODERS)
        return [place for place in places if not self._sees(place.input.node_id)]

    def _sees(self, node_id: str) -> bool:
        is_called = "vision" in self._graph.class_type(node_id).lower()
        return is_called or "CLIP_VISION" in self._typed.gives(node_id)

    def loras(self) -> list[InputPlace]:
        """Where LoRA files are named, several in one node, too."""
        return [
            place
            for node_id in self._typed.live
            for name, value in self._graph.inputs(node_id).items()
            for place in self._loras_in(Slot(node_id, name), value)
        ]

    def _loras_in(self, slot: Slot, value: object) -> list[InputPlace]:
        if is_entry(value):
            return [InputPlace(slot, slot)]
        is_file = isinstance(value, str) and (value == "None" or is_model_file(value))
        is_called = _LORA.fullmatch(slot.name) or (is_file and _STACKED.fullmatch(slot.name))
        return self._named([slot.node_id], [slot.name]) if is_called else []

    def files(self, names: frozenset[str]) -> list[InputPlace]:
        """The places of model files of one kind in all that runs."""
        return self._named(self._typed.live, names)

    def _named(self, node_ids: Iterable[str], names: Iterable[str]) -> list[InputPlace]:
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
        if self._typed.node_info(node_id):
            return bool(self._typed.declared(node_id, name).options.get("image_upload"))
        is_loader = _LOADS_PICTURE.match(self._graph.class_type(node_id))
        return name == "image" and is_loader is not None
