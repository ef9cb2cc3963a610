"""WorkflowQueries: the workflows that can be chosen, what they were used for, what they lack here;
what was deleted of them, and what lies in their folder and cannot be used.
"""

import asyncio
from collections.abc import Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from batchgen_app.access.callers import Caller
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.model_families import ModelFamilies
from batchgen_app.batches.workflow_reader import RememberingReader
from batchgen_app.comfy.validation import faults
from batchgen_app.core.errors import BatchGenError, InvalidRequest, NotFound, StorageError
from batchgen_app.core.ids import time_of
from batchgen_app.core.request import Family
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message
from batchgen_app.services.questions import Questions, whole
from batchgen_app.storage.batch_folder import OpenFile
from batchgen_app.storage.decoding import plain_tile
from batchgen_app.storage.gallery_query import Use
from batchgen_app.storage.kept_workflow import KeptWorkflow, UnusableFile, id_of
from batchgen_app.storage.workflow_digest import digest_of
from batchgen_app.storage.workflow_library import (
    FOLDER,
    KNOWN,
    DeletedWorkflow,
    Shelf,
    WorkflowLibrary,
)
from batchgen_app.storage.workflow_summary import Summary
from batchgen_app.workflows.corrections import open_questions
from batchgen_app.workflows.families import FAMILIES
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.workflow import Workflow


@dataclass(frozen=True)
class ListedWorkflow:
    """One that can be chosen; of a built-in one nothing is ``kept``. ``batches`` are those with
    pictures that it has made, the ``newest`` of them by its id.
    """

    id: str
    name: str
    family: Family | None
    kept: Summary | None = None
    batches: int = 0
    newest: str | None = None

    @property
    def is_built_in(self) -> bool:
        """Whether it is the app's own and cannot be changed."""
        return self.kept is None

    @property
    def revision(self) -> str | None:
        """Another one after each change of what is kept."""
        return self.kept.revision if self.kept else None

    @property
    def last_used(self) -> datetime | None:
        """When the newest of its batches was asked for."""
        return time_of(self.newest) if self.newest else None


@dataclass(frozen=True)
class Library:
    """All that can be chosen, the built-in ones first, and the files that cannot be used."""

    workflows: Sequence[ListedWorkflow]
    unusable: Sequence[UnusableFile]

    @property
    def kept(self) -> list[Summary]:
        """Those that people keep."""
        return [one.kept for one in self.workflows if one.kept]


async def library_in(data_dir: Path) -> Library:
    """What lies in a data folder, without a running app: nothing is known of what it was used for.
    Raises StorageError.
    """
    shelf = await WorkflowLibrary(data_dir / FOLDER, data_dir / KNOWN).look()
    return _library(shelf, (), await asyncio.to_thread(ModelFamilies, data_dir))


class WorkflowQueries(Questions):
    """Looked at in the folder each time: people put files there, and take some away."""

    @whole
    async def all(self) -> Library:
        """Raises StorageError where the folder cannot be read."""
        shelf = await self._app.library.look()
        uses = await self._app.storage.gallery.uses()
        return _library(shelf, uses, self._said)

    @whole
    async def one(self, workflow_id: str) -> ListedWorkflow:
        """Raises NotFound, StorageError."""
        if workflow_id in FAMILIES:
            uses = await self._app.storage.gallery.uses()
            return next(one for one in _built_in(uses, self._said) if one.id == workflow_id)
        kept = await self._app.library.summary(workflow_id)
        uses = await self._app.storage.gallery.uses(kept.digests)
        return _own(workflow_id, kept, uses, self._said)

    async def id_now(self, workflow_id: str) -> str:
        """The id that it has by now, where it was renamed. Raises NotFound for what is none."""
        return await self._app.library.id_now(workflow_id)

    async def whole_of(self, workflow_id: str) -> KeptWorkflow:
        """With its graph; a built-in one as this server would run it. Raises NotFound, ServerError
        and StorageError.
        """
        return await whole_workflow(self._app, workflow_id)

    async def kept_as(self, name: str, nodes: JsonObject) -> tuple[str, KeptWorkflow] | None:
        """The id and the whole of the one that is kept under this name, where it has this graph.
        Raises StorageError.
        """
        workflow_id = id_of(name)
        with suppress(NotFound):
            told = await self._app.library.summary(workflow_id)
            digest = await asyncio.to_thread(digest_of, nodes, told.key)
            if told.name == name and digest in told.digests:
                return workflow_id, await self._app.library.get(workflow_id)
        return None

    async def thumbnail(self, workflow_id: str) -> OpenFile:
        """The newest picture that was made with it, small, to be closed by whoever asked; a plain
        area where there is none. Raises NotFound for what is no workflow.
        """
        one = await self.one(workflow_id)
        with suppress(BatchGenError):
            for image in reversed(await self._app.storage.gallery.images(one.newest or "")):
                return await self._app.storage.store.thumbnail(image.batch_id, image.filename)
        return OpenFile.of("none.webp", await asyncio.to_thread(plain_tile, ""))

    async def deleted(self) -> list[DeletedWorkflow]:
        """What can be had back, what was deleted last first. Raises StorageError."""
        return await self._app.library.deleted()

    async def stamp(self) -> object:
        """Equal as long as nothing in the folder changes, by whose hand ever."""
        return await self._app.library.stamp()

    def needs(self) -> "Needs":
        """To ask what workflows lack on the server in use, one after the other."""
        return Needs(self._backend, self._caller)

    @property
    def _said(self) -> ModelFamilies:
        return self._app.families


@dataclass(frozen=True)
class Needed:
    """What stands between a workflow and its pictures: what the server in use is ``lacking``, and
    how many questions there are that only a person can answer.
    """

    lacking: Sequence[Message] = ()
    questions: int = 0


class Needs(Questions):
    """Asks the server about each type of nodes once, however many workflows have it."""

    def __init__(self, backend: Backend, caller: Caller) -> None:
        super().__init__(backend, caller)
        self._reader = RememberingReader(backend.server)

    async def of(self, one: ListedWorkflow) -> Needed:
        """Nodes and files that the server does not have, and else what keeps it from running
        there; and what it asks. Raises ServerError.
        """
        try:
            kept = await whole_workflow(self._app, one.id)
            nodes, known = await self._reader.nodes(kept.workflow)
            found = await asyncio.to_thread(faults, nodes, known)
            asked = await asyncio.to_thread(_asked, one, kept, nodes, known)
        except (InvalidRequest, NotFound, StorageError) as error:
            return Needed([error.message])
        return Needed([fault.message for fault in found], asked)


def _asked(one: ListedWorkflow, kept: KeptWorkflow, nodes: JsonObject, known: NodeTypes) -> int:
    """How many questions are open. One that is clear without a server is so with it; to understand
    all of them anew would take a while.
    """
    if one.kept is None or (one.kept.roles.get("prompt") and not one.kept.questions):
        return 0
    workflow = Workflow(nodes, known)
    with suppress(InvalidRequest):  # corrected by hand, of what is not in it any more
        workflow = workflow.corrected(kept.roles)
    return len(open_questions(workflow.found))


async def _built_in_graph(app: Backend, family: Family) -> JsonObject:
    models = await app.server.catalog.models()
    return await asyncio.to_thread(app.built_in.of_family, family, models)


async def whole_workflow(app: Backend, workflow_id: str) -> KeptWorkflow:
    """A kept one, or a built-in one as the server in use would run it. Raises NotFound, ServerError
    and StorageError.
    """
    for family, name in FAMILIES.items():
        if family == workflow_id:
            return KeptWorkflow(name=name, workflow=await _built_in_graph(app, family))
    return await app.library.get(workflow_id)


def _library(shelf: Shelf, uses: Sequence[Use], said: ModelFamilies) -> Library:
    own = [
        _own(workflow_id, one, _with(one.digests, uses), said)
        for workflow_id, one in shelf.kept.items()
    ]
    return Library([*_built_in(uses, said), *own], shelf.unusable)


def _built_in(uses: Sequence[Use], said: ModelFamilies) -> Iterable[ListedWorkflow]:
    for family, name in FAMILIES.items():
        made = [u for u in uses if u.workflow is None and u.model and said.named(u.model) == family]
        yield ListedWorkflow(family, name, family, **_summed(made))


def _own(
    workflow_id: str, kept: Summary, uses: Sequence[Use], said: ModelFamilies
) -> ListedWorkflow:
    told = map(said.named, kept.models)
    family: Family | None = next(filter(None, told), None) or kept.family
    return ListedWorkflow(workflow_id, kept.name, family, kept, **_summed(uses))


def _with(digests: Set[str], uses: Sequence[Use]) -> list[Use]:
    return [use for use in uses if use.workflow in digests]


def _summed(uses: Sequence[Use]) -> dict[str, Any]:
    newest = max((use.newest for use in uses), default=None)
    return {"batches": sum(use.batches for use in uses), "newest": newest}
