"""The choices of a node's input, in all forms in which servers give them (PROTOCOL.md, 1)."""

from collections.abc import Mapping
from itertools import islice

from batchgen_app.comfy.json_text import object_or_empty
from batchgen_app.core.wire import JsonObject

MOST_CHOICES = 20_000
"""Of one list; nobody has as many models, and a page could not show them."""


def choices(node_info: JsonObject, name: str) -> tuple[str, ...]:
    """The texts to choose from for input ``name``; none if it has no list, or one that only the
    server's own page fetches (``remote``).
    """
    match _input(node_info, name):
        case [[*values], *_] | ["COMBO", {"options": [*values]}, *_]:
            texts = (value for value in values if isinstance(value, str))
            return tuple(islice(texts, MOST_CHOICES))
    return ()


def _input(node_info: JsonObject, name: str) -> object:
    groups: Mapping[str, object] = object_or_empty(node_info.get("input"))
    for group in ("required", "optional"):
        if name in (inputs := object_or_empty(groups.get(group))):
            return inputs[name]
    return None
