"""Words that vary from image to image: the switch below the prompt, what may come of it, and how
choices are written.
"""

import json
from collections.abc import Sequence

from nicegui import background_tasks, ui

from batchgen_app.core.dynamic_prompt.syntax import varies
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import translated
from batchgen_app.services import Queries
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.parts.controls import icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Field, Text, Tick, as_text

NAME = "dynamicPrompt"
"""What a request calls it."""
MOST_SHOWN = 500
"""Wildcards that are listed."""
INSERT = """() => {
    const field = document.querySelector("[data-testid=prompt]");
    field.focus();
    field.setRangeText(WRITTEN, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
"""Where the caret is, as if it was typed."""


class DynamicPrompt:
    """Offered as soon as a choice or a wildcard is typed, and not on by itself. The ``prompt`` is
    there already, the negative one comes with ``watch``.
    """

    def __init__(self, queries: Queries, prompt: Field) -> None:
        self._queries = queries
        self._texts: list[Field] = []
        with ui.element("div").classes("bg-field bg-dynamic") as self._box:
            with ui.element("div").classes("bg-dynamic-head"):
                with Text("label").classes("bg-tick"):
                    self._tick = Tick("dynamic-prompt").props(f"data-draft={NAME}")
                    Text("span", str(words.DYNAMIC))
                self._opener = marked(
                    icon_button("help_outline", str(words.DYNAMIC_HELP), self._toggle_help),
                    "dynamic-prompt-help",
                )
            self._example = marked(ui.label(), "dynamic-prompt-example")
            self._example.classes("bg-dynamic-example").props("aria-live=polite")
            self._help = ui.element("div").classes("bg-dynamic-help")
        own_direction(self._example)
        self._opener.props("aria-expanded=false")
        self._help.visible = False
        self._tick.on_value_change(self._follow)
        self.watch(prompt)

    def watch(self, text: Field) -> None:
        """One more in which there may be choices."""
        self._texts.append(text)
        text.control.on_value_change(self._follow)
        self._follow()

    @property
    def given(self) -> bool | None:
        """As the request has it."""
        return self._tick.value or None

    @property
    def draft(self) -> JsonObject:
        """As the browser keeps it."""
        return {NAME: self._tick.value}

    def choose(self, *, on: bool) -> None:
        """As if a person clicked."""
        self._tick.value = on

    @property
    def _typed(self) -> list[str]:
        return [as_text(text.control.value) for text in self._texts]

    def settle(self) -> None:
        """What stands at a field is not said again here."""
        at_fault = any(text.is_at_fault for text in self._texts)
        self._example.visible = bool(self._tick.value) and not at_fault

    def _follow(self) -> None:
        """What is typed, and whether it is to vary."""
        self._box.visible = bool(self._tick.value) or any(map(varies, self._typed))
        self.settle()
        if self._tick.value:
            # One at a time for each page; of those that come meanwhile, only the last is done.
            background_tasks.create_lazy(self._show(), name=f"example {self._box.client.id}")

    async def _show(self) -> None:
        prompt, negative = (*self._typed, "")[:2]
        try:
            example = await self._queries.example(prompt, negative)
        except InvalidRequest as error:
            self._example.text = translated(error.message) if prompt.strip() else ""
            self._example.classes(add="bg-at-fault")
        else:
            self._example.text = words.dynamic_example(example.words.prompt, example.count)
            self._example.classes(remove="bg-at-fault")
        self.settle()

    async def _toggle_help(self) -> None:
        self._help.visible = not self._help.visible
        self._opener.props(f"aria-expanded={str(self._help.visible).lower()}")
        if self._help.visible:
            names = await self._queries.wildcards()
            self._help.clear()
            with self._help:
                _syntax()
                _wildcards(names, str(self._queries.wildcard_folder))


def _syntax() -> None:
    with ui.element("dl"):
        for written, meaning in words.DYNAMIC_SYNTAX.items():
            Text("dt", written)
            Text("dd", str(meaning))


def _wildcards(names: Sequence[str], folder: str) -> None:
    """Those there are; a click writes one into the prompt."""
    marked(ui.label(words.wildcards(folder, len(names))), "wildcard-folder").classes("bg-muted")
    with ui.element("div").classes("bg-wildcards"):
        for name in names[:MOST_SHOWN]:
            written = f"__{name}__"
            made = marked(Text("button", written), "wildcard").props("type=button")
            made.on("click", js_handler=INSERT.replace("WRITTEN", json.dumps(written)))
