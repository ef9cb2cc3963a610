"""WorkflowReader: what a file or a request brings as a workflow, understood with what the server in
use tells about its nodes.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from batchgen_app.batches.server import Server
from batchgen_app.comfy.validation import Fault, faults
from batchgen_app.core.errors import InvalidRequest, ServerError
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage.workflow_file import FileFormat, read_workflow
from batchgen_app.workflows.editor import node_types_in, to_api
from batchgen_app.workflows.inspection import described
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.workflow import Workflow, graph_in, is_editor_format, unwrapped

OR_EXPORT = later('{why} Or choose "Export (API)" in ComfyUI, and use that file.')
NOT_ASKED = later(
    "The server does not answer, so it is not known which of these nodes and models it has."
)


@dataclass(frozen=True)
class Inspection:
    """What a file holds, and its problems on the server in use; where that could not be asked, it
    is the only one.
    """

    format: FileFormat
    workflow: Workflow
    problems: list[Fault]

    def to_json(self) -> JsonObject:
        """As the API and the terminal tell it."""
        problems = [
            {"code": p.code, "node": p.node_id, "message": str(p.message)} for p in self.problems
        ]
        return {"format": self.format, **described(self.workflow), "problems": problems}


class WorkflowReader:
    """Reads for one server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def nodes(self, data: object, also: Iterable[str] = ()) -> tuple[JsonObject, NodeTypes]:
        """The graph in a request's data, and what the server tells about its nodes and those that
        are ``also`` needed. Raises InvalidRequest, ServerUnreachable.
        """
        document = unwrapped(data)
        if is_editor_format(document):
            with _other_way_said():
                types = await asyncio.to_thread(node_types_in, document)
            known = await self.node_types([*types, *also])
            return await asyncio.to_thread(_converted, document, known), known
        nodes = await asyncio.to_thread(graph_in, document)
        types = {node["class_type"] for node in nodes.values()}
        return nodes, await self.node_types([*types, *also])

    async def node_types(self, class_types: Iterable[str]) -> NodeTypes:
        """What the server tells about these; raises ServerUnreachable."""
        return await self._server.catalog.node_types(set(class_types))

    async def inspect(self, content: bytes) -> Inspection:
        """What is in a file, as far as one can know. Raises InvalidRequest where there is no graph
        in it.
        """
        found = await asyncio.to_thread(read_workflow, content)
        try:
            nodes, known = await self.nodes(found.data)
        except ServerError:
            nodes = await asyncio.to_thread(_unasked, found.data)
            workflow = await asyncio.to_thread(Workflow, nodes)
            return Inspection(found.format, workflow, [Fault("not_asked", None, NOT_ASKED)])
        workflow = await asyncio.to_thread(Workflow, nodes, known)
        told = await asyncio.to_thread(faults, nodes, known)
        return Inspection(found.format, workflow, told)


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


def _converted(document: object, known: NodeTypes) -> JsonObject:
    with _other_way_said():
        return graph_in(to_api(document, known))


@contextmanager
def _other_way_said() -> Iterator[None]:
    """What cannot be converted here, ComfyUI itself can export."""
    try:
        yield
    except InvalidRequest as error:
        told = [replace(p, message=later(OR_EXPORT, why=p.message)) for p in error.problems]
        raise InvalidRequest(told) from error
