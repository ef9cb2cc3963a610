"""The queue, visible: what waits, in which order, and with buttons to change that."""

from nicegui import ui

from batchgen_app.core.state import BatchState
from batchgen_app.ui import words
from batchgen_app.ui.house import House


class QueueList:
    """The waiting batches; hidden while none waits. Rows are kept as they move, so that the focus
    stays on the button that was pressed.
    """

    def __init__(self, house: House) -> None:
        self._workshop = house.workshop
        self._rows: dict[str, Row] = {}
        with ui.element("section").classes("bg-queue").props(
            f'data-testid=queue aria-label="{words.QUEUE}"'
        ) as self._box:
            ui.label(words.QUEUE).classes("bg-label")
            self._list = ui.element("ol").classes("bg-queue-list")
        self._show()
        house.news.queue_changed.subscribe(self._show)

    def _show(self) -> None:
        waiting = self._workshop.queue.waiting
        self._box.visible = bool(waiting)
        for batch_id in self._rows.keys() - {batch.batch_id for batch in waiting}:
            self._rows.pop(batch_id).item.delete()
        for place, batch in enumerate(waiting):
            self._row(batch).show(place, len(waiting))

    def _row(self, batch: BatchState) -> "Row":
        if batch.batch_id not in self._rows:
            with self._list:
                self._rows[batch.batch_id] = Row(batch, self)
        return self._rows[batch.batch_id]

    def move(self, batch: BatchState, places: int) -> None:
        """Let a batch be made earlier (negative) or later."""
        queue = self._workshop.queue
        if batch in queue.waiting:
            queue.move(batch.batch_id, max(0, queue.waiting.index(batch) + places))

    async def remove(self, batch: BatchState) -> None:
        """Take a batch out, with a way back."""
        await self._workshop.desk.cancel(batch.batch_id, words.REMOVED_BY_HAND)
        with self._box:
            undo(self._workshop.desk, batch)


class Row:
    """One waiting batch."""

    def __init__(self, batch: BatchState, queue: QueueList) -> None:
        self._batch = batch
        prompt = batch.request.prompt
        with ui.element("li").classes("bg-queue-row").props("data-testid=queued") as self.item:
            self._place = ui.label().classes("bg-queue-place")
            with ui.element("div").classes("bg-queue-what"):
                ui.label(prompt).classes("bg-one-line").props(f"title={prompt!r}")
                ui.label(words.images(batch.total_images)).classes("bg-hint")
