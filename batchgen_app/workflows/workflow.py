"""Workflow: a graph in API format, what was understood of it, and how a request's values get in."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.limits import MAX_GRAPH_NODES
from batchgen_app.core.request import BatchRequest, Lora
from batchgen_app.core.wire import Graph, JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.workflows.additions import refiner_in
from batchgen_app.workflows.corrections import corrected, set_by_hand
from batchgen_app.workflows.filling import CALLED, Filling, fill, given
from batchgen_app.workflows.graph import Kind, NodeGraph, Slot, changed
from batchgen_app.workflows.loras import with_loras
from batchgen_app.workflows.node_types import LONGEST_NAME, NodeTypes
from batchgen_app.workflows.roles import NUMBERS, Found, Roles, find_roles
from batchgen_app.workflows.seeding import SeededGraph, seed_places
from batchgen_app.workflows.typed_graph import TypedGraph
from batchgen_app.workflows.used_files import loras_of

EXPORT_HINT = later(
    "This is a workflow in the editor's format. "
    'In ComfyUI choose "Export (API)" and use that file.'
)
TOO_MANY_NODES = later(
    "The workflow has more than {count} nodes, which is more than BatchGen can take. "
    "Split it into smaller ones.",
    count=MAX_GRAPH_NODES,
)
NO_PLACE = later("The workflow has no place for: {names}.")
ALL_ALIKE = later("All pictures will look the same.")
HALF_A_NODE = later(
    'Node "{name}" of the workflow has no class_type. In ComfyUI choose "Export (API)" once more.'
)
_GRAPH: TypeAdapter[JsonObject] = TypeAdapter(Graph)
NOTHING_KNOWN: NodeTypes = MappingProxyType({})


class Workflow:
    """One graph; every change makes a new one, which has in common with it what is not changed,
    and what was understood: a value that is written means nothing else. Making one takes a while
    where the graph is large: not in an event loop.
    """

    def __init__(
        self, nodes: JsonObject, known: NodeTypes = NOTHING_KNOWN, found: Found | None = None
    ) -> None:
        self.nodes = nodes
        self.known = known
        self.graph = NodeGraph(nodes)
        self.found = found or find_roles(self.graph, known)

    @property
    def roles(self) -> Roles:
        """Where values go."""
        return self.found.roles

    @classmethod
    def parse(cls, data: object) -> Self:
        """From JSON data: a graph, or a saved request body around one; raises InvalidRequest."""
        return cls(graph_in(data))

    def corrected(self, roles: Mapping[str, Sequence[str]]) -> Self:
        """Understood as a person knows better; raises InvalidRequest."""
        return type(self)(self.nodes, self.known, corrected(self.graph, self.found, roles))

    def with_values(self, values: Iterable[tuple[Slot, object]]) -> Self:
        """With these values in these places."""
        return type(self)(changed(self.nodes, values), self.known, self.found)

    def filling(self, request: BatchRequest) -> Filling:
        """What the values that the request gives change; the rest stays as it is."""
        return fill(self.graph, self.found, request)

    def with_loras(self, loras: Sequence[Lora]) -> Self:
        """With these behind what loads its model; without such a place, as it is."""
        if not loras or not self.roles.model:
            return self
        nodes = with_loras(self.nodes, self.known, self.roles.model[0].node_id, loras)
        return type(self)(nodes, self.known, self.found)

    def set_by_hand(self, inputs: Mapping[str, object]) -> Self:
        """With these values in inputs that play no role; raises InvalidRequest."""
        return self.with_values(set_by_hand(TypedGraph(self.graph, self.known), inputs))

    def for_seed(self, seed: int) -> Self:
        """With ``seed`` wherever the graph keeps one."""
        nodes = SeededGraph(self.nodes, self.seed_places()).for_seed(seed)
        return type(self)(nodes, self.known, self.found)

    def seed_places(self) -> dict[Slot, int]:
        """The inputs that get the seed, each with the largest one that its node takes."""
        return seed_places(self.graph, self.roles, self.known)

    def saving_to(self, prefix: str) -> Self:
        """With ``prefix`` for the files of its SaveImage nodes on the server."""
        graph = self.graph
        saving = (node_id for node_id in graph if graph.class_type(node_id) == "SaveImage")
        slots = (Slot(n, "filename_prefix") for n in saving if "filename_prefix" in graph.inputs(n))
        return self.with_values((slot, prefix) for slot in slots)

    def lost(self, request: BatchRequest) -> list[Message]:
        """What the request gives in vain, for whoever asked; mostly nothing."""
        without = self.without_place(request)
        if request.loras and not self.roles.model:
            without.append("LoRA")
        if request.refiner and not self._names(request.refiner):
            without.append("refiner")
        lost = [later(NO_PLACE, names=", ".join(without))] if without else []
        return [*lost, *([ALL_ALIKE] if "seed" in without else [])]

    def without_place(self, request: BatchRequest) -> list[str]:
        """What the request gives and this graph cannot take, as people call it."""
        roles = self.roles
        asked = {"seed": request.seed_mode, **given(request)}
        order = ["prompt", "seed", *(role for role in asked if role not in {"prompt", "seed"})]
        return [
            CALLED.get(role, role)
            for role in order
            if asked[role] is not None and not getattr(roles, role)
        ]

    def _names(self, file: str) -> bool:
        return any(file in self.graph.inputs(node_id).values() for node_id in self.graph)

    @property
    def prompt(self) -> str | None:
        """The prompt that the graph has now."""
        found: str | None = self._read(self.roles.prompt, str)
        return found

    def own_words(self) -> str:
        """All texts that may be the prompt, where it is not known which one is."""
        slots = self.roles.prompt or self.found.choices.get("prompt", ())
        texts = (self.graph.read(slot, str) for slot in slots)
        return ", ".join(dict.fromkeys(text for text in texts if text))

    def saves_to(self, prefix: str) -> bool:
        """Whether a node of it saves its files under just this prefix."""
        graph = self.graph
        return any(graph.inputs(node_id).get("filename_prefix") == prefix for node_id in graph)

    def parameters(self) -> Parameters:
        """What the graph says now."""
        roles = self.roles
        return Parameters(
            model=self._read(roles.model, str),
            negative_prompt=self._read(roles.negative_prompt, str),
            steps=self._read(roles.steps, int),
            cfg=self._read(roles.cfg, NUMBERS),
            width=self._read(roles.width, int),
            height=self._read(roles.height, int),
            sampler_name=self._read(roles.sampler_name, str),
            scheduler=self._read(roles.scheduler, str),
            refiner=refiner_in(self.nodes),
            guidance=self._read(roles.guidance, NUMBERS),
            denoise=self._part_made_anew(),
            vae=self._read(roles.vae, str),
            text_encoders=self._text_encoders() or None,
            loras=loras_of(self.nodes, roles.output) or None,
        )

    def _part_made_anew(self) -> float | None:
        share: float | None = self._read(self.roles.denoise, NUMBERS)
        return share if share is not None and share < 1 else None

    def _text_encoders(self) -> list[str]:
        read = (self.graph.read(slot, str) for slot in self.roles.text_encoder)
        return [name for name in read if name]

    def _read(self, slots: Sequence[Slot], kind: Kind) -> Any:
        return self.graph.read(slots[0], kind) if slots else None


def graph_in(data: object) -> JsonObject:
    """The graph that JSON data holds: by itself, or wrapped as people send it to servers. Raises
    InvalidRequest.
    """
    match unwrapped(data):
        case dict() as nodes if is_editor_format(nodes):
            raise _invalid("editor_format", EXPORT_HINT)
        case dict() as nodes if len(nodes) > MAX_GRAPH_NODES:
            # Before its nodes are looked at, which takes as long as there are many.
            raise _invalid("too_large", TOO_MANY_NODES)
        case dict() as nodes if any(map(_is_node, nodes.values())) and _is_json(nodes):
            return _nodes(nodes)
    raise _invalid("not_a_workflow", later("The workflow must be a graph in API format."))


def unwrapped(data: object) -> object:
    """Out of the body of a request: to ComfyUI, to a host that runs it for others, to BatchGen."""
    match data:
        # SwarmUI's workflows: in its graph stand names of its own fields where values belong.
        case {"custom_params": dict(), "prompt": dict(), "workflow": dict() as document}:
            return document
        # Else "prompt" is the id of a node.
        case {"prompt": dict() as nodes} if "class_type" not in nodes:
            return nodes
        case {"input": {"workflow": dict() as nodes}}:
            return nodes
        case {"workflow": dict() as nodes} if "class_type" not in nodes:
            return nodes
    return data


def is_editor_format(data: object) -> bool:
    """Whether it is what ComfyUI's page keeps, and not what its server runs."""
    match data:
        case {"nodes": list()}:
            return True
    return False


def _nodes(data: JsonObject) -> JsonObject:
    """Without the notes that people keep beside the nodes. Raises InvalidRequest where one of the
    others is half a node.
    """
    for name, value in data.items():
        if (
            not _is_node(value)
            and isinstance(value, dict)
            and ("inputs" in value or "class_type" in value)
        ):
            raise _invalid("not_a_workflow", later(HALF_A_NODE, name=name[:LONGEST_NAME]))
    return {name: _as_exported(value) for name, value in data.items() if _is_node(value)}


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
