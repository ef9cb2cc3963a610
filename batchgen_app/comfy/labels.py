"""How a node is called when a person reads it."""

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
