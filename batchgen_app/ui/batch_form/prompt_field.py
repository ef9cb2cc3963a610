"""The prompt: grows with the text, counts its characters, brings earlier ones back."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from nicegui import events, ui

from batchgen_app.adapters.nicegui import RewritableText
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.parts.controls import marked
from batchgen_app.ui.parts.fields import Field, as_text, prompt_text

Earlier: TypeAlias = Callable[[], Awaitable[Sequence[str]]]

WHERE = """({ key, target, ctrlKey, metaKey, altKey }) => {
    if (ctrlKey || metaKey || altKey) return;
    emit(key, target.selectionStart, target.selectionEnd, target.value.length);
}"""
"""Which key, and where the caret was before it moved. With others it means something else."""


class PromptField(Field):
    """The field for the prompt, of at most ``limit`` characters. ``earlier`` gives prompts of the
    past, newest first.
    """

    control: RewritableText

    def __init__(self, earlier: Earlier, limit: int) -> None:
        self.limit = limit
        super().__init__(
            "prompt",
            str(words.PROMPT),
            prompt_text("prompt", str(words.PROMPT_HINT)),
            lambda v: as_text(v) or None,
        )
        self._history = History(earlier)
        self.on_leave_typed: Callable[[], None] = lambda: None
        """Called when the arrow keys lead from what was typed to an earlier prompt,"""
        self.on_return_to_typed: Callable[[], None] = lambda: None
        """and when they lead back to it."""
        with self.head:
            self._counter = marked(ui.label(), "prompt-length").classes("bg-counter")
        self.control.on_value_change(self._count)
        self.control.props("autofocus")
        for key in ("keydown.up", "keydown.down"):
            self.control.on(key, self._walk, js_handler=WHERE)
        self._count()

    def allow(self, limit: int) -> None:
        """Have this limit from now on."""
        self.limit = limit
        self._count()

    def put(self, value: object) -> None:
        """As if it was typed, in place of all that stands there: the browser can take it back."""
        self.control.rewrite("" if value is None else str(value))
        self.on_put(self.control.value)

    def _count(self) -> None:
        length = len(self.control.value or "")
        self._counter.text = words.characters(length, self.limit)
        if length > self.limit:
            self._counter.classes(add="bg-too-many")
        else:
            self._counter.classes(remove="bg-too-many")

    async def _walk(self, event: events.GenericEventArguments) -> None:
        key, start, end, length = event.args
        shown = self.control.value or ""
        is_up = key == "ArrowUp"
        at_edge = start == end == (0 if is_up else length)
        if at_edge or self._history.gave(shown):
            await self._history.begin(shown)
            was_typed = self._history.is_at_typed
            found = self._history.back() if is_up else self._history.forth()
            if found is not None:
                self.show(found)  # it was sent once: what was typed stays the draft
                self._tell_of_walk(was_typed=was_typed)

    def _tell_of_walk(self, *, was_typed: bool) -> None:
        if self._history.is_at_typed:
            self.on_return_to_typed()
        elif was_typed:
            self.on_leave_typed()


class History:
    """Earlier prompts, walked through with the arrow keys like a command line's. Behind the newest
    comes what stood in the field before.
    """

    def __init__(self, earlier: Earlier) -> None:
        self._earlier = earlier
        self._prompts: Sequence[str] = ()
        self._draft = ""
        self._place = -1

    def gave(self, shown: str) -> bool:
        """Whether what is shown came from here, unchanged."""
        return 0 <= self._place < len(self._prompts) and self._prompts[self._place] == shown

    @property
    def is_at_typed(self) -> bool:
        """Whether the walk is where it began."""
        return self._place < 0

    async def begin(self, shown: str) -> None:
        """Begin a walk at what is shown, unless one is under way."""
        if not self.gave(shown):
            self._draft, self._place = shown, -1
            self._prompts = tuple(dict.fromkeys(await self._earlier()))

    def back(self) -> str | None:
        """The prompt before the one shown, if there is one."""
        if self._place + 1 >= len(self._prompts):
            return None
        self._place += 1
        return self._prompts[self._place]

    def forth(self) -> str | None:
        """The prompt after the one shown; after the newest, what stood there before the walk."""
        if self._place < 0:
            return None
        self._place -= 1
        return self._prompts[self._place] if self._place >= 0 else self._draft
