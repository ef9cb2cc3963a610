"""What the form does besides asking for a batch, in the name of whoever fills it in."""

from collections.abc import Collection

from batchgen_app.core.request import Family
from batchgen_app.core.styles import Style, StyleChanges
from batchgen_app.core.wire import JsonObject
from batchgen_app.services.values import InputPicture, KeptWorkflow, Model, Upload
from batchgen_app.ui.page_context import PageContext


class FormActions:
    """For the caller of one page. Raises what the commands do."""

    def __init__(self, context: PageContext) -> None:
        self._context = context

    async def say_family(self, name: str, family: Family) -> Model:
        """To which family a model belongs, once and for all."""
        return await self._context.commands.say_family(self._context.caller, name, family)

    async def keep_picture(self, content: bytes) -> Upload:
        """Keep a picture that a workflow is to start from."""
        return await self._context.commands.keep_picture(self._context.caller, content)

    async def look_at_picture(self, picture_id: str) -> InputPicture:
        """What is to be known of one, be it given or made."""
        return await self._context.queries.files.input_picture(picture_id)

    async def keep_workflow(self, kept: KeptWorkflow) -> str:
        """Keep a workflow in the library; gives its id."""
        return await self._context.commands.workflows.keep(self._context.caller, kept)

    async def kept_as(self, name: str, nodes: JsonObject) -> tuple[str, KeptWorkflow] | None:
        """Its id and the whole of the one of the library that has this name and this graph."""
        return await self._context.queries.library.kept_as(name, nodes)

    async def change_workflow(
        self, workflow_id: str, changes: JsonObject, *, seen: Collection[str]
    ) -> None:
        """Other values for one of the library, of which one of these revisions was ``seen``."""
        await self._context.commands.workflows.change(
            self._context.caller, workflow_id, changes, seen=seen
        )

    async def delete_workflow(self, workflow_id: str) -> None:
        """Put one of the library away."""
        await self._context.commands.workflows.delete(self._context.caller, workflow_id)

    async def restore_workflow(self, workflow_id: str) -> None:
        """Have it back."""
        await self._context.commands.workflows.restore(self._context.caller, workflow_id)

    async def styles(self) -> list[Style]:
        """Those that people keep."""
        return await self._context.queries.styles()

    async def keep_style(self, style: Style) -> Style:
        """Keep another one."""
        return await self._context.commands.keep_style(self._context.caller, style)

    async def change_style(self, name: str, changes: StyleChanges) -> Style:
        """Other words for one, or another name."""
        return await self._context.commands.change_style(self._context.caller, name, changes)

    async def delete_style(self, name: str) -> Style:
        """Keep one no longer; gives what it was."""
        return await self._context.commands.delete_style(self._context.caller, name)

    async def bring_styles(self, content: bytes) -> list[Style]:
        """Keep those of a file; gives those that are new."""
        return await self._context.commands.bring_styles(self._context.caller, content)

    @property
    def styles_fault(self) -> str:
        """That their file was not in order; mostly empty."""
        return self._context.queries.styles_fault

    async def workflows(self) -> dict[str, str]:
        """What those of the library are called, by id."""
        return await self._context.queries.workflows()

    async def workflow(self, workflow_id: str) -> KeptWorkflow:
        """One of the library."""
        return await self._context.queries.workflow(workflow_id)
