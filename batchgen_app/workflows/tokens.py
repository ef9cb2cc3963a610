"""Tokens in file prefixes, which ComfyUI's page resolves before it sends a graph:
``%date:yyyy-MM-dd%`` and ``%node.input%``. What the server resolves itself (``%width%``) is left to
it.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import NodeGraph, Slot, changed

PREFIX = "filename_prefix"
_TOKEN = re.compile(r"%([^%]+)%")
_PART = re.compile(r"dd?|MM?|hh?|mm?|ss?|yyyy|yyy|yy")
_NOT_IN_NAMES = re.compile(r'[/?<>\\:*|"\x00-\x1f\x7f]')


def resolved(nodes: JsonObject, now: datetime) -> JsonObject:
    """The graph as it is sent at ``now``, in local time; what names no node stays as it is."""
    graph = NodeGraph(nodes)
    return changed(nodes, _changes(graph, now))


def _changes(graph: NodeGraph, now: datetime) -> Iterator[tuple[Slot, object]]:
    for node_id in graph:
        prefix = graph.inputs(node_id).get(PREFIX)
        if isinstance(prefix, str) and "%" in prefix:
            text = _TOKEN.sub(lambda token: _value(graph, token[1], now) or token[0], prefix)
            yield Slot(node_id, PREFIX), text


def _value(graph: NodeGraph, token: str, now: datetime) -> str | None:
    if token.startswith("date:"):
        return _date(token.removeprefix("date:"), now)
    called, dot, name = token.partition(".")
    if not dot or "." in name:
        return None
    for node_id in graph:
        if called in {graph.title(node_id), graph.class_type(node_id), node_id}:
            value = graph.inputs(node_id).get(name)
            if isinstance(value, str | int | float):
                return _NOT_IN_NAMES.sub("_", str(value))
    return None


def _date(form: str, now: datetime) -> str:
    numbers = {"d": now.day, "M": now.month, "h": now.hour, "m": now.minute, "s": now.second}

    def part(found: re.Match[str]) -> str:
        letters = found[0]
        if letters[0] == "y":
            return str(now.year)[-2:] if letters == "yy" else str(now.year)
        return str(numbers[letters[0]]).zfill(len(letters))

    return _NOT_IN_NAMES.sub("_", _PART.sub(part, form))
