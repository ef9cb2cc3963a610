"""How a node is called when a person reads it."""

import re

from batchgen_app.comfy.json_text import clipped, object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject

LONGEST_NAME = 100
"""Characters of a name in a sentence."""


def node_label(nodes: JsonObject, node_id: str, class_type: str | None = None) -> str:
    """Its title, if the graph gives one that says more than the type; type and id always."""
    node = object_or_empty(nodes.get(node_id))
    kind = class_type or text_or_none(node.get("class_type")) or "unknown"
    title = text_or_none(object_or_empty(node.get("_meta")).get("title"))
    kind_said, number = clipped(kind, LONGEST_NAME), clipped(node_id, LONGEST_NAME)
    if title and title != kind:
        return f'"{clipped(title, LONGEST_NAME)}" ({kind_said}, node {number})'
    return f"{kind_said} (node {number})"


def node_title(nodes: JsonObject, node_id: str) -> str:
    """As the graph's author calls it, else its type. Nodes that another one made have longer ids
    than that (PROTOCOL.md, section 3).
    """
    node = _known(nodes, node_id)
    title = text_or_none(object_or_empty(node.get("_meta")).get("title"))
    return clipped(title or text_or_none(node.get("class_type")) or node_id, LONGEST_NAME)


def node_type(nodes: JsonObject, node_id: str) -> str:
    """Empty if the graph does not have it."""
    return text_or_none(_known(nodes, node_id).get("class_type")) or ""


def _known(nodes: JsonObject, node_id: str) -> JsonObject:
    made_by = re.split(r"[.:]", node_id, maxsplit=1)[0]
    return object_or_empty(nodes.get(node_id) or nodes.get(made_by))
