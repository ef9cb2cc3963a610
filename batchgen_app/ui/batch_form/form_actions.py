"""What the form does besides asking for a batch, in the name of whoever fills it in."""

from batchgen_app.core.request import Family
from batchgen_app.services.values import KeptWorkflow, Model, Upload
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

    async def keep_workflow(self, kept: KeptWorkflow) -> str:
        """Keep a workflow in the library; gives its id."""
        return await self._context.commands.keep_workflow(self._context.caller, kept)

    async def delete_workflow(self, workflow_id: str) -> None:
        """Put one of the library away."""
        await self._context.commands.delete_workflow(self._context.caller, workflow_id)

    async def restore_workflow(self, workflow_id: str) -> None:
        """Have it back."""
        await self._context.commands.restore_workflow(self._context.caller, workflow_id)

    async def workflows(self) -> dict[str, KeptWorkflow]:
        """The library, by id."""
        return await self._context.queries.workflows()

    async def workflow(self, workflow_id: str) -> KeptWorkflow:
        """One of the library."""
        return await self._context.queries.workflow(workflow_id)
