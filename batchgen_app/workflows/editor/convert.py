"""From the editor's format to the API's: the graph that ComfyUI's page would send."""

from collections.abc import Container
from typing import Any

from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.workflows.editor.alternatives import settled
from batchgen_app.workflows.editor.declared import AUTOGROW, declared
from batchgen_app.workflows.editor.document import OLD_GROUPS, EditorNode, invalid, read
from batchgen_app.workflows.editor.places import Place, Shown, Source, Sources, Typed, unfold
from batchgen_app.workflows.editor.values import FREE_CHOICE, as_input, named_values, told_values
from batchgen_app.workflows.editor.words import (
    MISSING_NODE,
    NOTHING_ACTIVE,
    OLD_GROUP,
    UNKNOWN_VALUES,
)
from batchgen_app.workflows.graph import Link
from batchgen_app.workflows.node_types import NodeTypes

MOST_PROBLEMS = 10
"""Missing nodes that are told one by one."""


def node_types_in(document: object) -> set[str]:
    """The node types that the server has to know for ``to_api``; raises InvalidRequest where
    ``document`` is not in the editor's format.
    """
    parsed = read(document)
    return {
        node.type for graph in parsed.used() for node in graph.nodes.values() if parsed.runs(node)
    }


def to_api(document: object, known: NodeTypes, *, to_look_at: bool = False) -> JsonObject:
    """``document`` as a graph in API format. Where the server cannot be asked about a type, the
    names that the file itself has are used; ``to_look_at``, also where it does not have it. Raises
    InvalidRequest where ``document`` is broken, the server lacks one of its nodes, or nobody tells
    which input a value is for.
    """
    parsed = read(document)
    nodes = [
        (place, node)
        for place in unfold(parsed)
        for node in place.graph.nodes.values()
        if parsed.runs(node)
    ]
    _check_known(nodes, known, to_look_at=to_look_at)
    if not nodes:
        raise invalid("not_a_workflow", NOTHING_ACTIVE)
    convert = _Conversion(known)
    return {place.path + node.id: convert.node(place, node) for place, node in nodes}


def _check_known(
    nodes: list[tuple[Place, EditorNode]], known: NodeTypes, *, to_look_at: bool
) -> None:
    """One node of each type that the server lacks is named, the first. To look at the others, it is
    enough that the file names its values.
    """
    missing: dict[str, Problem] = {}
    is_told = to_look_at
    for place, node in nodes:
        if node.type.startswith(OLD_GROUPS):
            raise invalid("group_node", later(OLD_GROUP, node=node.label(place.path)))
        if known.get(node.type) == {}:
            is_told = is_told and named_values(node) is not None
            said = later(MISSING_NODE, node=node.label(place.path))
            missing.setdefault(node.type, Problem("workflow", "missing_node", said))
    if missing and not is_told:
        raise InvalidRequest(list(missing.values())[:MOST_PROBLEMS])


class _Conversion:
    """Of the nodes of one document."""

    def __init__(self, known: NodeTypes) -> None:
        self._known = known
        self._sources = Sources()
        self._typed: dict[tuple[Place, str], JsonObject | None] = {}

    def node(self, place: Place, node: EditorNode) -> JsonObject:
        info = self._known.get(node.type)
        typed = self._values(place, node)
        if typed is None:
            raise invalid("unknown_node", later(UNKNOWN_VALUES, node=node.label(place.path)))
        inputs = _settled(typed, info) | self._fed(place, node, _names(node, info, typed))
        if node.type == FREE_CHOICE:
            _number_choice(inputs)
        title = node.title or _display_name(info) or node.type
        return {"inputs": inputs, "class_type": node.type, "_meta": {"title": title}}

    def _fed(self, place: Place, node: EditorNode, takes: Container[str]) -> JsonObject:
        """What comes from elsewhere, by the names that the node takes."""
        taken = (socket for socket in node.inputs if socket.name in takes)
        found = ((socket.name, self._read(self._sources.of(place, socket))) for socket in taken)
        return {name: value for name, value in found if value is not None}

    def _read(self, source: Source) -> Any:
        """A link, or the value in its place; None if there is nothing."""
        match source:
            case Link(node_id, slot):
                return [node_id, slot]
            case Typed(value):
                return as_input(value)
            case Shown(place, node, name):
                return (self._values(place, node) or {}).get(name)

    def _values(self, place: Place, node: EditorNode) -> JsonObject | None:
        """What is typed in the node itself, or for it in the host; None if that cannot be told."""
        key = (place, node.id)
        if key not in self._typed:
            self._typed[key] = self._find_values(place, node)
        return self._typed[key]

    def _find_values(self, place: Place, node: EditorNode) -> JsonObject | None:
        info = self._known.get(node.type)
        found = told_values(node, info) if info else named_values(node)
        if found is None:
            return None
        own = {name: value for (at, name), value in place.set_inside.items() if at == node.id}
        return {name: as_input(value) for name, value in {**found, **own}.items()}


def _names(node: EditorNode, info: JsonObject | None, typed: JsonObject) -> set[str]:
    """Of all inputs that the node takes, with these values; those of the file, if the server does
    not tell.
    """
    if not info:
        return {socket.name for socket in node.inputs}
    names = set(typed)
    for one in declared(info, typed):
        names |= one.grown() if one.type == AUTOGROW else {one.name}
    return names


def _settled(typed: JsonObject, info: JsonObject | None) -> JsonObject:
    """One of each group of alternatives; a text that comes from elsewhere has none."""
    texts = (one.name for one in declared(info or {}, typed) if one.has_alternatives)
    chosen = {name: settled(typed[name]) for name in texts if isinstance(typed.get(name), str)}
    return typed | chosen


def _number_choice(inputs: JsonObject) -> None:
    """The page counts again when another text is chosen."""
    texts = [value for name, value in inputs.items() if name.startswith("option")]
    if inputs.get("choice") in texts:
        inputs["index"] = texts.index(inputs["choice"])


def _display_name(info: JsonObject | None) -> Any:
    name = (info or {}).get("display_name")
    return name if isinstance(name, str) else ""
