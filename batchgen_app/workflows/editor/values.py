"""Which of a node's saved values belongs to which input.

A file has them as a list without names. The page reads it in the order of the widgets that the
server declares now; where the node has changed since, that gives values to the wrong inputs. Newer
files name the widgets among the node's inputs. So both are tried, and what fits best is taken.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.editor.declared import SEEDS, Declared, declared
from batchgen_app.workflows.editor.document import EditorNode
from batchgen_app.workflows.lora_lists import LORA_LIST, is_entry

CONTROLS = ("fixed", "increment", "decrement", "randomize")
"""What becomes of a value after each run: the value of a widget of its own, after it."""
UPLOADS = frozenset({"IMAGEUPLOAD", "AUDIOUPLOAD", "VIDEOUPLOAD", "AUDIO_UI"})
"""Types of buttons that older pages count among the inputs."""
PAGE_ONLY = frozenset({"control_after_generate", "control_filter_list", "upload", *CONTROLS})
"""Names of widgets that no server knows; a control may be called like its value."""
FREE_CHOICE = "CustomCombo"
"""A choice whose texts stand in the file: its values are the choice, its place, and the texts."""

Values: TypeAlias = dict[str, Any]


def told_values(node: EditorNode, node_info: JsonObject) -> Values:
    """By input name; only inputs that the server declares, none of them null."""
    if isinstance(node.values, dict):
        found: Values = dict(node.values)
    else:
        found = _best_reading(node, node.values, node_info)
    return {
        one.name: value
        for one in declared(node_info, found)
        if one.is_widget and (value := _usable(one, found.get(one.name))) is not None
    } | _undeclared(node)


def named_values(node: EditorNode) -> Values | None:
    """By input name as the file alone tells; None where it does not."""
    if node.type == LORA_LIST:
        return _undeclared(node)
    if isinstance(node.values, dict):
        found: Values | None = node.values
    elif all(value is None for value in node.values):
        found = {}
    else:
        found = _by_all_names(node, node.values)
    buttons = {socket.name for socket in node.inputs if socket.type in UPLOADS} | PAGE_ONLY
    return found and {
        name: value for name, value in found.items() if name not in buttons and value is not None
    }


def _by_all_names(node: EditorNode, values: list[Any]) -> Values | None:
    """None where the file does not name all of them: many only name those that are linked."""
    names = _parents_first(socket.name for socket in node.inputs if socket.is_widget)
    reading = _by_names(names, values)
    return reading.found if not reading.unused and len(reading.found) == len(names) else None


def _best_reading(node: EditorNode, values: list[Any], node_info: JsonObject) -> Values:
    """The page's own, where no other fits better."""
    readings = [
        _by_declaration(values, node_info),
        _by_declaration(values, node_info, with_sockets=True),
    ]
    if by_names := _by_all_names(node, values):
        readings.append(_Reading(by_names, 0))
    return min(readings, key=lambda reading: _misfit(reading, node_info)).found


@dataclass(frozen=True)
class _Reading:
    """One way to read a list of values, and how many of them it has no use for."""

    found: Values
    unused: int


def _by_declaration(
    values: list[Any], node_info: JsonObject, *, with_sockets: bool = False
) -> _Reading:
    """In the order of the server; older pages also saved a value for widgets that are sockets."""
    found: Values = {}
    rest = deque(values)
    for one in declared(node_info, found):
        if rest and one.is_saved and (one.is_widget or (with_sockets and one.is_forced)):
            found[one.name] = rest.popleft()
            if one.has_control:
                _skip_control(rest)
    return _Reading(found, len(rest))


def _by_names(names: Sequence[str], values: list[Any]) -> _Reading:
    """In the order of the file's own names; a control has none."""
    found: Values = {}
    rest = deque(values)
    for missing, name in zip(range(len(names) - 1, -1, -1), names, strict=True):
        if rest:
            found[name] = rest.popleft()
            if name in SEEDS or len(rest) > missing:
                _skip_control(rest)
    return _Reading(found, len(rest))


def _skip_control(rest: deque[Any]) -> None:
    """The first pages had a switch there."""
    if rest and (isinstance(rest[0], bool) or rest[0] in CONTROLS):
        rest.popleft()


def _parents_first(names: Iterable[str]) -> list[str]:
    """A choice is saved before the inputs that it brings, and listed after them."""
    listed = dict.fromkeys(names)
    placed = dict[str, None]()
    for name in listed:
        parts = name.split(".")
        above = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
        placed.update(dict.fromkeys(each for each in above if each in listed))
    return list(placed)


def _misfit(reading: _Reading, node_info: JsonObject) -> int:
    """How many values do not look like those of their input, or are nobody's."""
    known = {one.name: one for one in declared(node_info, reading.found)}
    return reading.unused + sum(
        known[name].misfit(value)
        for name, value in reading.found.items()
        if name in known and value is not None
    )


def _usable(one: Declared, value: Any) -> Any:
    return one.default if value is None or one.misfit(value) > 1 else value


def _undeclared(node: EditorNode) -> Values:
    """What no server declares: the page alone knows these nodes' widgets."""
    if node.type not in {FREE_CHOICE, LORA_LIST}:
        return {}
    if isinstance(node.values, dict):
        return node.values
    if node.type == LORA_LIST:
        loras = (value for value in node.values if is_entry(value))
        return {f"lora_{number}": value for number, value in enumerate(loras, 1)}
    texts = {f"option{number}": text for number, text in enumerate(node.values[2:], start=1)}
    return dict(zip(("choice", "index"), node.values, strict=False)) | texts


def as_input(value: Any) -> Any:
    """As the server takes it: a list would be read as a link."""
    return {"__value__": value} if isinstance(value, list) else value
