"""How a node is called when a person reads it."""

import re
import unicodedata

from batchgen_app.comfy.json_text import clipped, object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject

LONGEST_NAME = 100
"""Characters of a name in a sentence."""
UNSEEN = {"Cf", "Zs"}
"""Characters that only say how others are to be written, and blanks (Unicode's categories)."""
_TURNING = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Characters that change the direction of the text around them."""


def node_label(nodes: JsonObject, node_id: str, class_type: str | None = None) -> str:
    """Its title, if the graph gives one that says more than the type; type and id always."""
    node = object_or_empty(nodes.get(node_id))
    kind = class_type or text_or_none(node.get("class_type")) or "unknown"
    title = _title(node)
    kind_said, number = clipped(kind, LONGEST_NAME), clipped(node_id, LONGEST_NAME)
    if title and title != kind:
        return f'"{clipped(title, LONGEST_NAME)}" ({kind_said}, node {number})'
    return f"{kind_said} (node {number})"


def node_title(nodes: JsonObject, node_id: str) -> str:
    """As the graph's author calls it, else its type. Nodes that another one made have longer ids
    than that (PROTOCOL.md, section 3).
    """
    node = _known(nodes, node_id)
    kind = text_or_none(node.get("class_type")) or node_id
    return clipped(_title(node) or _in_line(kind), LONGEST_NAME)


def node_type(nodes: JsonObject, node_id: str) -> str:
    """Empty if the graph does not have it."""
    return text_or_none(_known(nodes, node_id).get("class_type")) or ""


def input_names(nodes: JsonObject, node_id: str) -> set[str]:
    """Empty if the graph does not have it."""
    return set(object_or_empty(_known(nodes, node_id).get("inputs")))


def _title(node: JsonObject) -> str:
    """As its author calls it; empty if that is nothing that can be seen."""
    return _in_line(text_or_none(object_or_empty(node.get("_meta")).get("title")) or "")


def _in_line(text: str) -> str:
    """``text`` in one line that leaves the rest of a sentence as it is; empty if nothing of it can
    be seen.
    """
    line = " ".join(text.translate(_TURNING).split())
    is_seen = any(unicodedata.category(character) not in UNSEEN for character in line)
    return line if is_seen else ""


def _known(nodes: JsonObject, node_id: str) -> JsonObject:
    made_by = re.split(r"[.:]", node_id, maxsplit=1)[0]
    return object_or_empty(nodes.get(node_id) or nodes.get(made_by))
