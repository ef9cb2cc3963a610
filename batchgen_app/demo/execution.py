"""Runs one prompt and tells what happens, in the order of PROTOCOL.md, section 3.

Results of the last prompt are found again by what went into each node: section 2.
"""

import asyncio
import hashlib
import json
import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from batchgen_app.demo.context import Bench, InterruptedByUserError, NodeContext
from batchgen_app.demo.hub import Hub
from batchgen_app.demo.node_type import NodeOutput, NodeType
from batchgen_app.demo.queue import Graph, HistoryEntry, QueuedPrompt
from batchgen_app.demo.report import NodeProgress, Report

logger = logging.getLogger(__name__)
NodeTypes = Mapping[str, NodeType]


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


class Execution:
    """One prompt while it runs; `run` gives its history entry."""

    def __init__(
        self,
        prompt: QueuedPrompt,
        types: NodeTypes,
        bench: Bench,
        hub: Hub,
        cache: ResultCache,
    ) -> None:
        self._prompt = prompt
        self._types = types
        self._bench = bench
        self._cache = cache
        self._report = Report(hub, prompt)
        self._progress = NodeProgress(hub, prompt.prompt_id, prompt.client_id)
        self._graph: Graph = deepcopy(prompt.graph)
        self._signatures: dict[str, str] = {}
        self._executed: list[str] = []
        self.node_id: str | None = None
        """The node at work, told to a client that reconnects (section 8)."""

    async def run(self) -> HistoryEntry:
        """Never raises what the graph or an interruption is to blame for."""
        # An interrupt that came while nothing ran does nothing to this prompt (section 6).
        self._bench.interrupted.clear()
        self._report.event("execution_start")
        try:
            await self._recall()
            await self._walk()
        except InterruptedByUserError:
            self._report.event("execution_interrupted", broadcast=True, **self._where())
            return self._report.entry("error")
        except Exception as error:
            logger.exception("Node %s failed", self.node_id)
            self._report.event("execution_error", **self._where(), **self._described(error))
            return self._report.entry("error")
        finally:
            self.node_id = None
        self._report.event("execution_success")
        return self._report.entry("success")

    async def _recall(self) -> None:
        """Finds out what need not run again."""
        await asyncio.to_thread(self._note_changes)
        self._signatures = signatures(self._graph)
        # Only results of the last prompt are remembered (section 2).
        self._cache.keep_only(self._signatures.values())
        cached = [node_id for node_id in self._graph if self._result(node_id)]
        self._report.event("execution_cached", nodes=cached)

    def _note_changes(self) -> None:
        for node in self._graph.values():
            node_type = self._types.get(node.get("class_type", ""))
            if node_type and node_type.fingerprint:
                fingerprint = node_type.fingerprint(self._bench.folders, node["inputs"])
                node["is_changed"] = [fingerprint]

    async def _walk(self) -> None:
        waiting = self._needed()
        while waiting:
            node_id = self._next(waiting)
            waiting.remove(node_id)
            known = self._result(node_id)
            if known:
                self._repeat(node_id, known)
            else:
                await self._perform(node_id)

    def _needed(self) -> list[str]:
        """Output nodes and what they lack, in the order in which ComfyUI comes across them."""
        found: dict[str, None] = {}
        open_ends = list(reversed(self._prompt.outputs))
        while open_ends:
            node_id = open_ends.pop()
            if node_id not in found:
                found[node_id] = None
                if not self._result(node_id):
                    open_ends.extend(self._sources(node_id))
        return list(found)

    def _next(self, waiting: list[str]) -> str:
        """The first that is ready; output nodes go before others, then what an output waits for."""
        outputs = [node_id for node_id in waiting if node_id in self._prompt.outputs]
        awaited = {source for node_id in outputs for source in self._sources(node_id)}
        ready = [n for n in waiting if not any(s in waiting for s in self._sources(n))]
        return min(ready, key=lambda n: 0 if n in outputs else 1 if n in awaited else 2)

    def _sources(self, node_id: str) -> Iterator[str]:
        declared = self._type(node_id).inputs
        for name, value in self._graph[node_id]["inputs"].items():
            if name in declared and is_link(value) and not self._result(value[0]):
                yield value[0]

    def _repeat(self, node_id: str, known: NodeOutput) -> None:
        self._report.executed(node_id, known)
        self._progress.finish(node_id)

    async def _perform(self, node_id: str) -> None:
        self.node_id = node_id
        self._progress.start(node_id)
        self._report.executing(node_id)
        # The flag is looked at when a node begins, and between its steps (section 6).
        self._bench.stop_if_interrupted()
        self._bench.hooks.before_node(self._prompt.ordinal, self._type(node_id).name)
        context = NodeContext(self._bench, self._prompt, self._graph, node_id, self._progress)
        result = await self._type(node_id).run(context, **self._values(node_id))
        self._cache.put(self._signatures[node_id], result)
        if result.ui is not None:
            self._report.executed(node_id, result)
        self._progress.finish(node_id)
        self._executed.append(node_id)

    def _values(self, node_id: str) -> dict[str, Any]:
        """The arguments of a node's function: values, and what has come along its links."""
        declared = self._type(node_id).inputs
        inputs = self._graph[node_id]["inputs"]
        return {name: self._value(inputs[name]) for name in declared if name in inputs}

    def _arguments(self, node_id: str) -> dict[str, Any]:
        """The values, and what a node is given beside them."""
        extra = self._prompt.extra_data.get("extra_pnginfo")
        given = {"PROMPT": self._graph, "EXTRA_PNGINFO": extra, "UNIQUE_ID": node_id}
        hidden = self._type(node_id).hidden
        return {**self._values(node_id), **{name: given[kind] for name, kind in hidden.items()}}

    def _value(self, value: Any) -> Any:
        if not is_link(value):
            return value
        result = self._result(value[0])
        return result.values[value[1]] if result else None

    def _type(self, node_id: str) -> NodeType:
        return self._types[self._graph[node_id]["class_type"]]

    def _result(self, node_id: str) -> NodeOutput | None:
        return self._cache.get(self._signatures[node_id]) if node_id in self._graph else None

    def _where(self) -> dict[str, Any]:
        node_type = self._type(self.node_id).name if self.node_id else None
        return {"node_id": self.node_id, "node_type": node_type, "executed": self._executed}

    def _described(self, error: Exception) -> dict[str, Any]:
        inputs = self._arguments(self.node_id) if self.node_id else {}
        return {
            "exception_message": f"{error}\n",
            "exception_type": _type_name(error),
            "traceback": traceback.format_tb(error.__traceback__),
            "current_inputs": {name: [_shown(value)] for name, value in inputs.items()},
            "current_outputs": list(self._graph),
        }


def _type_name(error: Exception) -> str:
    kind = getattr(error, "told_as", type(error))
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _shown(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else str(value)
