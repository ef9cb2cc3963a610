"""What is done with workflows in the name of whoever looks at a page, and how it is taken back."""

from collections.abc import Awaitable, Callable

from batchgen_app.core.errors import BatchGenError, Conflict
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import translated
from batchgen_app.services.values import DeletedWorkflow, ListedWorkflow
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.naming import NameDialog, NameWords
from batchgen_app.ui.parts.toast import toast, tried
from batchgen_app.ui.workflow_library import words

MOST_CHARACTERS = 100
"""Of the name of a workflow."""


class WorkflowActions:
    """``on_change`` is called when something was done, which makes the page anew; ``go_on_at`` then
    with the id of a workflow and the mark of the control at which whoever did it goes on. What
    cannot be done the page says.
    """

    def __init__(
        self,
        context: PageContext,
        on_change: Callable[[], Awaitable[None]],
        go_on_at: Callable[[str, str], object],
    ) -> None:
        self._context = context
        self._on_change = on_change
        self._go_on_at = go_on_at

    def ask_name(self, one: ListedWorkflow) -> None:
        """Rename it, once a name is given that is free."""
        called = one.id

        async def give(name: str) -> None:
            nonlocal called
            called = await self._rename(one.id, one.name, name)

        asked = NameWords(
            words.rename(one.name),
            str(words.NAME),
            "workflow-name",
            str(words.RENAME),
            MOST_CHARACTERS,
        )
        NameDialog(asked, one.name, give, lambda: self._go_on_at(called, "workflow-rename"))

    async def duplicate(self, one: ListedWorkflow) -> None:
        """Keep it once more."""
        commands, caller = self._context.commands, self._context.caller
        await self._keep(lambda: commands.workflows.copy(caller, one.id, words.copy_of(one.name)))
        self._go_on_at(one.id, "workflow-duplicate")

    async def take(self, filename: str, content: bytes) -> None:
        """Keep what is in a file."""
        commands, caller = self._context.commands, self._context.caller
        try:
            await self._keep(lambda: commands.workflows.bring(caller, filename, content))
        except BatchGenError as error:
            toast(words.not_taken(filename, translated(error.message)))

    async def delete(self, one: ListedWorkflow, next_one: str) -> None:
        """Put it away, and go on at the next one."""
        if await tried(self._delete(one.id)):
            self._go_on_at(next_one, "workflow-delete")
            toast(words.deleted(one.name), undo=lambda: self._restore(one.id, one.name))

    async def restore(self, lying: DeletedWorkflow) -> None:
        """Have it back."""
        if await tried(self._restore(lying.id, lying.name)):
            toast(words.restored(lying.name))

    async def _keep(self, keep: Callable[[], Awaitable[str]]) -> None:
        workflow_id = await keep()
        name = (await self._context.queries.library.one(workflow_id)).name
        toast(words.kept(name), undo=lambda: self._delete(workflow_id))
        await self._on_change()

    async def _rename(self, workflow_id: str, before: str, name: str) -> str:
        renamed = await self._change(workflow_id, {"name": name})

        async def take_back() -> None:
            await tried(self._change(renamed, {"name": before}))

        toast(words.renamed(name), undo=take_back)
        return renamed

    async def _change(self, workflow_id: str, changes: JsonObject) -> str:
        caller = self._context.caller
        changed = await self._context.commands.workflows.change(caller, workflow_id, changes)
        await self._on_change()
        return changed

    async def _delete(self, workflow_id: str) -> None:
        await self._context.commands.workflows.delete(self._context.caller, workflow_id)
        await self._on_change()

    async def _restore(self, workflow_id: str, name: str) -> None:
        try:
            await self._context.commands.workflows.restore(self._context.caller, workflow_id)
        except Conflict as error:
            raise Conflict(words.not_restored(name)) from error
        await self._on_change()
