"""How a node is called when a person reads it."""

from batchgen_app.comfy.json_text import object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject


def node_label(nodes: JsonObject, node_id: str, class_type: str | None = None) -> str:
    """Its title, if the graph gives one that says more than the type; type and id always."""
    node = object_or_empty(nodes.get(node_id))
    kind = class_type or text_or_none(node.get("class_type")) or "unknown"
    title = text_or_none(object_or_empty(node.get("_meta")).get("title"))
    if title and title != kind:
        return f'"{title}" ({kind}, node {node_id})'
    return f"{kind} (node {node_id})"
