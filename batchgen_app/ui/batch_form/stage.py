"""The stage beside the form: what is being made, and what came out of it, in the same place."""

from collections.abc import Callable

from nicegui import ui

from batchgen_app.core.state import BatchState
from batchgen_app.places import assets_dir
from batchgen_app.ui.batch_progress.page import batch_stage
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import into_view

IS_BELOW_THE_FORM = "innerWidth < 1100"


class Address(ui.element, component=assets_dir() / "address.js"):
    """The browser's address, which can follow what a page shows."""

    def lead_to(self, path: str) -> None:
        """Have this address from now on, as if the page had been opened there."""
        self.props["path"] = path


class Stage(ui.element):
    """Shows the running batch; before there is one, what ``show_empty`` makes. When the last batch
    that was started here has ended (or, where none was, the one that was watched), what came out of
    it stays, and the address becomes the batch's own; ``on_settled`` is called. Not so if
    ``is_typing`` says that somebody is at something else, or a dialog is open, a picture in large
    perhaps; and for a batch of others, the form must be one that ``is_untouched``.
    """

    def __init__(
        self,
        context: PageContext,
        show_empty: Callable[[], None] = lambda: None,
        *,
        is_typing: Callable[[], bool] = lambda: False,
        is_untouched: Callable[[], bool] = lambda: True,
        on_settled: Callable[[], None] = lambda: None,
        keeps: BatchState | None = None,
    ) -> None:
        """``keeps`` is shown, whatever runs, until another one is started here."""
        super().__init__("div")
        self._context = context
        self._queries = context.queries
        self._is_typing = is_typing
        self._is_untouched = is_untouched
        self._on_settled = on_settled
        self._shown: BatchState | None = None
        self._is_kept = keeps is not None
        self._mine: set[str] = set()
        with self.classes("bg-stage-room"):
            self._address = Address()
            self._place = ui.element("div").classes("bg-stage-place")
        if keeps:
            self._show(keeps)
        else:
            with self._place:
                show_empty()
        self._follow()
        context.news.queue_changed.subscribe(self._follow)

    def watch(self, batch: BatchState) -> None:
        """A batch that was started on this page: its end matters here."""
        self._mine.add(batch.batch_id)
        self._is_kept = False
        if self._shown is None or self._shown.ended:
            self._go_to(batch)

    def come_into_view(self) -> None:
        """Where it stands below the form."""
        into_view(self, block="start", only_if=IS_BELOW_THE_FORM)

    def shows(self, batch: BatchState) -> bool:
        """Whether it is the one that is seen."""
        return self._shown is batch

    def _follow(self) -> None:
        if self._is_kept:
            return
        shown, running = self._shown, self._queries.running
        if shown and shown.ended and not self._more_to_come(shown):
            self._settle(shown)
        elif running and not (self._is_at_work(shown) or running.ended):
            self._go_to(running)

    def _is_at_work(self, batch: BatchState | None) -> bool:
        """Several may be, each on a server of its own."""
        return any(running is batch for running in self._queries.all_running)

    def _more_to_come(self, ended: BatchState) -> bool:
        """Whether to stay for batches that have not ended: one's own, if one has any."""
        lined_up = (*self._queries.all_running, *self._queries.waiting)
        coming = {batch.batch_id for batch in lined_up}
        return bool(coming & self._mine if ended.batch_id in self._mine else coming)

    def _settle(self, ended: BatchState) -> None:
        is_mine = self._is_kept = ended.batch_id in self._mine
        self._mine.discard(ended.batch_id)
        is_wanted = is_mine or self._is_untouched()
        if is_wanted and not (self._is_typing() or self._is_covered()):
            self._is_kept = True
            self._address.lead_to(at(f"/batch/{ended.batch_id}"))
            self._on_settled()

    def _is_covered(self) -> bool:
        return any(isinstance(e, ui.dialog) and e.value for e in self.client.elements.values())

    def _go_to(self, batch: BatchState) -> None:
        self._show(batch)
        self._address.lead_to(at("/"))

    def _show(self, batch: BatchState) -> None:
        self._shown = batch
        self._place.clear()
        with self._place:
            batch_stage(self._context, batch)
