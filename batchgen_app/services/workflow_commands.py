"""WorkflowCommands: what is done with the workflows that people keep."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.workflow_reader import WorkflowReader, require_workflow
from batchgen_app.core.errors import Conflict, InvalidRequest, ServerError
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.services.workflow_queries import whole_workflow
from batchgen_app.storage.kept_workflow import KeptWorkflow, id_of, imported
from batchgen_app.workflows.families import FAMILIES

BUILT_IN = later("A built-in workflow cannot be changed. Keep a copy under another name.")


class WorkflowCommands:
    """What can be done with kept workflows. Each command is told for whom, and raises Forbidden
    unless they may.
    """

    def __init__(self, backend: Backend) -> None:
        self._app = backend

    async def keep(self, caller: Caller, kept: KeptWorkflow) -> str:
        """Keep a workflow; gives its id. Raises InvalidRequest for what is none, Conflict where the
        name is taken, StorageError.
        """
        caller.require(Verb.MAKE)
        self._require_own(id_of(kept.name))
        await asyncio.to_thread(require_workflow, kept.workflow)
        return await self._app.library.add(kept.as_new())

    async def bring(self, caller: Caller, filename: str, content: bytes) -> str:
        """Keep what is in a file, under its name or one like it that is free; gives its id. Raises
        InvalidRequest for what is no workflow, StorageError.
        """
        caller.require(Verb.MAKE)
        kept = await asyncio.to_thread(imported, filename, content)
        # One of the editor's stays as it is until the server can be asked, and has all its nodes.
        with suppress(ServerError), _nodes_may_be_missing():
            nodes, _ = await WorkflowReader(self._app.server).nodes(kept.workflow)
            kept = kept.model_copy(update={"workflow": nodes})
        return await self._app.library.add(kept.as_new(), make_free=True)

    async def copy(self, caller: Caller, workflow_id: str, name: str) -> str:
        """Keep one once more, be it built-in, under ``name`` or one like it that is free; gives its
        id. Raises NotFound, ServerError, StorageError.
        """
        caller.require(Verb.MAKE)
        kept = await whole_workflow(self._app, workflow_id)
        copy = kept.as_new().model_copy(update={"name": name})
        return await self._app.library.add(copy, make_free=True)

    async def change(
        self,
        caller: Caller,
        workflow_id: str,
        changes: JsonObject,
        *,
        seen: Collection[str] | None = None,
    ) -> str:
        """Other values for a kept workflow; gives its id. ``seen`` are revisions that they fit:
        where it is another one by now, raises Conflict. Raises what ``keep`` does, and NotFound.
        """
        caller.require(Verb.MAKE)
        self._require_own(workflow_id)
        self._require_own(id_of(str(changes.get("name", ""))))
        return await self._app.library.change(workflow_id, changes, seen=seen)

    async def delete(self, caller: Caller, workflow_id: str) -> None:
        """Put a kept workflow away. Raises NotFound, Conflict for a built-in one, StorageError."""
        caller.require(Verb.DELETE)
        self._require_own(workflow_id)
        await self._app.library.delete(workflow_id)

    async def restore(self, caller: Caller, workflow_id: str) -> None:
        """Have a workflow back that was put away. Raises NotFound, Conflict, StorageError."""
        caller.require(Verb.DELETE)
        await self._app.library.restore(workflow_id)

    def _require_own(self, workflow_id: str) -> None:
        if workflow_id in FAMILIES:
            raise Conflict(BUILT_IN)


@contextmanager
def _nodes_may_be_missing() -> Iterator[None]:
    """Raises what is wrong besides."""
    try:
        yield
    except InvalidRequest as error:
        if any(problem.code != "missing_node" for problem in error.problems):
            raise
