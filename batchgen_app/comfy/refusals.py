"""Why the server refused a workflow, in words that a user can act on (PROTOCOL.md, section 7)."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from batchgen_app.comfy.json_text import shortened
from batchgen_app.core.errors import PromptRefused
from batchgen_app.core.json_values import clipped, object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, english, joined, later
from batchgen_app.workflows.node_types import node_label

T = TypeVar("T")

MOST_COMPLAINTS = 5
MOST_CHOICES = 8
LONGEST_COMPLAINT = 500
"""Characters."""

UNEXPLAINED = later(
    "ComfyUI refused the workflow without saying why. "
    "Look for nodes that are linked in a circle, and at the server's log."
)
NO_OUTPUT = later("The workflow has no output. Add a Save Image node to it.")
NODE_ID = re.compile("Node ID '#(.+)'")
BROKEN_LINK = "is linked to a node or an output that does not exist"


def refusal(answer: object, nodes: JsonObject) -> PromptRefused:
    """The error for a 400 on ``POST /prompt``; ``nodes`` is the graph that was sent."""
    whole = object_or_empty(answer)
    complaint = complaints(whole.get("node_errors"), nodes)
    message = complaint or _general(object_or_empty(whole.get("error")), nodes)
    return PromptRefused(message, shortened(answer))


def complaints(node_errors: object, nodes: JsonObject) -> Message:
    """What is wrong with single nodes, one line each; empty if nothing is."""
    return first_of(list(_lines(object_or_empty(node_errors), nodes)), english)


def first_of(found: Sequence[T], say: Callable[[T], Message]) -> Message:
    """A line for as many of these as a person reads, and how many more there are; what is not
    shown is not worded either.
    """
    more = len(found) - MOST_COMPLAINTS
    rest = [later("… and {count} more.", count=more)] if more > 0 else []
    return joined([*map(say, found[:MOST_COMPLAINTS]), *rest], "\n")


def _lines(node_errors: JsonObject, nodes: JsonObject) -> Iterator[str]:
    for node_id, report in node_errors.items():
        details = object_or_empty(report)
        label = node_label(nodes, node_id, text_or_none(details.get("class_type")))
        errors = details.get("errors")
        for error in errors if isinstance(errors, list) else []:
            yield f"{label} {clipped(_complaint(object_or_empty(error)), LONGEST_COMPLAINT)}."


def _complaint(error: JsonObject) -> str:
    extra = object_or_empty(error.get("extra_info"))
    name = extra.get("input_name")
    match error.get("type"):
        case "value_not_in_list":
            received = shortened(extra.get("received_value"))
            return f"does not know the {name} {received!r}{_choices(extra.get('input_config'))}"
        case "required_input_missing":
            return f"needs the input {name!r}, which is missing"
        case "exception_during_inner_validation" | "exception_during_validation":
            # The server's text is only an id, and its input_name is another node's (section 7).
            return f"{BROKEN_LINK} ({_texts_of(error, 'details')})"
        case "return_type_mismatch" | "bad_linked_input":
            return f"has a wrong link at {name!r}: {_texts_of(error, 'details')}"
        case _:
            return f"refuses {name or 'its inputs'}: {_texts_of(error, 'message', 'details')}"


def _choices(input_config: object) -> str:
    match input_config:
        case [[*values], *_] | ["COMBO", {"options": [*values]}] if values:
            few = ", ".join(map(str, values[:MOST_CHOICES]))
            return f". It has {few}" + (" …" if len(values) > MOST_CHOICES else "")
    return ""


def _general(error: JsonObject, nodes: JsonObject) -> Message:
    match error.get("type"):
        case "prompt_no_outputs":
            return NO_OUTPUT
        case "prompt_outputs_failed_validation":
            return UNEXPLAINED
        case "missing_node_type" | "invalid_prompt":
            told = _about_a_node(error, nodes)
        case _:
            told = _texts_of(error, "message", "details")
    return later("ComfyUI refused the workflow: {why}.", why=told) if told else UNEXPLAINED


def _about_a_node(error: JsonObject, nodes: JsonObject) -> str:
    """A node whose type the server lacks; every version gives its id in these words."""
    found = NODE_ID.search(_texts_of(error, "details"))
    if found is None or found[1] not in nodes:
        return _texts_of(error, "message", "details")
    return f"{node_label(nodes, found[1])}: {_texts_of(error, 'message')}"


def _texts_of(error: JsonObject, *names: str) -> str:
    """What stands under ``names``: the first text, the others in brackets."""
    texts = (shortened(text_or_none(error.get(name)) or "").strip(" .\n") for name in names)
    first, *others = dict.fromkeys(filter(None, texts)) or [""]
    return " ".join([first, *(f"({text})" for text in others)])
