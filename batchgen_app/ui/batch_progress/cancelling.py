"""The way out of a running batch."""

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.question import agreed


class Cancelling:
    """One click, or Escape and an answer; nothing for those who may only view."""

    def __init__(self, house: House, batch: BatchState) -> None:
        self._house = house
        self._desk = house.workshop.desk
        self._batch = batch
        self._button: ui.button | None = None

    def button(self) -> None:
        """Always in the same place; says that it is stopping until the batch has ended."""
        if self._house.may(Verb.CANCEL):
            self._button = marked(button(words.CANCEL, self.stop), "cancel")

    async def stop(self) -> None:
        """Stop the batch; the stage changes its face when the server has let go."""
        if self._button:
            self._button.set_text(words.STOPPING)
            self._button.disable()
        because = self._house.caller.because(words.BECAUSE_CANCELLED)
        await self._desk.cancel(self._batch.batch_id, because)

    async def ask(self) -> None:
        """Stop only if the person says so."""
        if not self._house.may(Verb.CANCEL):
            return
        consequence = words.stop_consequence(self._batch.completed_images)
        if await agreed(words.STOP_QUESTION, consequence, stay=words.GO_ON, do_it=words.STOP_IT):
            await self.stop()
