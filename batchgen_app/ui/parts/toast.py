"""A message that goes away by itself, with a way back if there is one; and a question that must be
answered before something happens.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from time import monotonic

from nicegui import ElementFilter, ui

from batchgen_app.core.errors import BatchGenError, NotFound
from batchgen_app.language.texts import translated
from batchgen_app.places import assets_dir
from batchgen_app.ui import words as common
from batchgen_app.ui.parts.controls import button, icon_button, marked, shortcut
from batchgen_app.ui.parts.quiet import bind_quietly
from batchgen_app.ui.parts.undo import Deed, Undo, Undos

SECONDS = 8.0
SECONDS_TO_UNDO = 20.0


@dataclass(eq=False)
class Message:
    """What is said, how it is taken back, and until when (monotonic seconds); whether the way back
    is there longer than the message; a link (its text, where it leads); whether it takes the place
    of the one before it that did.
    """

    text: str
    deed: Deed | None
    lasting: bool = False
    link: tuple[str, str] | None = None
    replaces: bool = False

    def __post_init__(self) -> None:
        self.seconds = SECONDS_TO_UNDO if self.deed else SECONDS
        self.until = monotonic() + self.seconds

    def is_instead_of(self, earlier: "Message") -> bool:
        """Whether the earlier one need not be read any more."""
        return earlier.text == self.text or (self.replaces and earlier.replaces)


class Messages(ui.element, component=assets_dir() / "messages.js"):
    """Where a page shows its messages: above every dialog, beside what was acted on, each as long
    as it takes to read them all. Of those that can be taken back only the last one is seen; one
    before it returns when that has gone before its time. ``undos`` is what can be taken back, with
    and without a message.
    """

    def __init__(self) -> None:
        super().__init__()
        self.undos = Undos()
        self._messages: list[Message] = []
        self._toasts: dict[Message, Toast] = {}

    @property
    def shown(self) -> tuple[Message, ...]:
        """The last one is seen; the others return when it is gone."""
        return tuple(self._messages)

    def tell(self, message: Message) -> None:
        """Show it, below those that are still there; what is said again is not there twice."""
        others = [m for m in self._messages if m.deed or not message.is_instead_of(m)]
        self._messages = [*others, message]
        message.until += SECONDS * sum(not other.deed for other in others)
        if message.deed:
            self.undos.add(message.deed)
        self._show()

    def over(self, message: Message) -> None:
        """It has been read, or taken back."""
        message.until = 0.0
        self._show()

    async def undo_last(self) -> None:
        """What was done last, once it is done: as its message does, if that is there, and else
        with a message of its own.
        """
        async with self.undos.turn:
            deed = self.undos.last
        if deed:
            is_told = any(message.deed is deed for message in self._messages)
            said = await self.undo(deed)
            if said and not is_told:
                toast(said, replaces=True)

    async def undo(self, deed: Deed) -> str | None:
        """Take it back, and give what can be said of it; None where that failed, and was told."""
        place = self.undos.drop(deed)
        for message in [message for message in self._messages if message.deed is deed]:
            self.over(message)
        try:
            return await deed.undo() or common.taken_back(deed.text)
        except BatchGenError as error:
            if not isinstance(error, NotFound):  # what is gone for good is not tried again
                self.undos.put_back(deed, place)
            toast(str(error))
            return None

    def _show(self) -> None:
        now = monotonic()
        for message in [m for m in self._messages if m.until <= now or self._is_taken_back(m)]:
            self._messages.remove(message)
            if message.deed and not message.lasting:
                self.undos.drop(message.deed)
        seen = self._seen()
        for message in [m for m in self._toasts if m not in seen]:
            self._toasts.pop(message).delete()
        for message in [m for m in seen if m not in self._toasts]:
            with self:
                self._toasts[message] = Toast(message, self)

    def _is_taken_back(self, message: Message) -> bool:
        return bool(message.deed and not self.undos.has(message.deed))

    def _seen(self) -> Sequence[Message]:
        last = next((m for m in reversed(self._messages) if m.deed), None)
        return [m for m in self._messages if m is last or not m.deed]


class Toast(ui.element):
    """One message. It stays as long as somebody points at it or has the focus in it."""

    def __init__(self, message: Message, messages: Messages) -> None:
        super().__init__("div")
        self._message = message
        self._messages = messages
        self.classes("bg-toast").props("role=alert data-testid=toast")
        with self:
            ui.label(translated(message.text))
            if message.deed:
                self._way_back(message.deed)
            if message.link:
                ui.link(*message.link).props("data-testid=toast-link").classes("bg-toast-link")
        self._clock = self._wait(message.until - monotonic())
        # Pointer and focus may both hold it; it goes when neither does.
        self._held_by: set[str] = set()
        for by, held, let_go in (
            ("pointer", "mouseenter", "mouseleave"),
            ("focus", "focusin", "focusout"),
        ):
            self.on(held, partial(self._hold, by), [])
            self.on(let_go, partial(self._let_go, by), [])

    def _way_back(self, deed: Deed) -> None:
        again = ui.button(str(common.UNDO), on_click=lambda: self._undo(deed), color=None)
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
        self._message.until = inf
        self._clock.cancel()

    def _let_go(self, by: str) -> None:
        self._held_by.discard(by)
        if not self._held_by:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._clock.cancel()
        self._message.until = monotonic() + self._message.seconds
        self._clock = self._wait(self._message.seconds)

    async def _undo(self, deed: Deed) -> None:
        with self.client.layout:  # the message goes away
            await self._messages.undo(deed)


def undo_button(messages: Messages) -> ui.button:
    """Takes back what was done last on the page; its place stays where there is nothing."""

    async def undo() -> None:
        with messages.client.layout:
            await messages.undo_last()

    made = marked(icon_button("undo", str(common.UNDO), undo), "undo-last")
    made.props["data-undo-last"] = ""
    made.classes("bg-undo-last")
    bind_quietly(made, "title", messages.undos, ("last",), lambda: _undoes(messages.undos))
    bind_quietly(made, "aria-hidden", messages.undos, ("last",), lambda: _is_idle(messages.undos))
    return made


def _undoes(undos: Undos) -> str:
    return common.undo(translated(undos.last.text)) if undos.last else ""


def _is_idle(undos: Undos) -> str:
    return str(undos.last is None).lower()


def messages_here() -> Messages | None:
    """Those of the page of the person who acts."""
    with ui.context.client.layout:
        return next(iter(ElementFilter(kind=Messages)), None)


def undos_here() -> Undos:
    """What can be taken back on the page of the person who acts."""
    here = messages_here()
    return here.undos if here else Undos()


def toast(
    text: str,
    *,
    undo: Undo | Deed | None = None,
    lasting: bool = False,
    link: tuple[str, str] | None = None,
    replaces: bool = False,
) -> None:
    """Show ``text`` on the page of the person who acts; ``undo`` takes back what it tells of (or is
    a deed of this page), also when the message is gone if it is ``lasting``; ``link`` (its text,
    where it leads) leads there. Of those that ``replaces`` is said of, only the last one is seen.
    """
    if here := messages_here():
        deed = Deed(text, undo) if callable(undo) else undo
        with here.client.layout:
            here.tell(Message(text, deed, lasting, link, replaces))


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
