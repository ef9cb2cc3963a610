"""What is said in the form about a workflow of the library, kept there for the next time."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.wire import JsonObject
from batchgen_app.services.values import KeptWorkflow
from batchgen_app.ui.batch_form import graph_words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.workflow_mapping import WorkflowMapping
from batchgen_app.ui.parts.controls import busy, button, marked
from batchgen_app.ui.parts.toast import toast, tried

Roles = Mapping[str, Sequence[str]]


class KeptAnswers:
    """A button below ``mapping``: there while that says what the library does not know."""

    def __init__(self, actions: FormActions, mapping: WorkflowMapping) -> None:
        self._actions = actions
        self._mapping = mapping
        self._id = ""
        self._kept: KeptWorkflow | None = None
        with mapping.below:
            keep = button(str(graph_words.KEEP_ANSWER), self._keep)
            self._button = marked(keep, "keep-answer").classes("bg-keep-answer")
        self.follow()

    async def begin(self, name: str, nodes: JsonObject) -> None:
        """The form shows this graph; it may be one of the library, by its name."""
        self._kept = None
        try:
            found = await self._actions.kept_as(name, nodes)
        except BatchGenError:  # of the disk: who opens the library is told
            found = None
        if found:
            self._id, self._kept = found
        self.follow()

    def follow(self) -> None:
        """Offer to keep what is said now, where that is something else."""
        is_known = self._kept is None or self._kept.roles == self._mapping.roles
        self._button.visible = not is_known

    async def _keep(self) -> None:
        if self._kept is None:
            return
        before = self._kept.roles
        with busy(self._button):
            if await tried(self._write(dict(self._mapping.roles))):
                toast(graph_words.answer_kept(self._kept.name), undo=partial(self._undo, before))

    async def _undo(self, roles: Roles) -> None:
        await tried(self._write(roles))

    async def _write(self, roles: Roles) -> None:
        """Raises Conflict where somebody else has changed it meanwhile, NotFound, StorageError."""
        if kept := self._kept:
            revision = await asyncio.to_thread(lambda: kept.revision)
            await self._actions.change_workflow(self._id, {"roles": roles}, seen={revision})
            self._kept = await self._actions.workflow(self._id)
            self.follow()
