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
        self._is_asked = False
        self._all_words: str | None = None
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
        """The form has this one, or none. While it has to be asked which of its texts is the
        prompt, it has no words.
        """
        self._is_asked = workflow is not None and not workflow.roles.prompt
        self._words = workflow.own_words().strip() if workflow and not self._is_asked else ""
        if not self._is_asked:
            self._replace_all_words()
        self._shown.text = f" {self._words}"
        self._said.props["title"] = self._words
        self._follow()

    def tells_all(self, words: str) -> None:
        """The field has these, which came with the workflow. Where it has to be asked which text is
        the prompt, they are all of them: once it is answered, the others stay in the workflow.
        """
        self._all_words = words if self._is_asked else None

    def _replace_all_words(self) -> None:
        brought, self._all_words = self._all_words, None
        if brought and self._words and self._prompt.given == brought:
            self._prompt.put(self._words)

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
