"""A proof: how it is asked for, and what came of it."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.core.proof import Proof
from batchgen_app.core.serializers import proof_of
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import event_translated
from batchgen_app.ui.comparison import proof_words as words
from batchgen_app.ui.comparison.regenerate import tell_queued
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import Following, busy, button, marked
from batchgen_app.ui.parts.fields import Text

Attempt = Callable[[Callable[[], Awaitable[object]]], Awaitable[bool]]


class Proving:
    """Its button has a picture made again and compared. ``attempt`` does what may fail, says why,
    and tells whether it was done.
    """

    def __init__(self, context: PageContext, attempt: Attempt) -> None:
        self._context = context
        self._attempt = attempt
        self._is_busy = False

    def button(self, image_id: str) -> None:
        """One press makes one."""
        made = button(str(words.PROVE), lambda: self._press(made, image_id), icon="fact_check")
        made.props["title"] = str(words.PROVE_HINT)
        marked(made, "prove")

    async def _press(self, made: ui.button, image_id: str) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        try:
            with busy(made):
                await self._attempt(lambda: self._start(image_id))
        finally:
            self._is_busy = False

    async def _start(self, image_id: str) -> None:
        client = ui.context.client  # what was clicked may not outlive the start
        accepted = await self._context.commands.prove(self._context.caller, image_id)
        with client.layout:
            tell_queued(self._context, accepted.batch)


def proof_said(batch: BatchState) -> None:
    """What came of it, for a batch that proves a picture and has ended."""
    if batch.proves:
        Following(batch, ("proof", "status"), lambda: proof_of(batch), _said)


def _said(proof: Proof | None) -> None:
    if proof is None:
        return
    with marked(ui.element("div"), "proof").classes("bg-proof").props("role=status") as box:
        box.props["data-identical"] = str(proof.identical).lower()
        ui.icon(words.ICONS[proof.identical]).props("aria-hidden=true")
        with ui.element("div"):
            ui.label(words.verdict(proof)).classes("bg-proof-verdict")
            with ui.element("ul"):
                for told in proof.differences:
                    Text("li", event_translated(told.message)).props["data-about"] = told.about
