"""The way out of a running batch."""

from nicegui import ui

from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import button, marked


class Cancelling:
    """One click, or Escape and an answer."""

    def __init__(self, house: House, batch: BatchState) -> None:
        self._desk = house.workshop.desk
        self._batch = batch
        self._button: ui.button | None = None

    def button(self) -> None:
        """Always in the same place; says that it is stopping until the batch has ended."""
        self._button = marked(button(words.CANCEL, self.stop), "cancel")

    async def stop(self) -> None:
        """Stop the batch; the stage changes its face when the server has let go."""
        if self._button:
            self._button.set_text(words.STOPPING)
            self._button.disable()
        await self._desk.cancel(self._batch.batch_id, because=words.BECAUSE_CANCELLED)

    async def ask(self) -> None:
        """Stop only if the person says so."""
        with ui.dialog() as dialog, ui.card().classes("bg-dialog").props("flat"):
            dialog.props["aria-label"] = words.STOP_QUESTION
            ui.label(words.STOP_QUESTION).classes("bg-dialog-title")
            ui.label(words.stop_consequence(self._batch.completed_images)).classes("bg-muted")
            with ui.element("div").classes("bg-buttons"):
                button(words.GO_ON, lambda: dialog.submit(None))
                button(words.STOP_IT, lambda: dialog.submit("stop"), main=True)
        if await dialog == "stop":
            await self.stop()
        if not dialog.is_deleted:  # as it is when the batch has ended meanwhile
            dialog.delete()
