"""Fields of the form: a label, a control, and below it what is wrong with its value.

A field gives its value as the request wants it (``given``) and knows whether a person changed
what was offered. It checks nothing itself: limits and their messages are the request's own.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.elements.mixins.value_element import ValueElement

from batchgen_app.adapters.nicegui import (
    GroupedSelect,
    RewritableText,
    enter_takes_only_match,
    filter_new_options,
)
from batchgen_app.language.texts import translated
from batchgen_app.ui import words as common

Control: TypeAlias = Callable[[], ValueElement[Any]]
"""What makes the control of a field; called where the control belongs."""
Read: TypeAlias = Callable[[Any], object]
"""The value of a control as the request wants it."""


class Text(TextElement):
    """Text in a native element: a label, a span, a key."""

    def __init__(self, tag: str, text: str = "") -> None:
        super().__init__(tag=tag, text=text)


class Messages(ui.element):
    """Below a control: what is wrong with its value."""

    def __init__(self) -> None:
        super().__init__("div")
        self.props("aria-live=polite")

    @property
    def is_any(self) -> bool:
        """Whether something is wrong."""
        return bool(self.default_slot.children)

    def tell(self, message: str | None) -> str | None:
        """Say what is wrong, or with None that nothing is; gives the id of what says so."""
        self.clear()
        if not message:
            return None
        with self:
            text = (
                ui.label(translated(message))
                .classes("bg-field-error")
                .props("data-testid=field-error")
            )
        return text.html_id


class Field:
    """One value of the request; ``name`` is what problems call it (camelCase, dotted)."""

    def __init__(self, name: str, label: str, control: Control, read: Read) -> None:
        self.name = name
        self.on_put: Callable[[object], None] = lambda _: None
        """Called with what is put here as if it was typed."""
        self._read = read
        self._explained: ui.label | None = None
        with ui.element("div").classes("bg-field") as self.box:
            with ui.element("div").classes("bg-field-head") as self.head:
                self.label = Text("label", label).classes("bg-label")
            self.control = control()
            self._messages = Messages()
            self._fault: str | None = None
        self.label.props(f"for={self.control.html_id}")
        self._offered = self.given

    @property
    def given(self) -> object:
        """The value for the request; None where the field is empty."""
        return self._read(self.control.value)

    @property
    def is_changed(self) -> bool:
        """Whether a person gave another value than was offered."""
        return self.given != self._offered

    @property
    def is_at_fault(self) -> bool:
        """Whether a message stands below the field."""
        return self._messages.is_any

    def offer(self, value: object) -> None:
        """Show a value that nobody typed."""
        self.show(value)
        self._offered = self.given

    def put(self, value: object) -> None:
        """Show a value as if it was typed."""
        self.show(value)
        self.on_put(self.control.value)

    def show(self, value: object) -> None:
        """Show a value, whoever wants it."""
        self.control.value = "" if value is None else str(value)

    def explain(self, text: str) -> None:
        """Say below what a person should know of it; nothing where that is empty."""
        if self._explained is None:
            with self.box:
                self._explained = ui.label().classes("bg-hint")
        self._explained.text = text
        self._describe()

    def tell(self, message: str | None) -> None:
        """Say what is wrong, or with None that nothing is."""
        self._fault = self._messages.tell(message)
        self.control.props(remove="aria-invalid")
        self.box.classes(remove="bg-at-fault")
        if self._fault:
            self.control.props("aria-invalid=true")
            self.box.classes("bg-at-fault")
        self._describe()

    def _describe(self) -> None:
        """For those who do not see what stands below."""
        hint = self._explained.html_id if self._explained and self._explained.text else None
        ids = " ".join(filter(None, [hint, self._fault]))
        self.control.props(remove="aria-describedby")
        if ids:
            self.control.props["aria-describedby"] = ids


class Choice(Field):
    """A value from a list of the server's. What is offered is in the list, even if the server does
    not have it: a workflow's own value, or one from before the list came. What a person wanted and
    the server does not have is told, and nothing else is chosen in its place.
    """

    control: "Select"

    def __init__(self, name: str, label: str, mark: str) -> None:
        self._listed: Mapping[str, str] = {}
        self._is_listed = False
        super().__init__(name, label, lambda: Select(mark), read=lambda value: value)

    def list(self, shown: Mapping[str, str], headers: Mapping[str, str] | None = None) -> None:
        """Choose from these from now on: names and how they are shown. What is chosen and not
        among them is no longer chosen, unless it was offered.
        """
        self._listed, self._is_listed = shown, True
        self.control.headers = headers or {}
        self.show(self.given)

    def show(self, value: object) -> None:
        chosen = None if value in {None, ""} else str(value)
        options = dict(self._listed)
        for name in (self._offered, None if self._is_listed else chosen):
            if name not in {None, "", *options}:
                options = {str(name): str(name), **options}
        self.control.set_options(options, value=chosen if chosen in options else None)
        if chosen not in {None, *options}:
            self.miss(str(chosen))

    def offer(self, value: object) -> None:
        self._offered = value
        super().offer(value)

    def miss(self, name: str) -> None:
        """Say that what was wanted is not there."""
        self.tell(common.not_on_server(name))


class Select(GroupedSelect):
    """A list to choose from, filtered by typing; ``headers`` stand above the options they name."""

    def __init__(self, mark: str) -> None:
        super().__init__({}, with_input=True)
        self.props(f"outlined dense options-dense dir=auto data-testid={mark}")
        self.props("popup-content-class=bg-popup")
        self.add_slot("option", OPTION)
        enter_takes_only_match(self)
        filter_new_options(self)


class Adder(Select):
    """A list from which one after another is chosen: in the browser, what was typed is gone as soon
    as one is. A word of the app could come behind the next letters, and would take them along.
    """

    def __init__(self, mark: str) -> None:
        super().__init__(mark)
        self.props(remove="fill-input")


OPTION = """
    <q-item-label v-if="props.opt.header" header>{{ props.opt.header }}</q-item-label>
    <q-item v-bind="props.itemProps" :class="{'q-virtual-scroll--with-prev': props.opt.header}">
        <q-item-section dir="auto">
            <q-item-label>{{ props.opt.label }}</q-item-label>
        </q-item-section>
    </q-item>
"""


class Tick(ValueElement[bool]):
    """A native checkbox or radio button."""

    VALUE_PROP = "checked"

    def __init__(self, mark: str = "", *, kind: str = "checkbox", value: bool = False) -> None:
        super().__init__(tag="input", value=value)
        self.props(f"type={kind}")
        if mark:
            self.props(f"data-testid={mark}")
        self.on("change", self._ticked, js_handler="(event) => emit(event.target.checked)")

    def _ticked(self, event: Any) -> None:
        self.value = bool(event.args)


def prompt_text(mark: str, hint: str = "") -> Control:
    """A text of several lines that grows with what is typed, and whose words can be weighed by
    keys (``assets/prompt.js``).
    """
    return lambda: RewritableText(placeholder=hint or None).props(
        f"outlined dense autogrow dir=auto data-prompt data-testid={mark}"
    )


def number(mark: str, step: str = "1", hint: str = "") -> Control:
    """A number. What is typed is kept as it is, however far it is out of the limits."""
    return lambda: ui.input(placeholder=hint or None).props(
        f"outlined dense type=number step={step} inputmode=decimal data-testid={mark}"
    )


def as_text(value: str | None) -> str:
    """The text as it was typed."""
    return value or ""


def as_number(value: str | None) -> object:
    """The number that was typed; what is none is given on, for the request to refuse."""
    typed = (value or "").strip()
    for kind in (int, float):
        try:
            return kind(typed)
        except ValueError:
            continue
    return typed or None
