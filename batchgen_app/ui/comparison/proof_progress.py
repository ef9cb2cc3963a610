"""ProofProgress: a proof that waits or is made, with its way out."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import translated
from batchgen_app.ui.comparison import proof_words as words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import Following, bind_prop, button, marked

FIELDS = (
    "status",
    "images",
    "current_step",
    "total_steps",
    "prompts_ahead",
    "server_trouble",
)
"""Which it follows."""
Attempt = Callable[[Callable[[], Awaitable[object]]], Awaitable[bool]]


class ProofProgress(ui.element):
    """Follows ``batch``, which is this page's view of one; ``look`` asks anew for its place among
    those that wait.
    """

    def __init__(self, context: PageContext, batch: BatchState, attempt: Attempt) -> None:
        super().__init__("div")
        self._context = context
        self._batch = batch
        self._attempt = attempt
        marked(self, "proof-progress").classes("bg-proof")
        with self:
            ui.icon("fact_check").props("aria-hidden=true")
            with ui.element("div").classes("bg-proof-what"):
                self._label = marked(ui.label(self._said()), "proof-stands")
                self._label.props("role=status")
                bar = ui.linear_progress(show_value=False).props("instant-feedback")
                bar.props["aria-hidden"] = "true"
                bind_prop(bar, "value", batch, FIELDS, self._share)
                bind_prop(bar, "indeterminate", batch, FIELDS, self._is_open)
                Following(batch, ("server_trouble",), lambda: batch.server_trouble, self._trouble)
                self._stop_button()
        for field in FIELDS:
            self._label.bind_text_from(batch, field, lambda _: self._said())

    def look(self) -> None:
        """Others may have come or gone."""
        self._label.set_text(self._said())

    def _said(self) -> str:
        if self._batch.status is not BatchStatus.QUEUED:
            return words.progress(self._batch)
        queries = self._context.queries
        waiting = [batch.batch_id for batch in queries.waiting]
        before = waiting.index(self._batch.batch_id) if self._batch.batch_id in waiting else 0
        return words.waits(before + bool(queries.running))

    def _share(self) -> float:
        step, steps = self._batch.current_step, self._batch.total_steps
        if self._batch.pictures:
            return 1.0
        return step / steps if step and steps else 0.0

    def _is_open(self) -> bool:
        """Whether nobody knows how long this takes."""
        is_made = self._batch.status is not BatchStatus.QUEUED
        return is_made and not self._share() and not self._batch.server_trouble

    def _trouble(self, said: str | None) -> None:
        if said:
            ui.label(translated(said)).classes("bg-muted")
            marked(button(str(words.TRY_NOW), self._try_now), "proof-retry")

    async def _try_now(self) -> None:
        await self._context.commands.look_at_server(self._context.caller)

    def _stop_button(self) -> None:
        if self._context.may(Verb.CANCEL):
            self._stop = marked(button(str(words.STOP), self._cancel), "proof-cancel")

    async def _cancel(self) -> None:
        self._stop.set_text(str(words.STOPPING))
        self._stop.disable()
        caller, batch_id = self._context.caller, self._batch.batch_id
        usual = words.BECAUSE_STOPPED
        cancel = self._context.commands.cancel
        if not await self._attempt(lambda: cancel(caller, batch_id, usual)):
            self._stop.set_text(str(words.STOP))
            self._stop.enable()
