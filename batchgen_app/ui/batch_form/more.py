"""More: what most people leave as it is, closed until somebody wants it."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.workflow_choice import WorkflowChoice
from batchgen_app.ui.parts.parameters import ParameterFields

INTO_VIEW = """() => {{
    const box = getHtmlElement({id});
    (box.querySelector(".bg-field-error") ?? box).scrollIntoView({{ block: "nearest" }});
}}"""


class More:
    """The fields behind "More"."""

    def __init__(self, on_workflow: Callable[[], Awaitable[None]]) -> None:
        with ui.expansion(str(words.MORE)).classes("bg-more") as self.expansion:
            self.parameters = ParameterFields()
            self.workflow = WorkflowChoice(on_workflow)
        self.expansion.on("after-show", js_handler=INTO_VIEW.format(id=self.expansion.id))

    def open_if(self, wanted: object = False) -> None:  # noqa: FBT002 - what the browser has kept
        """Where it is wanted, or something is wrong, which must be seen."""
        at_fault = any(field.is_at_fault for field in self.parameters.all)
        if wanted or at_fault or self.workflow.is_at_fault:
            self.expansion.value = True
