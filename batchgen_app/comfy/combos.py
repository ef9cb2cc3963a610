"""What a server tells about node types: their inputs, and the choices of one, in all forms in which
servers give them (PROTOCOL.md, 1).
"""

from collections.abc import Mapping
from itertools import islice
from typing import TypeAlias

from batchgen_app.comfy.json_text import is_readable, object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject

NodeTypes: TypeAlias = Mapping[str, JsonObject | None]
"""By class type what the server tells about it: {} where it has none of that name, None where it
cannot be asked.
"""

MOST_CHOICES = 20_000
"""Of one list; nobody has as many models, and a page could not show them."""


def choices(node_info: JsonObject, name: str) -> tuple[str, ...]:
    """The texts to choose from for input ``name``; none if it has no list, or one that only the
    server's own page fetches (``remote``). What has control characters in it is nothing to choose.
    """
    values = _values(node_info, name) or ()
    texts = (value for value in values if isinstance(value, str) and is_readable(value))
    return tuple(islice(texts, MOST_CHOICES))


def closed_choices(node_info: JsonObject, name: str) -> frozenset[str] | None:
    """The only texts that input ``name`` takes; None where others may do, for all that is told:
    there is no list, or one whose entries are more than texts (pictures of models, for example).
    """
    values = _values(node_info, name)
    if values is None or any(isinstance(value, dict | list) for value in values):
        return None
    return frozenset(value for value in values if isinstance(value, str))


def _values(node_info: JsonObject, name: str) -> list[object] | None:
    match _input(node_info, name):
        case [[*values], *_] | ["COMBO", {"options": [*values]}, *_]:
            return values
    return None


def inputs(node_info: JsonObject) -> JsonObject:
    """What a person or a link can set, by name: the type and its options."""
    groups = object_or_empty(node_info.get("input"))
    return {**object_or_empty(groups.get("optional")), **object_or_empty(groups.get("required"))}


def is_own(node_info: JsonObject) -> bool:
    """Whether it is one of ComfyUI's own nodes, which do what they tell."""
    module = text_or_none(node_info.get("python_module")) or ""
    return module == "nodes" or module.startswith("comfy_extras.")


def _input(node_info: JsonObject, name: str) -> object:
    return inputs(node_info).get(name)
