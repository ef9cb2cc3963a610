"""The way out of a running batch."""

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.question import agreed


class Cancelling:
    """The button, or Escape, and an answer; nothing for those who may only view."""

    def __init__(self, house: House, batch: BatchState) -> None:
        self._house = house
        self._batch = batch
        self._button: ui.button | None = None
        self._is_asking = False

    def button(self) -> None:
        """Always in the same place; says that it is stopping until the batch has ended."""
        if self._house.may(Verb.CANCEL):
            self._button = marked(button(str(words.CANCEL), self.ask), "cancel")

    async def ask(self) -> None:
        """Stop only if the person says so. The question goes away with what it is about."""
        if self._is_asking or not (self._button and self._button.enabled):
            return
        self._is_asking = True
        try:
            if await self._agreed():
                await self._stop()
        finally:
            self._is_asking = False

    async def _agreed(self) -> bool:
        stay, do_it = str(words.GO_ON), str(words.STOP_IT)
        return await agreed(str(words.STOP_QUESTION), self._consequence, stay=stay, do_it=do_it)

    def _consequence(self, label: ui.label) -> None:
        label.bind_text_from(self._batch, "completed_images", words.stop_consequence)

    async def _stop(self) -> None:
        """The stage changes its face when the server has let go."""
        if self._button:
            self._button.set_text(str(words.STOPPING))
            self._button.disable()
        caller, batch_id = self._house.caller, self._batch.batch_id
        await self._house.commands.cancel(caller, batch_id, words.BECAUSE_CANCELLED)
