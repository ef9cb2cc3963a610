"""LoRAs: picked by typing, each with its strength."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from batchgen_app.core.wire import JsonObject
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.parts.controls import icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Adder, Messages, Text, as_number

NAME = "loras"
"""What problems of a request call it."""


class LoraChoice:
    """``given`` are the chosen ones, as a request wants them; ``on_change`` is called when there is
    another one, or one less, or another strength.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.given: list[JsonObject] = []
        self._shown: Mapping[str, str] = {}
        self._on_change = on_change
        with ui.element("div").classes("bg-field") as self._box:
            label = Text("label", str(words.LORAS)).classes("bg-label")
            self._rows = ui.element("div").classes("bg-loras")
            self._adder = Adder("lora-add")
            self._messages = Messages()
        label.props(f"for={self._adder.html_id}")
        self._adder.props["placeholder"] = str(words.LORA_ADD)
        self._adder.on_value_change(self._add)
        self._box.visible = False

    def list(self, shown: Mapping[str, str]) -> None:
        """Choose from these: names, and how they are shown. Without any there is nothing to see."""
        self._shown = shown
        self._box.visible = bool(shown or self.given)
        self._offer()

    def show(self, loras: Sequence[Any]) -> None:
        """These, whoever chose them."""
        self.given = [dict(lora) for lora in loras]
        self._box.visible = bool(self._shown or self.given)
        self._build()

    def tell(self, message: str | None) -> None:
        """Say what is wrong with them, or with None that nothing is."""
        self._messages.tell(message)

    @property
    def is_at_fault(self) -> bool:
        """Whether a message stands below."""
        return self._messages.is_any

    def _offer(self) -> None:
        chosen = {lora["name"] for lora in self.given}
        left = {name: label for name, label in self._shown.items() if name not in chosen}
        self._adder.set_options(left, value=None)

    def _add(self, event: ValueChangeEventArguments[str | None]) -> None:
        if event.value:
            self.given.append({"name": event.value, "strength": 1.0})
            self._build()
            self._on_change()

    def _remove(self, lora: JsonObject) -> None:
        self.given.remove(lora)
        self._build()
        self._adder.run_method("focus")  # what was pressed is gone
        self._on_change()

    def _build(self) -> None:
        self._rows.clear()
        with self._rows:
            for lora in self.given:
                self._row(lora)
        self._offer()

    def _row(self, lora: JsonObject) -> None:
        name = self._shown.get(lora["name"], lora["name"])
        with marked(ui.element("div").classes("bg-lora"), "lora") as row:
            row.props["data-name"] = lora["name"]
            own_direction(Text("span", name)).classes("bg-one-line").props["title"] = lora["name"]
            typed = ui.input(value=str(lora["strength"])).props(
                "outlined dense type=number step=0.05"
            )
            typed.props["aria-label"] = words.lora_strength(name)
            icon_button("close", words.lora_remove(name), lambda: self._remove(lora))

        def strengthen(event: ValueChangeEventArguments[str | None]) -> None:
            lora["strength"] = as_number(event.value)
            self._on_change()

        typed.on_value_change(strengthen)
