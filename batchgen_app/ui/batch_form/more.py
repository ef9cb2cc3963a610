"""What most people leave as it is: closed until somebody wants it."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.services import ServerQueries
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.graph_fields import GraphFields
from batchgen_app.ui.batch_form.input_pictures import InputPictures
from batchgen_app.ui.batch_form.lora_choice import NAME as LORAS
from batchgen_app.ui.batch_form.lora_choice import LoraChoice
from batchgen_app.ui.batch_form.prompt_field import PromptField
from batchgen_app.ui.batch_form.style_choice import NAME as STYLES
from batchgen_app.ui.batch_form.style_choice import StyleChoice
from batchgen_app.ui.batch_form.workflow_choice import WorkflowChoice
from batchgen_app.ui.parts.parameter_fields import ParameterFields

INTO_VIEW = """() => {{
    const box = getHtmlElement({id});
    const wanted = box.contains(document.activeElement) ? box : null;
    (box.querySelector(".bg-field-error") ?? wanted)?.scrollIntoView({{ block: "nearest" }});
}}"""
"""What is wrong in the box, or the whole box for the one who is in it: whoever has gone on
meanwhile, to what is wrong elsewhere or to the progress, stays there.
"""


class More:
    """The fields behind "More"."""

    def __init__(
        self,
        server: ServerQueries,
        actions: FormActions,
        prompt: PromptField,
        pictures: InputPictures,
        *,
        on_choice: Callable[[], None],
        on_workflow: Callable[[], Awaitable[None]],
    ) -> None:
        with ui.expansion(str(words.MORE)).classes("bg-more") as self.expansion:
            self.parameters = ParameterFields()
            self.graph = GraphFields(self.parameters, pictures.denoise)
            self.styles = StyleChoice(actions, prompt, self.parameters.negative, on_choice)
            self.loras = LoraChoice(on_choice)
            self.workflow = WorkflowChoice(server, actions, pictures, on_workflow)
        self.choices: dict[str, StyleChoice | LoraChoice]
        self.choices = {STYLES: self.styles, LORAS: self.loras}
        self.count()
        self.expansion.on("after-show", js_handler=INTO_VIEW.format(id=self.expansion.id))

    def count(self) -> None:
        """Say how many LoRAs and styles are in use, also while it is closed."""
        self.expansion.text = words.more(*(len(c.given) for c in self.choices.values()))

    def open_if(self, wanted: object = False) -> None:  # noqa: FBT002 - what the browser has kept
        """Where it is wanted, or something is wrong, which must be seen."""
        at_fault = any(field.is_at_fault for field in self.parameters.all)
        others = (self.graph, self.workflow, *self.choices.values())
        if wanted or at_fault or any(other.is_at_fault for other in others):
            self.expansion.value = True
