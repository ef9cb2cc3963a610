"""More: what most people leave as it is, closed until somebody wants it."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from batchgen_app.comfy.catalog import Catalog
from batchgen_app.core.errors import ServerError
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.workflow_choice import WorkflowChoice
from batchgen_app.ui.parts.fields import Choice, Field, as_number, as_text, number, text

INTO_VIEW = "() => getHtmlElement({id}).scrollIntoView({{ block: 'nearest' }})"


class More:
    """The fields behind "More"."""

    def __init__(self, on_workflow: Callable[[], Awaitable[None]]) -> None:
        with ui.expansion(words.MORE).classes("bg-more") as self._expansion:
            with ui.element("div").classes("bg-pair"):
                self.steps = Field("baseParameters.steps", common.STEPS, number("steps"), as_number)
                self.cfg = Field("baseParameters.cfg", common.CFG, number("cfg", "0.5"), as_number)
            with ui.element("div").classes("bg-pair"):
                self.sampler = Choice("baseParameters.samplerName", common.SAMPLER, "sampler")
                self.scheduler = Choice("baseParameters.scheduler", common.SCHEDULER, "scheduler")
            self.negative = Field(
                "negativePrompt",
                common.NEGATIVE,
                text("negative-prompt", words.NEGATIVE_HINT),
                as_text,
            )
            self.workflow = WorkflowChoice(on_workflow)
        self._expansion.on("after-show", js_handler=INTO_VIEW.format(id=self._expansion.id))

    @property
    def fields(self) -> Sequence[Field]:
        """All but the workflow."""
        return self.steps, self.cfg, self.sampler, self.scheduler, self.negative

    async def load(self, catalog: Catalog) -> None:
        """Ask for the server's lists; where it does not answer, they stay as they are."""
        try:
            samplers, schedulers = await catalog.samplers(), await catalog.schedulers()
        except ServerError:
            return
        self.sampler.list({name: name for name in samplers})
        self.scheduler.list({name: name for name in schedulers})

    def open_if_at_fault(self) -> None:
        """What is wrong must be seen."""
        if self.workflow.is_at_fault or any(field.is_at_fault for field in self.fields):
            self._expansion.value = True
