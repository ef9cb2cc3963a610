"""A message at the foot of the page that goes away by itself, with a way back if there is one."""

from collections.abc import Awaitable, Callable

from nicegui import ElementFilter, ui

from batchgen_app.core.errors import BatchGenError
from batchgen_app.language.texts import told
from batchgen_app.ui import words as common

SECONDS = 8.0
SECONDS_TO_UNDO = 12.0


class Toast(ui.element):
    """One message; the next one takes its place."""

    def __init__(self, text: str, undo: Callable[[], Awaitable[None]] | None) -> None:
        super().__init__("div")
        self.classes("bg-toast").props("role=alert data-testid=toast")
        with self:
            ui.label(told(text))
            if undo:
                again = ui.button(common.UNDO, on_click=lambda: self._undo(undo), color=None)
                again.props("flat dense no-caps data-testid=undo")
            ui.timer(SECONDS_TO_UNDO if undo else SECONDS, self.delete, once=True)

    async def _undo(self, undo: Callable[[], Awaitable[None]]) -> None:
        with self.client.layout:
            self.delete()
            await undo()


def toast(text: str, *, undo: Callable[[], Awaitable[None]] | None = None) -> None:
    """Show ``text`` on the page of the person who acts; ``undo`` takes back what it tells of."""
    client = ui.context.client
    with client.layout:
        for earlier in ElementFilter(kind=Toast):
            earlier.delete()
        Toast(text, undo)


async def tried(action: Awaitable[object]) -> bool:
    """Whether ``action`` could be done; where not, the page says why."""
    try:
        await action
    except BatchGenError as error:
        toast(str(error))
        return False
    return True
