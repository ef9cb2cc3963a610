"""What the author of an app shows to those who use it: the editor's "app mode"."""

from collections.abc import Iterator
from dataclasses import dataclass

from batchgen_app.core.json_values import object_or_empty
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.editor.document import EDITOR_ONLY, PRIMITIVE, EditorNode, read
from batchgen_app.workflows.editor.places import Place, shown_inside, unfold
from batchgen_app.workflows.graph import Slot


@dataclass(frozen=True)
class App:
    """In its own order: the inputs that it shows and the nodes whose pictures it shows, as they are
    called in the graph of ``to_api``.
    """

    inputs: tuple[Slot, ...] = ()
    outputs: tuple[str, ...] = ()


def app_in(document: object) -> App:
    """An empty one where the file is no app. Raises InvalidRequest where it cannot be read."""
    listed = _listed(document)
    shown, ends = ([*_entries(listed, name)] for name in ("inputs", "outputs"))
    if not shown and not ends:
        return App()
    places = unfold(read(document))
    inputs = (slot for entry in shown for slot in _slots(places, entry))
    outputs = (node_id for entry in ends for node_id in _node(places, entry))
    return App(tuple(dict.fromkeys(inputs)), tuple(dict.fromkeys(outputs)))


def _listed(document: object) -> JsonObject:
    extra = object_or_empty(object_or_empty(document).get("extra"))
    return object_or_empty(extra.get("linearData"))


def _entries(listed: JsonObject, name: str) -> Iterator[object]:
    entries = listed.get(name)
    yield from entries if isinstance(entries, list) else []


def _slots(places: list[Place], entry: object) -> Iterator[Slot]:
    """An entry has the id of a node at any depth; newer ones have it as ``graph:id:input``."""
    match entry:
        case [str() | int() as node_id, str() as name, *_]:
            parts = str(node_id).split(":")
            wanted = parts[-2] if len(parts) > 2 else parts[-1]
            for place, node in _named(places, wanted):
                yield from _of_node(place, node, name)
                return


def _node(places: list[Place], entry: object) -> Iterator[str]:
    match entry:
        case str() | int():
            for place, node in _named(places, str(entry).rpartition(":")[2]):
                if node.id not in place.inner:
                    yield place.path + node.id
                    return


def _named(places: list[Place], node_id: str) -> Iterator[tuple[Place, EditorNode]]:
    return ((place, node) for place in places if (node := place.graph.nodes.get(node_id)))


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
