"""Verdicts: how proofs ended, told on whichever page they are by now who asked for them."""

from nicegui import ElementFilter, ui

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.serializers import proof_of
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import proof_words as words
from batchgen_app.ui.comparison.proof import Proofs, address
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.toast import toast


class Verdicts:
    """Of one page. What was cancelled is no news, nor what the page shows anyway."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._page = ui.context.client
        self._under_way = self._proofs()
        context.news.queue_changed.subscribe(self._follow)

    def _proofs(self) -> dict[str, BatchState]:
        queries = self._context.queries
        lined_up = (*queries.all_running, *queries.waiting)
        return {batch.batch_id: batch for batch in lined_up if batch.proves}

    def _follow(self) -> None:
        before, self._under_way = self._under_way, self._proofs()
        awaited, caller = self._context.awaited, self._context.caller
        for batch_id in before.keys() - self._under_way.keys():
            batch = before[batch_id]
            is_news = batch.ended and batch.status is not BatchStatus.CANCELLED
            if is_news and awaited.is_by(batch_id, caller) and not self._is_seen(batch):
                self._tell(batch)

    def _is_seen(self, batch: BatchState) -> bool:
        if self._page.request.url.path.endswith(f"/batch/{batch.batch_id}"):
            return True
        with self._page.layout:
            shown = ElementFilter(kind=Proofs, only_visible=True)
            return any(proofs.image_id == batch.proves for proofs in shown)

    def _tell(self, batch: BatchState) -> None:
        proof = proof_of(batch)
        named = split_image_id(batch.proves or "")
        if proof and named:
            with self._page.layout:
                said = words.ended(named[1], proof)
                toast(said, link=(str(words.SHOW), address(batch, proof)))
