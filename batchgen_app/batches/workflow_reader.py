"""WorkflowReader: what a file or a request brings as a workflow, understood with what the server in
use tells about its nodes.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from batchgen_app.batches.input_pictures import not_there
from batchgen_app.batches.server import Server
from batchgen_app.comfy.validation import Fault, faults
from batchgen_app.core.errors import InvalidRequest, ServerError
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage.workflow_file import FileFormat, read_workflow
from batchgen_app.workflows.editor import app_in, node_types_in, to_api
from batchgen_app.workflows.inspection import described, settable
from batchgen_app.workflows.lora_lists import LORA_LIST, NAMES_FROM
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.picture_files import missing_pictures
from batchgen_app.workflows.workflow import Workflow, graph_in, is_editor_format, unwrapped

OR_EXPORT = later('{why} Or choose "Export (API)" in ComfyUI, and use that file.')
NOT_ASKED = later(
    "The server does not answer, so it is not known which of these nodes and models it has."
)


@dataclass(frozen=True)
class Inspection:
    """What a file holds, and its problems on the server in use; where that could not be asked, it
    is the only one. ``roles`` and ``fields`` are what its author says in the editor's app mode:
    what a request may give as its ``roles`` and ``inputs``.
    """

    format: FileFormat
    workflow: Workflow
    problems: list[Fault]
    roles: dict[str, list[str]] = field(default_factory=dict)
    fields: JsonObject = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        """As the API and the terminal tell it."""
        problems = [
            {"code": p.code, "node": p.node_id, "message": str(p.message)} for p in self.problems
        ]
        told = described(self.workflow.corrected(self.roles))
        return {"format": self.format, **told, "fields": self.fields, "problems": problems}


class WorkflowReader:
    """Reads for one server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def nodes(
        self, data: object, also: Iterable[str] = (), *, to_look_at: bool = False
    ) -> tuple[JsonObject, NodeTypes]:
        """The graph in a request's data, and what the server tells about its nodes and those that
        are ``also`` needed; ``to_look_at``, it may lack some of them. Raises InvalidRequest,
        ServerUnreachable.
        """
        document = unwrapped(data)
        if is_editor_format(document):
            with _other_way_said():
                types = await asyncio.to_thread(node_types_in, document)
            known = await self.node_types([*types, *also])
            convert = partial(_converted, document, known, to_look_at=to_look_at)
            return await asyncio.to_thread(convert), known
        nodes = await asyncio.to_thread(graph_in, document)
        types = {node["class_type"] for node in nodes.values()}
        return nodes, await self.node_types([*types, *also])

    async def node_types(self, class_types: Iterable[str]) -> NodeTypes:
        """What the server tells about these; raises ServerUnreachable."""
        asked = set(class_types)
        names = {NAMES_FROM[0]} if LORA_LIST in asked else set()
        return await self._server.catalog.node_types(asked | names)

    async def inspect(self, content: bytes) -> Inspection:
        """What is in a file, as far as one can know. Raises InvalidRequest where there is no graph
        in it.
        """
        found = await asyncio.to_thread(read_workflow, content)
        try:
            nodes, known = await self.nodes(found.data, to_look_at=True)
        except ServerError:
            nodes = await asyncio.to_thread(_unasked, found.data)
            workflow = await asyncio.to_thread(Workflow, nodes)
            told = [Fault("not_asked", None, NOT_ASKED)]
        else:
            workflow = await asyncio.to_thread(Workflow, nodes, known)
            told = await asyncio.to_thread(_faults, workflow)
        said = await asyncio.to_thread(said_by_app, found.data, workflow)
        return Inspection(found.format, workflow, told, *said)


def _faults(workflow: Workflow) -> list[Fault]:
    lost = [
        Fault("missing_picture", slot.node_id, not_there(slot, name))
        for slot, name in missing_pictures(workflow)
    ]
    return [*faults(workflow.nodes, workflow.known), *lost]


def said_by_app(data: object, workflow: Workflow) -> tuple[dict[str, list[str]], JsonObject]:
    """Which roles the author of an app chose, and the inputs beside all roles that it shows, with
    what stands there; of the ``workflow`` that was made of this ``data``.
    """
    document = unwrapped(data)
    if not is_editor_format(document):
        return {}, {}
    app = app_in(document)
    outputs = [node_id for node_id in app.outputs if node_id in workflow.roles.output]
    return ({"output": outputs} if outputs else {}), settable(workflow, app.inputs)


class RememberingReader(WorkflowReader):
    """Asks the server about each type of nodes once, for whoever reads many workflows."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._known: dict[str, JsonObject | None] = {}

    async def node_types(self, class_types: Iterable[str]) -> NodeTypes:
        wanted = set(class_types)
        if new := wanted - self._known.keys():
            self._known.update(await super().node_types(new))
        return {name: self._known[name] for name in wanted}


def require_workflow(data: object) -> None:
    """Raises InvalidRequest for what is no workflow on any server."""
    document = unwrapped(data)
    if is_editor_format(document):
        with _other_way_said():
            node_types_in(document)
    else:
        graph_in(document)


def _unasked(data: object) -> JsonObject:
    """The graph as far as it can be told without a server."""
    document = unwrapped(data)
    return _converted(document, {}) if is_editor_format(document) else graph_in(document)


def _converted(document: object, known: NodeTypes, *, to_look_at: bool = False) -> JsonObject:
    with _other_way_said():
        return graph_in(to_api(document, known, to_look_at=to_look_at))


@contextmanager
def _other_way_said() -> Iterator[None]:
    """What cannot be converted here, ComfyUI itself can export."""
    try:
        yield
    except InvalidRequest as error:
        told = [replace(p, message=later(OR_EXPORT, why=p.message)) for p in error.problems]
        raise InvalidRequest(told) from error
