"""A message that goes away by itself, with a way back if there is one; and a question that must be
answered before something happens.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic

from nicegui import ElementFilter, ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.language.texts import told
from batchgen_app.places import assets_dir
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.controls import button, marked, shortcut

SECONDS = 8.0
SECONDS_TO_UNDO = 20.0

Undo = Callable[[], Awaitable[None]]


@dataclass(eq=False)
class Message:
    """What is said, how it is taken back, and until when (monotonic seconds)."""

    text: str
    undo: Undo | None

    def __post_init__(self) -> None:
        self.seconds = SECONDS_TO_UNDO if self.undo else SECONDS
        self.until = monotonic() + self.seconds


class Messages(ui.element, component=assets_dir() / "messages.js"):
    """Where a page shows its messages, one at a time: above every dialog, beside what was acted
    on. One that can be taken back returns when a later one has gone before its time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._messages: list[Message] = []

    def tell(self, message: Message) -> None:
        """Show it, in place of what is shown."""
        self._messages = [*filter(lambda earlier: earlier.undo, self._messages), message]
        self._show()

    def over(self, message: Message) -> None:
        """It has been read, or taken back."""
        self._messages = [m for m in self._messages if m is not message]
        self._show()

    def _show(self) -> None:
        now = monotonic()
        self._messages = [message for message in self._messages if message.until > now]
        self.clear()
        if self._messages:
            with self:
                Toast(self._messages[-1], self)


class Toast(ui.element):
    """One message. It stays as long as somebody points at it or has the focus in it."""

    def __init__(self, message: Message, messages: Messages) -> None:
        super().__init__("div")
        self._message = message
        self._messages = messages
        self.classes("bg-toast").props("role=alert data-testid=toast")
        with self:
            ui.label(told(message.text))
            if message.undo:
                self._way_back(message.undo)
        self._clock = self._wait(message.until - monotonic())
        # Pointer and focus may both hold it; it goes when neither does.
        self._held_by: set[str] = set()
        for by, held, let_go in (
            ("pointer", "mouseenter", "mouseleave"),
            ("focus", "focusin", "focusout"),
        ):
            self.on(held, partial(self._hold, by), [])
            self.on(let_go, partial(self._let_go, by), [])

    def _way_back(self, undo: Undo) -> None:
        again = ui.button(str(common.UNDO), on_click=lambda: self._undo(undo), color=None)
        again.props("flat dense no-caps data-testid=undo")
        again.props["title"] = common.with_key(str(common.UNDO), str(common.UNDO_KEY))
        shortcut(again, "Ctrl+z")

    def _wait(self, seconds: float) -> ui.timer:
        with self:
            return ui.timer(
                max(0.0, seconds), lambda: self._messages.over(self._message), once=True
            )

    def _hold(self, by: str) -> None:
        self._held_by.add(by)
        self._clock.cancel()

    def _let_go(self, by: str) -> None:
        self._held_by.discard(by)
        if not self._held_by:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._clock.cancel()
        self._message.until = monotonic() + self._message.seconds
        self._clock = self._wait(self._message.seconds)

    async def _undo(self, undo: Undo) -> None:
        with self.client.layout:  # the message goes away
            self._messages.over(self._message)
            await undo()


def toast(text: str, *, undo: Undo | None = None) -> None:
    """Show ``text`` on the page of the person who acts; ``undo`` takes back what it tells of."""
    with ui.context.client.layout:
        for messages in ElementFilter(kind=Messages):
            messages.tell(Message(text, undo))


async def tried(action: Awaitable[object]) -> bool:
    """Whether ``action`` could be done; where not, the page says why."""
    try:
        await action
    except BatchGenError as error:
        toast(str(error))
        return False
    return True


async def agreed(
    question: str, consequence: Callable[[ui.label], object], *, stay: str, do_it: str
) -> bool:
    """Whether the person wants it; ``stay`` and ``do_it`` are the answers. Leaving is no, and so
    are Escape and Enter: ``stay`` has the focus. ``consequence`` binds the label that says what
    comes of it to what may change while it is read.
    """
    with ui.dialog() as dialog, ui.card().classes("bg-dialog").props("flat"):
        dialog.props["aria-label"] = question
        ui.label(question).classes("bg-dialog-title").props("role=heading aria-level=2")
        consequence(ui.label().classes("bg-muted").props("aria-live=polite"))
        with ui.element("div").classes("bg-buttons"):
            safe = button(stay, lambda: dialog.submit(None), main=True)
            marked(safe, "stay").props("autofocus")
            marked(button(do_it, lambda: dialog.submit(do_it)), "agree")
    dialog.on("hide", dialog.delete)  # not sooner: first it gives the focus back
    return bool(await dialog == do_it)
