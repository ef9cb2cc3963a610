"""One case of the corpus, and how near a finding comes to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import NodeGraph
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.roles import Found, find_roles

RIGHT, ASKED, WRONG = "right", "asked", "wrong"
ROLES = {
    "prompt": "prompt",
    "negative_prompt": "negativePrompt",
    "seed": "seed",
    "other_seeds": "otherSeeds",
    "steps": "steps",
    "cfg": "cfg",
    "guidance": "guidance",
    "denoise": "denoise",
    "width": "width",
    "height": "height",
    "latents_per_prompt": "latentsPerPrompt",
    "sampler_name": "samplerName",
    "scheduler": "scheduler",
    "model": "model",
    "vae": "vae",
    "text_encoder": "textEncoder",
    "lora": "lora",
    "image": "image",
}
"""How a case calls them: as people are told, and the two that nobody is told of."""

Slots = Mapping[str, str]
"""By role, the slots of which it consists, separated by blanks."""
Changes = Mapping[str, str | None]
"""The same, where a role may be said to have none."""


@dataclass(frozen=True)
class Case:
    """``roles`` and ``asks`` are what is right with all that a server can tell; ``untold`` is what
    differs where it tells nothing.
    """

    name: str
    graph: JsonObject
    roles: Slots
    asks: Slots
    untold: Changes

    def right(self, is_told: bool) -> Slots:
        """The roles that are right, with or without what a server tells."""
        return self.roles if is_told else _with(self.roles, self.untold)


def case(
    name: str,
    graph: JsonObject,
    base: Changes | None = None,
    *,
    asks: Slots | None = None,
    untold: Changes | None = None,
    **changes: str | None,
) -> Case:
    """With the roles of ``base``, of which ``changes`` differ; None says that there is none."""
    return Case(name, graph, _with(base or {}, changes), asks or {}, untold or {})


def _with(base: Changes, changes: Changes) -> Slots:
    return {role: slots for role, slots in {**base, **changes}.items() if slots is not None}


def verdict(case: Case, known: NodeTypes) -> tuple[str, dict[str, tuple[str, str]]]:
    """RIGHT, ASKED or WRONG; and by role what was expected and what was found instead."""
    found = find_roles(NodeGraph(case.graph), known)
    expected = _by_role(case.right(bool(known)), case.asks)
    differing = {
        role: (expected.get(role, ""), slots)
        for role, slots in _said(found, expected).items()
        if _sorted(slots) != _sorted(expected.get(role, ""))
    }
    if not differing:
        return RIGHT, {}
    is_asked = all(_is_open(role, found, *pair) for role, pair in differing.items())
    return (ASKED if is_asked else WRONG), differing


def _by_role(roles: Slots, asks: Slots) -> dict[str, str]:
    return {**roles, **{f"asks {role}": slots for role, slots in asks.items()}}


def _said(found: Found, expected: Slots) -> dict[str, str]:
    """All that was found, and an empty text for what was not."""
    roles = {said: _joined(getattr(found.roles, role)) for role, said in ROLES.items()}
    asked = {f"asks {ROLES[role]}": _joined(slots) for role, slots in found.choices.items()}
    output = " ".join(found.roles.output[:1])
    return dict.fromkeys(expected, "") | roles | asked | {"output": output}


def _is_open(role: str, found: Found, expected: str, slots: str) -> bool:
    """Whether a person is asked about what could not be told, or told that it has no place."""
    if role.startswith("asks "):
        return bool(slots)
    choices = {ROLES[name]: set(map(str, slots)) for name, slots in found.choices.items()}
    return not slots and (role not in choices or set(expected.split()) <= choices[role])


def _joined(slots: tuple[object, ...]) -> str:
    return " ".join(map(str, slots))


def _sorted(slots: str) -> list[str]:
    return sorted(slots.split())
