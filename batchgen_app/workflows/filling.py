"""What a request changes in a graph, and what of it does not come through as it was asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from batchgen_app.core.request import BatchRequest
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.graph import NodeGraph, Slot
from batchgen_app.workflows.node_types import node_label
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
    return Filling({**dict(filler.changes()), **dict(filler.proportional())}, [*filler.remarks()])


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
        proportions = Proportions(self._graph, self._found.live, self._roles)
        if asked.steps is not None:
            yield from proportions.steps(asked.steps)
        yield from proportions.sizes(asked.width, asked.height)

    def _alike(self, role: str) -> list[Slot]:
        """Of the stages those that had what the first one has."""
        slots = getattr(self._roles, role)
        return [slot for slot in slots if self._value(slot) == self._value(slots[0])]

    def remarks(self) -> Iterator[Message]:
        """What follows of itself, and what stays although something else was asked."""
        for role in sorted(STAGED.intersection(self._given)):
            others = set(getattr(self._roles, role)).difference(self._alike(role))
            yield from (self._keeps(slot, CALLED.get(role, role)) for slot in sorted(others))
        if "model" in self._given and self._roles.model:
            yield from (self._keeps(slot, "model") for slot in self._other_models())
        first = {*self._roles.steps[:1], *self._roles.width[:1], *self._roles.height[:1]}
        for slot, value in self.proportional():
            if slot not in first and value != self._value(slot):
                yield later(FOLLOWS, node=self._label(slot), input=slot.name, value=value)
        yield from self._replaced()
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

    def _other_models(self) -> Iterator[Slot]:
        """Files of the same kind that later stages load."""
        kinds = {slot.name for slot in self._roles.model}
        for node_id in self._found.live:
            for name in kinds & self._graph.inputs(node_id).keys():
                slot = Slot(node_id, name)
                if slot not in self._roles.model and isinstance(self._value(slot), str):
                    yield slot

    def _keeps(self, slot: Slot, role: str) -> Message:
        return later(KEEPS, node=self._label(slot), role=role, value=str(self._value(slot)))

    def _value(self, slot: Slot) -> object:
        return self._graph.inputs(slot.node_id).get(slot.name)

    def _label(self, slot: Slot) -> str:
        return node_label(self._graph.nodes, slot.node_id)
