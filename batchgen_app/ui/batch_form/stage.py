"""The stage beside the form: what is being made, or how to begin. It follows the queue."""

from collections.abc import Callable

from nicegui import ui

from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress.batch_stage import batch_stage
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.into_view import into_view

IS_BELOW_THE_FORM = "innerWidth < 1100"


class Stage(ui.element):
    """Shows the running batch; before there is one, what ``show_empty`` makes. When the last batch
    that was started here has ended (or, where none was, the one that was watched), the page goes to
    it, unless ``is_typing`` says that somebody would lose what they write, or a dialog is open, a
    picture in large perhaps; then the stage itself shows what came out.
    """

    def __init__(
        self, house: House, show_empty: Callable[[], None], is_typing: Callable[[], bool]
    ) -> None:
        super().__init__("div")
        self._house = house
        self._queries = house.queries
        self._is_typing = is_typing
        self._shown: BatchState | None = None
        self._mine: set[str] = set()
        with self.classes("bg-stage-place"):
            show_empty()
        self._follow()
        house.news.queue_changed.subscribe(self._follow)

    def watch(self, batch: BatchState) -> None:
        """A batch that was started on this page: its end matters here."""
        self._mine.add(batch.batch_id)
        if self._shown is None or self._shown.ended:
            self._show(batch)
        if self.shows(batch):
            into_view(self, block="start", only_if=IS_BELOW_THE_FORM)

    def shows(self, batch: BatchState) -> bool:
        """Whether it is the one that is seen."""
        return self._shown is batch

    def _follow(self) -> None:
        shown, running = self._shown, self._queries.running
        if shown and shown.ended and not self._more_to_come(shown):
            self._leave_for(shown)
        elif running and running is not shown and not running.ended:
            self._show(running)

    def _more_to_come(self, ended: BatchState) -> bool:
        """Whether to stay for batches that have not ended: one's own, if one has any."""
        coming = {batch.batch_id for batch in self._queries.waiting}
        if running := self._queries.running:
            coming.add(running.batch_id)
        return bool(coming & self._mine if ended.batch_id in self._mine else coming)

    def _leave_for(self, ended: BatchState) -> None:
        self._mine.discard(ended.batch_id)
        if not (self._is_typing() or self._is_covered()):
            ui.navigate.to(f"/batch/{ended.batch_id}")

    def _is_covered(self) -> bool:
        return any(isinstance(e, ui.dialog) and e.value for e in self.client.elements.values())

    def _show(self, batch: BatchState) -> None:
        self._shown = batch
        self.clear()
        with self:
            batch_stage(self._house, batch)
