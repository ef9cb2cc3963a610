"""What was understood of a workflow, and how a person corrects it: for each role the inputs that
its value goes to, further inputs as fields of the form, and what is missing on the server.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from batchgen_app.adapters.nicegui import LongSelect, enter_takes_only_match
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message
from batchgen_app.language.texts import translated
from batchgen_app.services.values import Inspection
from batchgen_app.ui.batch_form import graph_words, words
from batchgen_app.ui.batch_form.input_names import names_of
from batchgen_app.ui.parts.controls import icon_button, marked, own_direction
from batchgen_app.ui.parts.fields import Messages, Select, Text, Tick, as_number
from batchgen_app.workflows.corrections import IF_GIVEN
from batchgen_app.workflows.inspection import described, loras_in
from batchgen_app.workflows.workflow import Workflow

WORDS, WHOLE = frozenset({"text"}), frozenset({"integer"})
NUMBERS, NAMES = frozenset({"number", "integer"}), frozenset({"choice", "text"})
KINDS = {
    **dict.fromkeys(("prompt", "negativePrompt"), WORDS),
    **dict.fromkeys(("seed", "steps", "width", "height"), WHOLE),
    **dict.fromkeys(("cfg", "guidance", "denoise"), NUMBERS),
    **dict.fromkeys(("samplerName", "scheduler", "model", "vae"), NAMES),
}
"""By role the kinds of inputs that may play it; other roles are not asked about."""
ALWAYS = ("prompt", "negativePrompt", "seed", "model")
"""Roles that are shown also where the graph has no place for them."""


class WorkflowMapping:
    """Shows one workflow at a time. ``roles`` and ``inputs`` are what a person said, as a request
    wants them; ``on_change`` is called when they say more, ``on_set`` when an input gets another
    value. Where it is not for a batch, whether to run it as it is makes no question.
    """

    def __init__(
        self,
        on_change: Callable[[], Awaitable[None]],
        on_set: Callable[[], object] = lambda: None,
        *,
        for_a_batch: bool = True,
    ) -> None:
        self._on_set = on_set
        self._for_a_batch = for_a_batch
        self.roles: dict[str, list[str]] = {}
        self.inputs: JsonObject = {}
        self._on_change = on_change
        self._as_is: Tick | None = None
        self._facts: JsonObject = {}
        self._offered: dict[str, JsonObject] = {}
        self._names: dict[str, str] = {}
        self._loras: dict[str, str] = {}
        box = ui.expansion(str(graph_words.MAPPING)).classes("bg-mapping")
        self._box = marked(box, "workflow-mapping")
        with self._box:
            self._problems = ui.element("div").classes("bg-mapping-problems").props("role=status")
            self._rows = ui.element("div").classes("bg-mapping-rows")
            self.below = ui.element("div")
            self._extra = ui.element("div").classes("bg-mapping-extra")
        self.hide()

    @property
    def as_is(self) -> bool:
        """Whether it shall run although something has no place."""
        return bool(self._as_is and self._as_is.value and self._lacks_a_place)

    @property
    def _lacks_a_place(self) -> bool:
        return not all(self._slots(role) for role in ("prompt", "seed"))

    @property
    def pictures(self) -> dict[str, str]:
        """The inputs that take a picture, and how they are called."""
        return {slot: self._called(slot) for slot in self._facts["roles"]["image"]}

    def hide(self) -> None:
        """There is no workflow."""
        self._box.visible = False
        self.roles, self.inputs, self._facts = {}, {}, {}

    async def show(
        self, found: Inspection, roles: JsonObject, inputs: JsonObject, *, as_is: bool = False
    ) -> None:
        """Tell of this one, with what a person has said about it earlier."""
        self._facts = await asyncio.to_thread(described, found.workflow)
        self._offered = {one["slot"]: one for one in self._facts["inputs"] if not one["linked"]}
        asked = {slot for q in self._facts["questions"] for slot in q["candidates"]}
        self._names = await asyncio.to_thread(names_of, self._offered, asked)
        self.roles, self.inputs = dict(roles), dict(inputs)
        self._box.visible = True
        urgent = [q for q in self._facts["questions"] if q["role"] not in IF_GIVEN]
        is_clear = self._facts["roles"]["prompt"] and not (urgent or inputs or _problems(found))
        self._box.value = not is_clear
        self._loras = loras_in(found.workflow)
        self._tell_problems(found)
        self._build()
        if self._as_is:
            self._as_is.value = as_is

    def open(self) -> None:
        """Show all of it."""
        self._box.value = True

    def corrected(self, workflow: Workflow) -> Workflow:
        """As the person understands it. Takes a while."""
        return workflow.corrected(self.roles) if self.roles else workflow

    def _tell_problems(self, found: Inspection) -> None:
        self._problems.clear()
        with self._problems:
            for problem in _problems(found):
                ui.label(translated(problem)).classes("bg-mapping-problem")

    def _build(self) -> None:
        self._rows.clear()
        with self._rows:
            for role in KINDS:
                if role in ALWAYS or self._slots(role) or self._asked(role):
                    self._row(role)
            self._tell_loras()
            self._as_is = self._tick() if self._for_a_batch else None
        self._offer_as_is()
        self._build_extra()

    def _slots(self, role: str) -> list[str]:
        found: list[str] = self._facts["roles"][role]
        return self.roles.get(role, found)

    def _asked(self, role: str) -> list[str]:
        """The candidates of a role that only a person can tell."""
        asked: list[str] = []
        for question in self._facts["questions"]:
            if question["role"] == role:
                asked = question["candidates"]
        return asked

    def _row(self, role: str) -> None:
        with marked(ui.element("div").classes("bg-field"), "role") as row:
            row.props["data-role"] = role
            label = Text("label", str(graph_words.ROLES[role])).classes("bg-label")
            picker = self._picker(role)
            label.props(f"for={picker.html_id}")
            messages = Messages()
        if self._asked(role) and role not in self.roles:
            self._ask(role, row, messages)

        async def settle(event: ValueChangeEventArguments[list[str] | None]) -> None:
            row.classes(remove="bg-at-fault")
            messages.tell(None)
            await self._correct(role, event.value or [])

        picker.on_value_change(settle)

    def _tell_loras(self) -> None:
        """Those that the workflow has of itself; any of its LoRAs can become a field."""
        if self._loras:
            with marked(ui.element("div").classes("bg-field"), "workflow-loras"):
                Text("span", str(words.LORAS)).classes("bg-label")
                own_direction(ui.label(", ".join(self._loras.values())))

    def _ask(self, role: str, row: ui.element, messages: Messages) -> None:
        question = str(graph_words.QUESTIONS[role])
        if role in IF_GIVEN:
            with row:
                ui.label(question).classes("bg-hint")
        else:
            row.classes("bg-at-fault")
            messages.tell(question)

    def _picker(self, role: str) -> ui.select:
        slots = self._slots(role)
        options = {slot: self._called(slot) for slot in dict.fromkeys([*slots, *self._fit(role)])}
        picker = LongSelect(options, value=slots, multiple=True, clearable=True)
        picker.props("outlined dense options-dense use-chips dir=auto popup-content-class=bg-popup")
        picker.props["aria-label"] = str(graph_words.ROLES[role])
        picker.props["placeholder"] = "" if slots else str(graph_words.NO_PLACE)
        return picker

    def _fit(self, role: str) -> Iterable[str]:
        """The candidates first, then every other input that could play the role."""
        fitting = (slot for slot, one in self._offered.items() if one["type"] in KINDS[role])
        return (*self._asked(role), *fitting)

    def _called(self, slot: str) -> str:
        return self._names.get(slot, slot)

    async def _correct(self, role: str, slots: list[str]) -> None:
        self.roles[role] = list(slots)
        self._offer_as_is()
        self._build_extra()
        await self._on_change()

    def _tick(self) -> Tick:
        with ui.element("label").classes("bg-tick"):
            tick = Tick("run-as-it-is")
            Text("span", str(graph_words.AS_IS))
        return tick

    def _offer_as_is(self) -> None:
        """Only where something has no place."""
        if self._as_is and (around := self._as_is.parent_slot):
            around.parent.visible = self._lacks_a_place

    def _build_extra(self) -> None:
        self._extra.clear()
        roles = (role for role in self._facts["roles"] if role != "lora")
        taken = {*self.inputs, *(slot for role in roles for slot in self._slots(role))}
        left = {slot: self._called(slot) for slot in self._offered if slot not in taken}
        with self._extra:
            for slot in self.inputs:
                self._field(slot)
            if left:
                adder = LongSelect(left, with_input=True, label=str(graph_words.ADD_FIELD))
                adder.props("outlined dense options-dense popup-content-class=bg-popup")
                enter_takes_only_match(adder)
                marked(adder, "add-field").on_value_change(lambda event: self._add(event.value))

    async def _add(self, slot: str | None) -> None:
        if slot:
            self.inputs[slot] = self._offered[slot]["default"]
            self._build_extra()
            await self._on_change()

    async def _remove(self, slot: str) -> None:
        del self.inputs[slot]
        self._build_extra()
        await self._on_change()

    def _field(self, slot: str) -> None:
        one = self._offered.get(slot, {"type": "text"})
        with ui.element("div").classes("bg-field"):
            with ui.element("div").classes("bg-field-head"):
                label = Text("label", self._called(slot)).classes("bg-label")
                icon_button("close", str(graph_words.REMOVE_FIELD), lambda: self._remove(slot))
            control = self._control(slot, one)
            label.props(f"for={control.html_id}")
            control.props["data-testid"] = "extra-field"
            control.props["data-slot"] = slot

    def _control(self, slot: str, one: JsonObject) -> ui.element:
        value = self.inputs[slot]
        match one["type"]:
            case "boolean":
                tick = Tick(value=bool(value))
                tick.on_value_change(lambda event: self._set(slot, event.value))
                return tick
            case "choice" if one.get("choices"):
                chosen = Select("extra-field")
                chosen.set_options({name: name for name in one["choices"]}, value=value)
                chosen.on_value_change(lambda event: self._set(slot, event.value))
                return chosen
            case "integer" | "number":
                typed = ui.input(value=str(value)).props("outlined dense type=number")
                for name in ("min", "max", "step"):
                    if name in one:
                        typed.props[name] = one[name]
                typed.on_value_change(lambda event: self._set(slot, as_number(event.value)))
                return typed
        text = ui.textarea(value=str(value)).props("outlined dense autogrow dir=auto")
        text.on_value_change(lambda event: self._set(slot, event.value))
        return text

    def _set(self, slot: str, value: object) -> None:
        self.inputs[slot] = value
        self._on_set()


def _problems(found: Inspection) -> list[Message]:
    """But for pictures, which have fields of their own."""
    return [fault.message for fault in found.problems if fault.code != "missing_picture"]
