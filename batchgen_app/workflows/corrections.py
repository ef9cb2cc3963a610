"""What a person knows better: roles that they correct, inputs that they set; and what must be asked
of them before a batch may start.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic.alias_generators import to_camel

from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.json_values import clipped
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, joined, later
from batchgen_app.workflows.graph import NodeGraph, Slot
from batchgen_app.workflows.keeping import Slots
from batchgen_app.workflows.lora_lists import is_entry, with_entry_set
from batchgen_app.workflows.node_types import LONGEST_NAME, node_label
from batchgen_app.workflows.roles import SHOWN, Found
from batchgen_app.workflows.typed_graph import CHOICE, NUMBER, TEXT, WHOLE, YES_NO, TypedGraph

UNKNOWN_ROLE = later('There is no role "{role}". There are: {known}.')
UNKNOWN_SLOT = later('The workflow has no input "{slot}": write it as <node id>.<input>.')
UNKNOWN_NODE = later('The workflow has no node "{node}".')
IS_LINKED = later(
    '{node} gets its "{input}" from another node. Unlink it in ComfyUI, or set what is there.'
)
WRONG_VALUE = later('{node} takes {kind} as "{input}".')
OUT_OF_RANGE = later('{node} takes {least} to {most} as "{input}".')
ASK = {
    "prompt": later("Which of these texts is the prompt?"),
    "negative_prompt": later("Which of these texts is the negative prompt?"),
    "model": later("Which of these loaders gets the chosen model?"),
    "denoise": later("Which of these stages gets the denoise?"),
}
IF_GIVEN = frozenset({"denoise"})
"""Roles of which a question may stay open, as long as nothing is given for them."""
SETTLE = later(
    "{question} {candidates}. Say so in the terminal, for example with --map {option}, or in a "
    "request with {roles}."
)
LONGEST_WORDS = 40
"""Characters of what stands in a candidate that are told."""
NO_PROMPT = later(
    "The prompt has no place in this workflow: every prompt would give the same pictures. Choose "
    "the input that it goes into, or run the workflow as it is."
)
NO_SEED = later(
    "The seed has no place in this workflow: all pictures would look the same. Choose the input "
    "that it goes into, or run the workflow as it is."
)
KINDS = {
    TEXT: later("a text"),
    WHOLE: later("a whole number"),
    NUMBER: later("a number"),
    YES_NO: later("true or false"),
    CHOICE: later("one of its choices"),
}


@dataclass(frozen=True)
class Question:
    """What only a person can tell: which of the candidates plays the role."""

    role: str
    candidates: Slots
    message: Message

    def to_json(self) -> JsonObject:
        """As it stands in answers of the API."""
        candidates = [str(slot) for slot in self.candidates]
        return {"role": to_camel(self.role), "candidates": candidates, "message": str(self.message)}


def corrected(graph: NodeGraph, found: Found, given: Mapping[str, Sequence[str]]) -> Found:
    """With the roles that a person gives instead of those that were found; an empty list says that
    there is no place. Raises InvalidRequest.
    """
    names = {to_camel(name): name for name in SHOWN}
    changes: dict[str, Any] = {}
    for wire_name, slots in given.items():
        if (role := names.get(wire_name)) is None:
            message = later(UNKNOWN_ROLE, role=_said(wire_name), known=", ".join(names))
            raise InvalidRequest.of("roles", "unknown_role", message)
        read = _node if role == "output" else slot_of
        changes[role] = tuple(read(graph, slot, "roles") for slot in slots)
    left = {role: some for role, some in found.choices.items() if role not in changes}
    own = {role: some for role, some in found.own.items() if role not in changes}
    return replace(found, roles=replace(found.roles, **changes), choices=left, own=own)


def slot_of(graph: NodeGraph, text: str, field: str) -> Slot:
    """The input that is written ``<node id>.<input>``, both of which may have dots of their own.
    Raises InvalidRequest for a ``field`` of the request.
    """
    for at, character in enumerate(text):
        node_id, name = text[:at], text[at + 1 :]
        if character == "." and node_id in graph.nodes and name in graph.inputs(node_id):
            return Slot(node_id, name)
    raise InvalidRequest.of(field, "unknown_slot", later(UNKNOWN_SLOT, slot=_said(text)))


def _node(graph: NodeGraph, text: str, field: str) -> str:
    if text not in graph.nodes:
        raise InvalidRequest.of(field, "unknown_slot", later(UNKNOWN_NODE, node=_said(text)))
    return text


def questions(found: Found) -> list[Question]:
    """All that is open."""
    return [Question(role, slots, ASK[role]) for role, slots in found.choices.items()]


def open_questions(found: Found) -> list[Question]:
    """Those that somebody has to answer before the workflow is used for what it is for."""
    return [question for question in questions(found) if question.role not in IF_GIVEN]


def require_settled(graph: NodeGraph, found: Found, request: BatchRequest) -> None:
    """Raises InvalidRequest where the request needs an answer first, or where its prompt or its
    seed would change nothing, unless the workflow shall run as it is.
    """
    if request.prompt_as_is:
        return
    given = {
        role for role in found.choices if role == "prompt" or getattr(request, role) is not None
    }
    if wanted := [question for question in questions(found) if question.role in given]:
        said = joined([_settle(graph, question) for question in wanted])
        details = {"questions": [question.to_json() for question in wanted]}
        raise InvalidRequest([Problem("workflow", "ambiguous_workflow", said, details)])
    if not found.roles.prompt:
        raise InvalidRequest.of("prompt", "no_place", NO_PROMPT)
    if not found.roles.seed:
        raise InvalidRequest.of("seedMode", "no_place", NO_SEED)


def _settle(graph: NodeGraph, question: Question) -> Message:
    role, first = to_camel(question.role), str(question.candidates[0])
    return later(
        SETTLE,
        question=question.message,
        candidates=", ".join(_candidate(graph, slot) for slot in question.candidates),
        option=f"{role}={first}",
        roles=json.dumps({"roles": {role: [first]}}),
    )


def _candidate(graph: NodeGraph, slot: Slot) -> str:
    """A slot, where it is, and the words that stand there."""
    told = f"{slot} ({node_label(graph.nodes, slot.node_id)})"
    value = graph.inputs(slot.node_id).get(slot.name)
    return f'{told} "{clipped(value, LONGEST_WORDS)}"' if isinstance(value, str) else told


def set_by_hand(typed: TypedGraph, given: Mapping[str, object]) -> Iterator[tuple[Slot, object]]:
    """Values for other inputs. Raises InvalidRequest for one that is linked or does not take it."""
    for text, value in given.items():
        slot = slot_of(typed.graph, text, "inputs")
        label = node_label(typed.graph.nodes, slot.node_id)
        if typed.graph.link(slot.node_id, slot.name):
            raise _refused("linked", later(IS_LINKED, node=label, input=slot.name))
        entry = typed.graph.inputs(slot.node_id)[slot.name]
        if isinstance(entry, dict) and is_entry(entry):
            yield slot, with_entry_set(entry, value)
            continue
        kind = typed.kind(slot.node_id, slot.name)
        if kind in KINDS and not _takes(kind, value):
            raise _refused(
                "wrong_value", later(WRONG_VALUE, node=label, kind=KINDS[kind], input=slot.name)
            )
        _require_in_range(typed, slot, value, label)
        yield slot, value


def _takes(kind: str, value: object) -> bool:
    is_flag = isinstance(value, bool)
    match kind:
        case "INT":
            return isinstance(value, int) and not is_flag
        case "FLOAT":
            return isinstance(value, int | float) and not is_flag
        case "BOOLEAN":
            return is_flag
        case "STRING":
            return isinstance(value, str)
    return isinstance(value, str | int | float)


def _require_in_range(typed: TypedGraph, slot: Slot, value: object, label: str) -> None:
    options = typed.declared(slot.node_id, slot.name).options
    least, most = options.get("min"), options.get("max")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    is_low = isinstance(least, int | float) and value < least
    is_high = isinstance(most, int | float) and value > most
    if is_low or is_high:
        message = later(OUT_OF_RANGE, node=label, least=least, most=most, input=slot.name)
        raise _refused("out_of_range", message)


def _refused(code: str, message: Message) -> InvalidRequest:
    return InvalidRequest.of("inputs", code, message)


def _said(text: str) -> str:
    return clipped(text, LONGEST_NAME)
