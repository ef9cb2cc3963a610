"""One workflow in every file that carries one: the kinds that people bring."""

import json
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from batchgen_app.storage.kept_workflow import KeptWorkflow
from batchgen_app.storage.workflow_library import WorkflowLibrary
from tests.storage.making import png


async def all_in(library: WorkflowLibrary) -> dict[str, KeptWorkflow]:
    """Those that are kept, whole, by id."""
    return {one: await library.get(one) for one in (await library.look()).kept}


def with_nan(graph: dict[str, Any]) -> bytes:
    """As a server notes in a graph that a node's input cannot be compared."""
    first, *_ = graph
    noted = {**graph, first: {**graph[first], "is_changed": [float("nan")]}}
    return json.dumps(noted).encode()


KINDS: MappingProxyType[str, Callable[[dict[str, Any]], bytes]] = MappingProxyType(
    {
        "plain.json": lambda graph: json.dumps(graph).encode(),
        "byte-order-mark.json": lambda graph: json.dumps(graph).encode("utf-8-sig"),
        "utf-16.json": lambda graph: json.dumps(graph).encode("utf-16"),
        "nan.json": with_nan,
        "picture.png": lambda graph: png(prompt=json.dumps(graph), workflow='{"nodes": []}'),
    }
)
"""By a name for the file."""
