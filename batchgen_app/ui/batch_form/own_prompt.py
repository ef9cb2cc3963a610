"""The prompt that a workflow brings along: shown below the field, to be used with one click."""

from functools import partial

from nicegui import ui

from batchgen_app.ui.batch_form import graph_words
from batchgen_app.ui.batch_form.prompt_field import PromptField
from batchgen_app.ui.parts.controls import button, marked, own_direction
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.workflows.workflow import Workflow


class OwnPrompt:
    """Stands below ``prompt`` while the form has a workflow with words of its own."""

    def __init__(self, prompt: PromptField) -> None:
        self._prompt = prompt
        self._words = ""
        with marked(ui.element("div"), "own-prompt").classes("bg-own-prompt") as self._box:
            said = ui.element("p").classes("bg-hint bg-own-words")
            with said:
                Text("span", str(graph_words.OWN_PROMPT))
                self._shown = own_direction(Text("bdi"))
            use = button(str(graph_words.OWN_PROMPT_USE), self._use)
            marked(use, "use-own-prompt").props("flat dense").classes("bg-own-use")
        self._said = said
        prompt.control.on_value_change(self._follow)
        self._follow()

    def follow(self, workflow: Workflow | None) -> None:
        """The form has this one, or none."""
        self._words = workflow.own_words().strip() if workflow else ""
        self._shown.text = f" {self._words}"
        self._said.props["title"] = self._words
        self._follow()

    def _follow(self) -> None:
        """What stands in the field already need not be said."""
        self._box.visible = self._words not in {"", self._prompt.given}

    def _use(self) -> None:
        before = self._prompt.given
        self._prompt.put(self._words)
        if before:
            toast(str(graph_words.OWN_PROMPT_USED), undo=partial(self._put_back, before))

    async def _put_back(self, before: object) -> None:
        self._prompt.put(before)
