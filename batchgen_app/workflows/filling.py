"""What a request changes in a graph, and what of it does not come through as it was asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from batchgen_app.core.json_values import clipped
from batchgen_app.core.request import BatchRequest
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.additions import REFINER, refiner_in
from batchgen_app.workflows.graph import NodeGraph, Slot
from batchgen_app.workflows.keeping import Slots
from batchgen_app.workflows.node_types import LONGEST_NAME, node_label
from batchgen_app.workflows.proportions import Change, Proportions
from batchgen_app.workflows.roles import Found

CALLED = {
    "negative_prompt": "negative prompt",
    "cfg": "CFG",
    "sampler_name": "sampler",
    "vae": "VAE",
    "text_encoder": "text encoder",
}
"""Roles that people call by another name."""
WRITTEN = frozenset({"prompt", "negative_prompt", "model", "guidance", "denoise", "vae"})
"""Roles whose value goes to each of their places."""
STAGED = frozenset({"cfg", "sampler_name", "scheduler"})
"""Roles of which each stage may have a value of its own."""
KEEPS = later('{node} keeps its own {role}: "{value}".')
FOLLOWS = later("{node} follows in proportion: {input} is {value}.")
REPLACED = later(
    '{node} now has the {role} itself: the "{input}" that {source} made for it is not used.'
)
SHARED = later("{node} now has the {role} itself: what {source} keeps is still read by {others}.")
ONE_AT_A_TIME = later("One picture comes per prompt; the workflow had {count}.")


@dataclass(frozen=True)
class Filling:
    """The changes, each place once, and remarks for whoever asked."""

    changes: dict[Slot, object]
    remarks: list[Message]


def fill(graph: NodeGraph, found: Found, request: BatchRequest) -> Filling:
    """With the values that the request gives; the rest stays as it is. One image per prompt is part
    of what a request says, so latents come one at a time where they are no frames.
    """
    filler = _Filler(graph, found, request)
    changes = {**dict(filler.changes()), **dict(filler.proportional())}
    return Filling(changes, [*filler.remarks(changes)])


def given(request: BatchRequest) -> dict[str, object]:
    """By role what a request asks for; None where it leaves that to the workflow."""
    asked = request.base_parameters
    return {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "model": request.model,
        "steps": asked.steps,
        "cfg": asked.cfg,
        "guidance": request.guidance,
        "denoise": request.denoise,
        "width": asked.width,
        "height": asked.height,
        "sampler_name": asked.sampler_name,
        "scheduler": asked.scheduler,
        "vae": request.vae,
        "text_encoder": request.text_encoders,
    }


class _Filler:
    def __init__(self, graph: NodeGraph, found: Found, request: BatchRequest) -> None:
        self._graph = graph
        self._found = found
        self._roles = found.roles
        self._request = request
        self._proportions = Proportions(graph, found)
        self._given = {role: value for role, value in given(request).items() if value is not None}

    def changes(self) -> Iterator[Change]:
        """What the request gives, and one latent at a time."""
        for role in WRITTEN.intersection(self._given):
            yield from ((slot, self._given[role]) for slot in getattr(self._roles, role))
        for role in STAGED.intersection(self._given):
            yield from ((slot, self._given[role]) for slot in self._alike(role))
        yield from zip(self._roles.text_encoder, self._request.text_encoders or (), strict=False)
        yield from ((slot, 1) for slot in self._roles.latents_per_prompt)

    def proportional(self) -> Iterator[Change]:
        """Steps and sizes of all stages."""
        asked = self._request.base_parameters
        if asked.steps is not None:
            yield from self._proportions.steps(asked.steps)
        yield from self._proportions.sizes(asked.width, asked.height)

    def _alike(self, role: str) -> list[Slot]:
        """Of the stages those that had what the first one of their line has."""
        slots = getattr(self._roles, role)
        return [slot for slot in slots if self._is_as_begun(slot, slots)]

    def _is_as_begun(self, slot: Slot, slots: Slots) -> bool:
        begin = self._proportions.begin_of(slot, slots)
        return self._value(self._kept_for(slot)) == self._value(begin)

    def remarks(self, changes: Mapping[Slot, object]) -> Iterator[Message]:
        """What follows of itself, and what stays although something else was asked."""
        for role in sorted(STAGED.intersection(self._given)):
            others = set(getattr(self._roles, role)).difference(self._alike(role))
            yield from (self._keeps(slot, role) for slot in sorted(others))
        for role in (role for role in self._found.own if role in self._given):
            yield from (self._keeps(slot, role) for slot in self._found.own[role])
        if "model" in self._given and self._roles.model:
            yield from (self._keeps(slot, "model") for slot in self._other_models())
        sizes = {*self._roles.width[:1], *self._roles.height[:1]}
        first = {*self._proportions.beginnings(self._roles.steps), *sizes}
        for slot, value in self.proportional():
            if slot not in first and value != self._value(slot):
                yield later(FOLLOWS, node=self._label(slot), input=slot.name, value=value)
        yield from self._replaced()
        yield from self._shared(changes)
        for count in map(self._value, self._roles.latents_per_prompt):
            if isinstance(count, int) and count > 1:
                yield later(ONE_AT_A_TIME, count=count)

    def _replaced(self) -> Iterator[Message]:
        """Values that other nodes computed, and that give way to what is asked."""
        for role in self._given:
            for slot in getattr(self._roles, role):
                link = self._graph.link(slot.node_id, slot.name)
                place = self._graph.place(slot.node_id, slot.name, (str, int, float))
                if link and place and place.kept == slot:
                    yield later(
                        REPLACED,
                        node=self._label(slot),
                        role=CALLED.get(role, role),
                        input=slot.name,
                        source=node_label(self._graph.nodes, link.node_id),
                    )

    def _shared(self, changes: Mapping[Slot, object]) -> Iterator[Message]:
        """Values that a node keeps, and that others go on reading there."""
        found = {
            (role, slot.node_id, kept.node_id): self._left(kept, changes)
            for role in self._given
            for slot in getattr(self._roles, role)
            if (kept := self._kept_for(slot)) != slot
        }
        for (role, node_id, source), others in found.items():
            if others:
                yield later(
                    SHARED,
                    node=node_label(self._graph.nodes, node_id),
                    role=CALLED.get(role, role),
                    source=node_label(self._graph.nodes, source),
                    others=", ".join(node_label(self._graph.nodes, other) for other in others),
                )

    def _kept_for(self, slot: Slot) -> Slot:
        place = self._graph.place(slot.node_id, slot.name, (str, int, float))
        return place.kept if place else slot

    def _left(self, kept: Slot, changes: Mapping[Slot, object]) -> list[str]:
        """The nodes that run and still get what is kept there."""
        readers = self._graph.readers(kept.node_id) - changes.keys()
        return sorted({reader.node_id for reader in readers} & set(self._found.live))

    def _other_models(self) -> Iterator[Slot]:
        """Files of the same kind that later stages load."""
        kinds = {slot.name for slot in self._roles.model}
        for node_id in self._found.live:
            for name in kinds & self._graph.inputs(node_id).keys():
                slot = Slot(node_id, name)
                is_chosen = slot in self._roles.model or self._is_refiner(slot)
                if not is_chosen and isinstance(self._value(slot), str):
                    yield slot

    def _is_refiner(self, slot: Slot) -> bool:
        """Whether that is the one that a built-in workflow was given."""
        return slot == REFINER and refiner_in(self._graph.nodes) is not None

    def _keeps(self, slot: Slot, role: str) -> Message:
        value = clipped(str(self._graph.read(slot, (str, int, float))), LONGEST_NAME)
        return later(KEEPS, node=self._label(slot), role=CALLED.get(role, role), value=value)

    def _value(self, slot: Slot) -> object:
        return self._graph.inputs(slot.node_id).get(slot.name)

    def _label(self, slot: Slot) -> str:
        return node_label(self._graph.nodes, slot.node_id)
