"""Workflow: a graph in API format, and how a request's values get into it."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from batchgen_app.core.batch import BatchRequest, Parameters
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.limits import MAX_GRAPH_NODES
from batchgen_app.core.wire import Graph, JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.graph import Kind, NodeGraph, Slot
from batchgen_app.workflows.roles import NUMBER, Roles, find_roles

CALLED = {"cfg": "CFG", "sampler_name": "sampler"}
"""Settings that people call by another name."""
EXPORT_HINT = later(
    "This is a workflow in the editor's format. "
    'In ComfyUI choose "Export (API)" and use that file.'
)
TOO_MANY_NODES = later(
    "The workflow has more than {count} nodes, which is more than BatchGen can take. "
    "Split it into smaller ones.",
    count=MAX_GRAPH_NODES,
)
_GRAPH: TypeAdapter[JsonObject] = TypeAdapter(Graph)


class Workflow:
    """One graph; every change makes a new one, which has in common with it what is not changed.
    Making one takes a while where the graph is large: not in an event loop.
    """

    def __init__(self, nodes: JsonObject) -> None:
        self.nodes = nodes
        self._graph = NodeGraph(nodes)
        self.roles: Roles = find_roles(self._graph)

    @classmethod
    def parse(cls, data: object) -> Self:
        """From JSON data: a graph, or a saved request body around one; raises InvalidRequest."""
        match data:
            # Else "prompt" is the id of a node.
            case {"prompt": dict() as nodes} if "class_type" not in nodes:
                return cls._of(nodes)
            case _:
                return cls._of(data)

    @classmethod
    def _of(cls, data: object) -> Self:
        match data:
            case {"nodes": list()}:
                raise _invalid("editor_format", EXPORT_HINT)
            case dict() if len(data) > MAX_GRAPH_NODES:
                # Before its nodes are looked at, which takes as long as there are many.
                raise _invalid("too_large", TOO_MANY_NODES)
            case dict() if data and all(map(_is_node, data.values())) and _is_json(data):
                return cls({node_id: _as_exported(node) for node_id, node in data.items()})
            case _:
                raise _invalid(
                    "not_a_workflow", later("The workflow must be a graph in API format.")
                )

    def for_request(self, request: BatchRequest) -> Self:
        """With the values that the request gives; the rest stays as it is.

        One image per prompt is part of what a request says, so latents come one at a time.
        """
        given = request.base_parameters
        return self._with(
            {
                "positive": request.prompt,
                "negative": request.negative_prompt,
                "model": request.model,
                "steps": given.steps,
                "cfg": given.cfg,
                "width": given.width,
                "height": given.height,
                "sampler_name": given.sampler_name,
                "scheduler": given.scheduler,
                "latents_per_prompt": 1,
            }
        )

    def for_seed(self, seed: int) -> Self:
        """With ``seed`` wherever the graph keeps one."""
        return self._with({"seed": seed})

    def nodes_for_seed(self, seed: int) -> JsonObject:
        """The graph with ``seed`` in it, for the server."""
        return _changed(self.nodes, ((slot, seed) for slot in self.roles.seed))

    def saving_to(self, prefix: str) -> Self:
        """With ``prefix`` for the files of its SaveImage nodes on the server."""
        graph = self._graph
        saving = (node_id for node_id in graph if graph.class_type(node_id) == "SaveImage")
        slots = (Slot(n, "filename_prefix") for n in saving if "filename_prefix" in graph.inputs(n))
        return self._written((slot, prefix) for slot in slots)

    def with_values(self, values: Iterable[tuple[Slot, str]]) -> Self:
        """With these values in these places."""
        return self._written(values)

    def without_place(self, request: BatchRequest) -> list[str]:
        """What the request gives and this graph cannot take, as people call it."""
        given = {
            "prompt": (request.prompt, self.roles.positive),
            "seed": (request.seed_mode, self.roles.seed),
            "negative prompt": (request.negative_prompt, self.roles.negative),
            "model": (request.model, self.roles.model),
            **{
                CALLED.get(name, name): (
                    getattr(request.base_parameters, name),
                    getattr(self.roles, name),
                )
                for name in type(request.base_parameters).model_fields
            },
        }
        return [name for name, (value, slots) in given.items() if value is not None and not slots]

    @property
    def prompt(self) -> str | None:
        """The prompt that the graph has now."""
        found: str | None = self._read(self.roles.positive, str)
        return found

    def saves_to(self, prefix: str) -> bool:
        """Whether a node of it saves its files under just this prefix."""
        graph = self._graph
        return any(graph.inputs(node_id).get("filename_prefix") == prefix for node_id in graph)

    def parameters(self) -> Parameters:
        """What the graph says now."""
        return Parameters(
            model=self._read(self.roles.model, str),
            negative_prompt=self._read(self.roles.negative, str),
            steps=self._read(self.roles.steps, int),
            cfg=self._read(self.roles.cfg, NUMBER),
            width=self._read(self.roles.width, int),
            height=self._read(self.roles.height, int),
            sampler_name=self._read(self.roles.sampler_name, str),
            scheduler=self._read(self.roles.scheduler, str),
        )

    def _read(self, slots: tuple[Slot, ...], kind: Kind) -> Any:
        return self._graph.read(slots[0], kind) if slots else None

    def _with(self, values: dict[str, object]) -> Self:
        return self._written(
            (slot, value)
            for role, value in values.items()
            if value is not None
            for slot in getattr(self.roles, role)
        )

    def _written(self, changes: Iterable[tuple[Slot, object]]) -> Self:
        return type(self)(_changed(self.nodes, changes))


def _changed(nodes: JsonObject, changes: Iterable[tuple[Slot, object]]) -> JsonObject:
    """What is changed is made anew, all else is shared."""
    nodes = dict(nodes)
    for slot, value in changes:
        node = nodes[slot.node_id]
        nodes[slot.node_id] = {**node, "inputs": {**node["inputs"], slot.name: value}}
    return nodes


def _is_node(node: object) -> bool:
    return isinstance(node, dict) and isinstance(node.get("class_type"), str)


def _as_exported(node: JsonObject) -> JsonObject:
    """Without what a server notes in the graph while it runs: it would believe it again, and take
    a picture that has changed since for the old one (PROTOCOL.md, section 5).
    """
    return {name: value for name, value in node.items() if name != "is_changed"}


def _is_json(data: object) -> bool:
    try:
        _GRAPH.validate_python(data)
    except ValidationError:
        return False
    return True


def _invalid(code: str, message: Message) -> InvalidRequest:
    return InvalidRequest.of("workflow", code, message)
