"""Results of the last prompt, found by what went into each node: PROTOCOL.md, section 2."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from batchgen_app.demo.node_type import NodeOutput
from batchgen_app.demo.queue import Graph


def is_link(value: Any) -> bool:
    """Whether an input's value is a link: [node id, output slot]."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], int)
    )


def signatures(graph: Graph) -> dict[str, str]:
    """For each node a digest of its type, its values and all that is upstream of it."""
    known: dict[str, str] = {}

    def signature(node_id: str) -> str:
        if node_id not in known:
            known[node_id] = "open"  # a cycle that no output needs ends here
            known[node_id] = _digest(graph.get(node_id, {}), signature)
        return known[node_id]

    return {node_id: signature(node_id) for node_id in graph}


def _digest(node: dict[str, Any], signature: Any) -> str:
    inputs = {
        name: ["link", signature(value[0]), value[1]] if is_link(value) else value
        for name, value in sorted(node.get("inputs", {}).items())
    }
    content = [node.get("class_type"), node.get("is_changed"), inputs]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


class ResultCache:
    """Signature to result; holds what the latest prompt contains and nothing else."""

    def __init__(self) -> None:
        self._results: dict[str, NodeOutput] = {}

    def keep_only(self, wanted: Iterable[str]) -> None:
        """Forgets every result whose signature is not among these."""
        keep = set(wanted)
        self._results = {key: result for key, result in self._results.items() if key in keep}

    def clear(self) -> None:
        self._results.clear()

    def get(self, signature: str) -> NodeOutput | None:
        return self._results.get(signature)

    def put(self, signature: str, result: NodeOutput) -> None:
        self._results[signature] = result
