"""The same again with new seeds, without leaving what one looks at; and the way back."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import lineage_words as words
from batchgen_app.ui.comparison.words import REGENERATE, REGENERATE_HINT
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import busy, button, marked, undoable
from batchgen_app.ui.parts.toast import toast, tried

REST_SECONDS = 3.0
"""In which it is taken back before the server hears of it."""


class Regenerating:
    """Its button queues a batch like this one. ``attempt`` does what may fail, says why, and tells
    whether it was done.
    """

    def __init__(
        self,
        context: PageContext,
        batch: BatchState,
        attempt: Callable[[Callable[[], Awaitable[object]]], Awaitable[bool]],
    ) -> None:
        self._context = context
        self._batch = batch
        self._attempt = attempt
        self._is_busy = False

    def button(self) -> None:
        """One press makes one."""
        self._button = button(str(REGENERATE), self._press, icon="refresh", key="r")
        self._button.props["title"] = common.with_key(str(REGENERATE_HINT), "r")
        undoable(marked(self._button, "regenerate"))

    async def _press(self) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        try:
            with busy(self._button):
                await self._attempt(self._start)
        finally:
            self._is_busy = False

    async def _start(self) -> None:
        client = ui.context.client  # what was clicked may not outlive the start
        commands, batch_id = self._context.commands, self._batch.batch_id
        caller = self._context.caller
        accepted = await commands.regenerate(caller, batch_id, rest=REST_SECONDS)
        with client.layout:
            tell_queued(self._context, accepted.batch)


def tell_queued(context: PageContext, batch: BatchState) -> None:
    """That a batch waits its turn, with ways to it and back. One that is taken back before it began
    has nothing to show, and lies in the trash then.
    """
    show = (str(words.SHOW), f"/batch/{batch.batch_id}")

    async def take_back() -> None:
        become, is_there = _become(batch), batch.status is not BatchStatus.QUEUED
        usual = words.BECAUSE_TAKEN_BACK
        if await tried(context.commands.cancel(context.caller, batch.batch_id, usual)):
            toast(become, link=show if is_there else None)
            if not is_there and context.may(Verb.DELETE):
                await tried(context.commands.delete_batch(context.caller, batch.batch_id))

    toast(words.queued(batch.total_images), undo=take_back, link=show)


def _become(batch: BatchState) -> str:
    """What becomes of a batch that is taken back now."""
    if batch.ended:
        return str(words.MADE_ALREADY)
    has_begun = batch.status is not BatchStatus.QUEUED
    return str(words.HAD_BEGUN if has_begun else words.TAKEN_BACK)
