"""Notices: what a click led to, where that is not plain to see."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.ui import words
from batchgen_app.ui.controls import button, marked

UNDO_SECONDS = 10.0

Action = Callable[[], Awaitable[object]]


class Notices(ui.element):
    """A box for the fault of the last action, with Retry, and for what can be undone."""

    def __init__(self) -> None:
        super().__init__("div")
        with self:
            self._fault = ui.element("div").props("role=alert")
            self._undo = ui.element("div").props("role=status")

    async def attempt(self, action: Action) -> bool:
        """Do it; where that fails, say why and offer to try again. Tells whether it was done."""
        try:
            await action()
        except BatchGenError as error:
            self._say(str(error), action)
            return False
        self._fault.clear()
        return True

    def offer_undo(self, text: str, undo: Action) -> None:
        """Say for some seconds what was done, with a button that takes it back."""
        self._undo.clear()
        with self._undo, ui.element("div").classes("bg-toast"):
            ui.label(text)
            button(words.UNDO, lambda: self._take_back(undo), key="u")
            ui.timer(UNDO_SECONDS, self._undo.clear, once=True)

    async def _take_back(self, undo: Action) -> None:
        self._undo.clear()
        await self.attempt(undo)

    def _say(self, message: str, action: Action) -> None:
        self._fault.clear()
        with self._fault, ui.element("div").classes("bg-fault"):
            marked(ui.label(message), "server-error")
            marked(button(words.RETRY, lambda: self.attempt(action)), "retry")
