"""Says whether a graph may run, and if not, why: PROTOCOL.md, section 7."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from batchgen_app.demo.files import Catalogue, Folders
from batchgen_app.demo.input_checks import (
    InputChecks,
    Problem,
    dependency_cycle,
    validation_failure,
)
from batchgen_app.demo.node_type import Input, NodeType
from batchgen_app.demo.queue import Graph

CORRUPTED = "The workflow may be corrupted or a custom node is missing."
NOT_INSTALLED = "The custom node may not be installed."


@dataclass(frozen=True)
class Verdict:
    """`outputs` are the output nodes that may run; if there are none, `error` says why."""

    outputs: list[str] = field(default_factory=list)
    error: dict[str, Any] | None = None
    node_errors: dict[str, Any] = field(default_factory=dict)


class Validator:
    """Checks graphs against the node types; converts widget values in place."""

    def __init__(
        self, types: Mapping[str, NodeType], catalogue: Catalogue, folders: Folders
    ) -> None:
        self._types = types
        self._checks = InputChecks(catalogue, folders)

    def judge(self, graph: Graph, targets: Collection[str] | None = None) -> Verdict:
        """Raises what the JSON deserves if the graph is no object (the route answers 500)."""
        _require_objects(graph)
        refusal = self._refusal(graph)
        if refusal:
            return Verdict(error=refusal)
        # With targets, only these outputs run (section 2).
        outputs = [o for o in self._output_nodes(graph) if targets is None or o in targets]
        if not outputs:
            return Verdict(error=_error("prompt_no_outputs", "Prompt has no outputs"))
        return self._inspect(graph, outputs)

    def _refusal(self, graph: Graph) -> dict[str, Any] | None:
        for node_id, node in graph.items():
            if "class_type" not in node:
                title = node.get("_meta", {}).get("title")
                named = title or f"ID #{node_id}"
                reason = f"Node '{named}' has no class_type. {CORRUPTED}"
                return _missing(node_id, None, title, reason)
            class_type = node["class_type"]
            if class_type not in self._types:
                title = node.get("_meta", {}).get("title", class_type)
                reason = f"Node '{title}' not found. {NOT_INSTALLED}"
                return _missing(node_id, class_type, title, reason)
        return None

    def _output_nodes(self, graph: Graph) -> list[str]:
        return [n for n, node in graph.items() if self._types[node["class_type"]].output_node]

    def _inspect(self, graph: Graph, outputs: list[str]) -> Verdict:
        inspection = Inspection(graph, self._types, self._checks)
        good = [output for output in outputs if inspection.passes(output)]
        if good:
            return Verdict(outputs=good, node_errors=inspection.node_errors)
        details = "\n".join(inspection.complaints)
        error = _error(
            "prompt_outputs_failed_validation", "Prompt outputs failed validation", details
        )
        return Verdict(error=error, node_errors=inspection.node_errors)


class Inspection:
    """The search for errors in one graph; a node is looked at once, however often it is used."""

    def __init__(self, graph: Graph, types: Mapping[str, NodeType], checks: InputChecks) -> None:
        self._graph = graph
        self._types = types
        self._checks = checks
        self._problems: dict[str, list[Problem]] = {}
        self._valid: dict[str, bool] = {}
        self._open: list[str] = []
        self.node_errors: dict[str, Any] = {}
        self.complaints: list[str] = []
        """About the output nodes themselves, in the words of the summary."""

    def passes(self, output: str) -> bool:
        """Whether this output node may run; if not, `node_errors` has grown."""
        try:
            valid = self._node_is_valid(output)
        except Exception as error:  # noqa: BLE001 any fault in the graph is the client's news
            self._condemn(output, validation_failure(error))
            valid = False
        if not valid:
            self._report(output)
        return valid

    def _report(self, output: str) -> None:
        """Files all that is known to be wrong, under each node that has an error of its own."""
        own = self._problems.get(output, ())
        self.complaints += [f"{problem['message']}: {problem['details']}" for problem in own]
        for node_id, problems in self._problems.items():
            entry = self.node_errors.setdefault(
                node_id,
                {
                    "errors": problems,
                    "dependent_outputs": [],
                    "class_type": self._graph[node_id]["class_type"],
                },
            )
            entry["dependent_outputs"].append(output)

    def _condemn(self, node_id: str, *problems: Problem) -> None:
        self._valid[node_id] = False
        if problems:
            self._problems[node_id] = list(problems)

    def _node_is_valid(self, node_id: str) -> bool:
        """Raises KeyError, IndexError and the like for links that lead nowhere."""
        if node_id not in self._valid and node_id in self._open:
            self._condemn_circle(self._open[self._open.index(node_id) :])
        if node_id not in self._valid:
            self._open.append(node_id)
            try:
                self._look_at(node_id)
            finally:
                self._open.pop()
        return self._valid[node_id]

    def _condemn_circle(self, circle: list[str]) -> None:
        """Each of them needs its own result."""
        types = [f"{n} ({self._graph[n]['class_type']})" for n in [*circle, circle[0]]]
        for node_id in circle:
            self._condemn(node_id, dependency_cycle(node_id, circle, " -> ".join(types)))

    def _look_at(self, node_id: str) -> None:
        node_type, inputs = self._type(node_id), self._graph[node_id]["inputs"]
        problems: list[Problem] = []
        sound_sources = True
        for name, declared in node_type.inputs.items():
            value = inputs.get(name)
            if isinstance(value, list):
                problem = self._link_problem(name, declared, value)
                if problem is None:
                    sound_sources &= self._source_is_valid(name, declared, value)
            else:
                problem = self._checks.widget_problem(node_type, name, inputs)
            if problem:
                problems.append(problem)
        sound = sound_sources and not problems and self._valid.get(node_id, True)
        self._valid[node_id] = sound
        if problems:
            self._problems.setdefault(node_id, []).extend(problems)

    def _link_problem(self, name: str, declared: Input, link: list[Any]) -> Problem | None:
        if len(link) != 2:
            return self._checks.bad_link(name, declared, link)
        source, slot = link
        # A node or slot that is not there raises, which is filed under the node that has the link.
        received = self._type(source).outputs[slot].type
        if "*" in (received, declared.type) or received == declared.type:
            return None
        return self._checks.mismatch(name, declared, received, link)

    def _source_is_valid(self, name: str, declared: Input, link: list[Any]) -> bool:
        try:
            return self._node_is_valid(link[0])
        except Exception as error:  # noqa: BLE001 as above
            self._condemn(link[0], self._checks.inner_failure(name, declared, link, error))
            return False

    def _type(self, node_id: str) -> NodeType:
        return self._types[self._graph[node_id]["class_type"]]


def _require_objects(graph: Graph) -> None:
    """ComfyUI looks through the inputs of all nodes before it judges any."""
    for node in graph.values():
        if "class_type" in node and not isinstance(node.get("inputs", {}), dict):
            raise TypeError("The inputs of a node are no object.")


def _missing(node_id: str, class_type: Any, title: Any, message: str) -> dict[str, Any]:
    """A node whose type the engine does not have."""
    where = {"node_id": node_id, "class_type": class_type, "node_title": title}
    return _error("missing_node_type", message, f"Node ID '#{node_id}'", **where)


def _error(kind: str, message: str, details: str = "", **extra_info: Any) -> dict[str, Any]:
    return {"type": kind, "message": message, "details": details, "extra_info": extra_info}
