"""The prompt: grows with the text, counts its characters, brings earlier ones back."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from nicegui import events, ui

from batchgen_app.core.limits import MAX_PROMPT_LENGTH
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.parts.fields import Field, as_text, text

Earlier: TypeAlias = Callable[[], Awaitable[Sequence[str]]]

WHERE = """(event) => emit(
    event.key, event.target.selectionStart, event.target.selectionEnd, event.target.value.length
)"""
"""Which key, and where the caret was before it moved."""


class PromptField(Field):
    """The field for the prompt. ``earlier`` gives prompts of the past, newest first."""

    def __init__(self, earlier: Earlier) -> None:
        super().__init__(
            "prompt",
            str(words.PROMPT),
            text("prompt", str(words.PROMPT_HINT)),
            lambda v: as_text(v) or None,
        )
        self._history = History(earlier)
        with self.head:
            self._counter = ui.label().classes("bg-counter")
        self.control.on_value_change(self._count)
        self.control.props("autofocus")
        for key in ("keydown.up", "keydown.down"):
            self.control.on(key, self._walk, js_handler=WHERE)
        self._count()

    def _count(self) -> None:
        length = len(self.control.value or "")
        self._counter.text = words.characters(length, MAX_PROMPT_LENGTH)
        if length > MAX_PROMPT_LENGTH:
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
            found = self._history.back() if is_up else self._history.forth()
            if found is not None:
                self.show(found)  # it was sent once: what was typed stays the draft


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
