"""What was understood of a workflow, as people and programs are told."""

from collections.abc import Iterable, Iterator

from pydantic.alias_generators import to_camel

from batchgen_app.core.json_values import clipped
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.corrections import questions
from batchgen_app.workflows.graph import Slot
from batchgen_app.workflows.lora_lists import file_of, is_entry
from batchgen_app.workflows.node_types import LONGEST_NAME, choices, node_title
from batchgen_app.workflows.roles import SHOWN
from batchgen_app.workflows.typed_graph import CHOICE, NUMBER, TEXT, WHOLE, YES_NO, TypedGraph
from batchgen_app.workflows.workflow import Workflow

SETTABLE = {TEXT: "text", WHOLE: "integer", NUMBER: "number", YES_NO: "boolean", CHOICE: "choice"}
"""What a person can set, as it is called outside."""
LIMITS = ("min", "max", "step")
MOST_CHOICES = 1_000
"""Of one input that are told; the form asks the server for more."""


def described(workflow: Workflow) -> JsonObject:
    """Roles, inputs, outputs and questions of a workflow (INTERFACE.md, "Workflows")."""
    typed = TypedGraph(workflow.graph, workflow.known)
    return {
        "workflow": workflow.nodes,
        "roles": roles_of(workflow),
        "inputs": list(_inputs(typed)),
        "outputs": [_node(typed, node_id) for node_id in workflow.roles.output],
        "questions": [question.to_json() for question in questions(workflow.found)],
    }


def settable(workflow: Workflow, slots: Iterable[Slot]) -> JsonObject:
    """Of these inputs those that a person can set and that play no role of which a request has a
    value, with what stands there.
    """
    told = {one["slot"]: one for one in _inputs(TypedGraph(workflow.graph, workflow.known))}
    roles = roles_of(workflow)
    taken = {slot for role in roles if role != "lora" for slot in roles[role]}
    found = (told[str(slot)] for slot in slots if str(slot) in told and str(slot) not in taken)
    return {one["slot"]: one["default"] for one in found if not one["linked"]}


def loras_in(workflow: Workflow) -> dict[str, str]:
    """The files of the LoRAs that the workflow uses, by their inputs."""
    values = (
        (slot, workflow.graph.inputs(slot.node_id)[slot.name]) for slot in workflow.roles.lora
    )
    files = {str(slot): file_of(value) or value for slot, value in values}
    return {slot: file for slot, file in files.items() if isinstance(file, str) and file != "None"}


def roles_of(workflow: Workflow) -> dict[str, list[str]]:
    """Each role with its slots, empty where the graph has none."""
    return {to_camel(name): [str(s) for s in getattr(workflow.roles, name)] for name in SHOWN}


def _inputs(typed: TypedGraph) -> Iterator[JsonObject]:
    """All that a person could set in what runs, in the order of the file."""
    runs = set(typed.live)
    for node_id in typed.graph:
        if node_id in runs:
            for name, value in typed.graph.inputs(node_id).items():
                if is_entry(value):
                    yield {**_node(typed, node_id), **_entry(Slot(node_id, name), value)}
                elif kind := SETTABLE.get(typed.kind(node_id, name)):
                    yield {**_node(typed, node_id), **_input(typed, Slot(node_id, name), kind)}


def _node(typed: TypedGraph, node_id: str) -> JsonObject:
    title = node_title(typed.graph.nodes, node_id)
    return {"node": node_id, "classType": typed.graph.class_type(node_id), "title": title}


def _entry(slot: Slot, entry: JsonObject) -> JsonObject:
    """A LoRA of a list, by its file: it can be switched on and off."""
    is_on = entry["on"] is True
    title = {"title": clipped(entry["lora"], LONGEST_NAME)}
    return {**title, "slot": str(slot), "type": "boolean", "default": is_on, "linked": False}


def _input(typed: TypedGraph, slot: Slot, kind: str) -> JsonObject:
    declared = typed.declared(slot.node_id, slot.name)
    is_linked = typed.graph.link(slot.node_id, slot.name) is not None
    value = None if is_linked else typed.graph.inputs(slot.node_id)[slot.name]
    told: JsonObject = {"slot": str(slot), "type": kind, "default": value, "linked": is_linked}
    told |= {name: declared.options[name] for name in LIMITS if name in declared.options}
    if offered := choices(typed.node_info(slot.node_id), slot.name):
        told["choices"] = list(offered[:MOST_CHOICES])
    if declared.options.get("multiline") is True:
        told["multiline"] = True
    return told
