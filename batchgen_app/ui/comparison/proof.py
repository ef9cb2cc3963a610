"""A proof: how it is asked for, how far it has come, and what came of it."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.adapters.nicegui import Removable
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.proof import Proof
from batchgen_app.core.serializers import proof_of
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import event_translated
from batchgen_app.services.values import Relative
from batchgen_app.ui.comparison import proof_words as words
from batchgen_app.ui.comparison.proof_progress import ProofProgress
from batchgen_app.ui.live import seen_here
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import Following, busy, button, into_view, marked
from batchgen_app.ui.parts.fields import Text

Attempt = Callable[[Callable[[], Awaitable[object]]], Awaitable[bool]]
DIFFERENCE = "difference"
"""Of the address of a proof: the two pictures lie on the light table at once."""


class Proving:
    """Has pictures made again and compared, and knows what came of it. ``attempt`` does what may
    fail, says why, and tells whether it was done.
    """

    def __init__(self, context: PageContext, attempt: Attempt) -> None:
        self.context = context
        self.attempt = attempt
        self._views: dict[str, BatchState] = {}
        self._is_busy = False

    def button(self, image_id: str) -> None:
        """One press makes one."""
        made = button(str(words.PROVE), lambda: self.press(made, image_id), icon="fact_check")
        made.props["title"] = str(words.PROVE_HINT)
        marked(made, "prove")

    async def press(self, made: ui.button, image_id: str) -> None:
        """Have it made again; ``made`` was pressed for that."""
        if self._is_busy:
            return
        self._is_busy = True
        try:
            with busy(made):
                await self.attempt(lambda: self._start(image_id))
        finally:
            self._is_busy = False

    async def _start(self, image_id: str) -> None:
        caller = self.context.caller
        accepted = await self.context.commands.prove(caller, image_id)
        self.context.awaited.add(accepted.batch.batch_id, caller)

    async def view(self, batch_id: str) -> BatchState:
        """A batch for this page. Raises NotFound, StorageError."""
        batch = await self.context.queries.batch(batch_id)
        return self._views.setdefault(batch_id, seen_here(batch))


class Proofs(Removable):
    """What came of making one picture again: the newest in full, while it is made, too, and a line
    for each before it. Empty where nobody did.
    """

    def __init__(self, proving: Proving, image_id: str) -> None:
        super().__init__("section")
        self._proving = proving
        self.image_id = image_id
        self._context = proving.context
        self._shown: list[str] | None = None
        self._progress: ProofProgress | None = None
        marked(self, "proofs").classes("bg-proofs")
        self.props["aria-label"] = str(words.PROOFS)
        self.visible = False
        with self:
            # Once the page is there: it is not waited for.
            ui.timer(0, self._load, once=True)
        news = (self._context.news.queue_changed, self._context.news.batch_edited)
        for event in news:  # it unsubscribes by itself: the page may stay for long
            event.subscribe(self._load, unsubscribe_on_delete=False, expect_args=False)

    def removed(self) -> None:
        self._context.news.queue_changed.unsubscribe(self._load)
        self._context.news.batch_edited.unsubscribe(self._load)

    async def _load(self) -> None:
        try:
            found = await self._context.queries.lineage.proofs(self.image_id)
            views = [await self._proving.view(one.batch_id) for one in found]
        except BatchGenError:  # the page tells it where it matters
            return
        if self.is_deleted:
            return
        ids = [one.batch_id for one in found]
        if ids != self._shown:
            is_new = self._shown is not None and ids[:1] != self._shown[:1]
            self._show(found, views)
            self._shown = ids
            if ids and is_new:
                into_view(self)
        if self._progress:
            self._progress.look()

    def _show(self, found: Sequence[Relative], views: Sequence[BatchState]) -> None:
        self.clear()
        self._progress = None
        self.visible = bool(found)
        with self:
            for place, (relative, view) in enumerate(zip(found, views, strict=True)):
                if place == 0:
                    self._newest(view)
                else:
                    _earlier(relative, view)

    def _newest(self, view: BatchState) -> None:
        Following(view, ("proof", "status"), lambda: proof_of(view), lambda _: self._stands(view))

    def _stands(self, view: BatchState) -> None:
        proof = proof_of(view)
        if proof is None:
            self._progress = ProofProgress(self._context, view, self._proving.attempt)
            return
        self._progress = None
        with _box(proof), ui.element("div").classes("bg-buttons"):
            self._ways_on(view, proof)

    def _ways_on(self, view: BatchState, proof: Proof) -> None:
        if view.pictures:
            said = words.SEE_DIFFERENCE if proof.identical is False else words.SEE_NEW
            made = marked(button(str(said)), "see-proof")
            made.props["href"] = at(address(view, proof))
        if proof.identical is None and self._context.may(Verb.MAKE):
            again = button(str(words.AGAIN), lambda: self._again(again, view), icon="refresh")
            marked(again, "prove-again")

    async def _again(self, pressed: ui.button, view: BatchState) -> None:
        """What was not made is made into the same batch; else it is done anew."""
        if not view.missing:
            await self._proving.press(pressed, self.image_id)
            return
        caller, batch_id = self._context.caller, view.batch_id
        with busy(pressed):
            await self._proving.attempt(lambda: self._context.commands.resume(caller, batch_id))
        self._context.awaited.add(batch_id, caller)


def address(batch: BatchState, proof: Proof) -> str:
    """Where one sees what came of it: of what differs, both on the light table."""
    shown = f"?show={DIFFERENCE}" if proof.identical is False else ""
    return f"/batch/{batch.batch_id}{shown}"


def proof_said(batch: BatchState) -> None:
    """What came of it, for a batch that proves a picture and has ended."""
    if batch.proves:
        Following(batch, ("proof", "status"), lambda: proof_of(batch), _said)


def _said(proof: Proof | None) -> None:
    if proof:
        _box(proof)


def _box(proof: Proof) -> ui.element:
    """Gives the place below what it says."""
    with marked(ui.element("div"), "proof").classes("bg-proof").props("role=status") as box:
        box.props["data-identical"] = str(proof.identical).lower()
        ui.icon(words.ICONS[proof.identical]).props("aria-hidden=true")
        with ui.element("div") as inside:
            ui.label(words.verdict(proof)).classes("bg-proof-verdict")
            with ui.element("ul"):
                for told in proof.differences:
                    Text("li", event_translated(told.message)).props["data-about"] = told.about
    return inside


def _earlier(relative: Relative, view: BatchState) -> None:
    made = marked(ui.link(target=f"/batch/{relative.batch_id}"), "earlier-proof")
    with made:
        said = ui.label(words.earlier(relative, view))
    for field in ("proof", "status"):
        said.bind_text_from(view, field, lambda _: words.earlier(relative, view))
