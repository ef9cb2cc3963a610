"""Styles: picked by typing, a chip each, and below them what the prompts come to."""

from collections.abc import Callable, Sequence

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.limits import MAX_LONG_PROMPT_LENGTH
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.styles import Style, chosen_of, composed, composed_negative, with_styles
from batchgen_app.language.texts import Lazy, translated
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.prompt_field import PromptField
from batchgen_app.ui.batch_form.style_editor import StyleEditor
from batchgen_app.ui.parts.controls import button, icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Adder, Field, Messages, Text

NAME = "styles"
"""What problems of a request call it."""


class StyleChoice:
    """``given`` are the names of the chosen ones; ``on_change`` is called when there is another
    one, or one less. What they come to follows ``prompt`` and ``negative``.
    """

    def __init__(
        self,
        actions: FormActions,
        prompt: PromptField,
        negative: Field,
        on_change: Callable[[], None],
    ) -> None:
        self.given: list[str] = []
        self._beside_typed: list[str] = []
        self._styles: Sequence[
            Style
        ] = ()  # replaced, never changed: requests are checked in threads
        self._actions = actions
        self._prompt = prompt
        self._negative = negative
        self._on_change = on_change
        self._editor = StyleEditor(actions, prompt, negative, self._rename)
        with ui.element("div").classes("bg-field"):
            self._build()
        prompt.on_leave_typed, prompt.on_return_to_typed = self.leave_typed, self.return_to_typed
        for field in (prompt, negative):
            field.control.on_value_change(self._show_result)

    def _build(self) -> None:
        with ui.element("div").classes("bg-field-head"):
            label = Text("label", str(words.STYLES)).classes("bg-label")
            edit = icon_button("edit", str(words.STYLES_EDIT), self._editor.open)
            self._edit = marked(edit, "styles-edit")
        self._chips = ui.element("div").classes("bg-chips")
        self._adder = Adder("style-add")
        label.props(f"for={self._adder.html_id}")
        self._adder.props["placeholder"] = str(words.STYLE_ADD)
        self._adder.on_value_change(self._add)
        with marked(ui.element("div"), "styles-empty").classes("bg-styles-empty") as self._empty:
            ui.label(str(words.STYLE_NONE)).classes("bg-hint")
            marked(button(str(words.STYLE_NEW), self._editor.open), "styles-begin")
        self._result = marked(ui.element("div"), "styles-result").classes("bg-styles-result")
        self._messages = Messages()

    async def load(self) -> None:
        """Offer those that there are."""
        try:
            self._styles = await self._actions.styles()
        except BatchGenError as error:
            self.tell(error.message)
            return
        self.tell(self._actions.styles_fault or None)
        self._show()

    def show(self, names: Sequence[str]) -> None:
        """These, whoever chose them."""
        self.given = [*names]
        self._show()

    def choose(self, names: Sequence[str]) -> None:
        """The same, by a person."""
        self.tell(None)
        self.show(names)
        self._on_change()

    def leave_typed(self) -> None:
        """An earlier prompt is shown instead of what was typed: it has its styles' words in it."""
        self._beside_typed = self.given
        if self.given:
            self.choose(())

    def return_to_typed(self) -> None:
        """What was typed is shown again."""
        if self._beside_typed:
            self.choose(self._beside_typed)

    def tell(self, message: str | None) -> None:
        """Say what is wrong with them, or with None that nothing is."""
        self._messages.tell(message)

    def check(self, request: AnyRequest) -> None:
        """Raises InvalidRequest where nothing can come of it with them."""
        with_styles(request, self._styles, self._prompt.limit)

    @property
    def is_at_fault(self) -> bool:
        """Whether a message stands below."""
        return self._messages.is_any

    def _show(self) -> None:
        left = [style.name for style in self._styles if style.name not in self.given]
        self._adder.set_options({name: name for name in left}, value=None)
        self._adder.visible = self._edit.visible = bool(self._styles)
        self._empty.visible = not self._styles
        self._chips.clear()
        with self._chips:
            for name in self.given:
                self._chip(name)
        self._show_result()

    def _chip(self, name: str) -> None:
        with marked(ui.element("div"), "style").classes("bg-chip") as chip:
            chip.props["data-name"] = name
            own_direction(ui.label(name))
            icon_button("close", words.lora_remove(name), lambda: self.choose(self._without(name)))

    def _without(self, name: str) -> list[str]:
        return [other for other in self.given if other != name]

    def _add(self, event: ValueChangeEventArguments[str | None]) -> None:
        if event.value:
            self.choose([*self.given, event.value])

    def _rename(self, before: str, now: str) -> None:
        if before in self.given:
            self.choose([now if name == before else name for name in self.given])

    def _show_result(self) -> None:
        self._result.clear()
        if not self.given:
            return
        try:
            chosen = chosen_of(self.given, self._styles)
        except BatchGenError as error:
            self.tell(error.message)
            return
        with self._result:
            try:
                self._compose(chosen)
            except BatchGenError as error:
                ui.label(translated(error.message)).classes("bg-hint")

    def _compose(self, chosen: Sequence[Style]) -> None:
        """Raises InvalidRequest where it is far too long to be shown."""
        whole = composed(str(self._prompt.given or ""), chosen, MAX_LONG_PROMPT_LENGTH)
        self._line(words.STYLE_RESULT, whole, self._prompt.limit)
        said = str(self._negative.given or "")
        if (negative := composed_negative(said, chosen)) != said:
            self._line(words.STYLE_RESULT_NEGATIVE, negative)

    def _line(self, title: Lazy, text: str, limit: int | None = None) -> None:
        with ui.element("div").classes("bg-field-head"):
            Text("span", str(title)).classes("bg-label")
            if limit:
                counter = Text("span", words.characters(len(text), limit)).classes("bg-counter")
                counter.classes("bg-too-many" if len(text) > limit else "")
        own_direction(ui.label(translated(text))).classes("bg-styles-words")
