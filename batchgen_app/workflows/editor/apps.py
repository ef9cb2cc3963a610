"""What the author of an app shows to those who use it: the editor's "app mode"."""

from collections.abc import Iterator

from batchgen_app.core.json_values import object_or_empty
from batchgen_app.workflows.editor.document import EDITOR_ONLY, PRIMITIVE, EditorNode, read
from batchgen_app.workflows.editor.places import Place, shown_inside, unfold
from batchgen_app.workflows.graph import Slot


def app_inputs(document: object) -> list[Slot]:
    """The inputs that an app shows, in its order, as they are called in the graph of ``to_api``;
    none where the file is no app. Raises InvalidRequest where it cannot be read.
    """
    listed = object_or_empty(
        object_or_empty(object_or_empty(document).get("extra")).get("linearData")
    )
    shown = listed.get("inputs")
    if not isinstance(shown, list) or not shown:
        return []
    places = unfold(read(document))
    found = (slot for entry in shown for slot in _slots(places, entry))
    return list(dict.fromkeys(found))


def _slots(places: list[Place], entry: object) -> Iterator[Slot]:
    """An entry has the id of a node at any depth; newer ones have it as ``graph:id:input``."""
    match entry:
        case [str() | int() as node_id, str() as name, *_]:
            parts = str(node_id).split(":")
            wanted = parts[-2] if len(parts) > 2 else parts[-1]
            for place in places:
                if node := place.graph.nodes.get(wanted):
                    yield from _of_node(place, node, name)
                    return


def _of_node(place: Place, node: EditorNode, name: str) -> Iterator[Slot]:
    if inner := place.inner.get(node.id):
        if found := shown_inside(inner, name):
            yield Slot(found.place.path + found.node.id, found.name)
    elif node.type == PRIMITIVE:
        yield from _fed_by(place, node)
    elif node.type not in EDITOR_ONLY:
        yield Slot(place.path + node.id, name)


def _fed_by(place: Place, primitive: EditorNode) -> Iterator[Slot]:
    links = {link for link, wire in place.graph.wires.items() if wire.origin == primitive.id}
    for node in place.graph.nodes.values():
        for socket in node.inputs:
            if socket.link in links:
                yield from _of_node(place, node, socket.name)
