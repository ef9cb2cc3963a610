"""The queue, visible: what waits, in which order, and buttons to change that."""

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.state import BatchState
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import icon_button, into_view, marked, own_direction, undoable
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.toast import toast, tried


class QueueList:
    """The waiting batches; hidden while none waits. Rows are kept while they move, and the focus
    stays on the button that was pressed.
    """

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._queries = context.queries
        self.is_mine = context.may(Verb.CANCEL)
        """Whether somebody looks who may change it."""
        self._rows: dict[str, QueueRow] = {}
        with marked(ui.element("section"), "queue").classes("bg-queue") as self._box:
            Text("h2", str(words.QUEUE)).classes("bg-queue-title")
            self._list = ui.element("ol").classes("bg-queue-list")
        self._show()
        context.news.queue_changed.subscribe(self._show)

    def show(self, batch: BatchState) -> None:
        """Bring a waiting batch to where it is seen."""
        if row := self._rows.get(batch.batch_id):
            into_view(row)

    def move(self, batch: BatchState, places: int) -> None:
        """Let a batch be made earlier (negative) or later."""
        waiting = self._queries.waiting
        if batch in waiting:
            place = max(0, waiting.index(batch) + places)
            self._context.commands.move(self._context.caller, batch.batch_id, place)
            self._rows[batch.batch_id].keep_focus(up=places < 0)

    async def remove(self, batch: BatchState) -> None:
        """Take a batch out, with a way back."""
        caller, commands = self._context.caller, self._context.commands
        await commands.cancel(caller, batch.batch_id, words.BECAUSE_REMOVED)
        with self._box:
            toast(str(words.QUEUE_REMOVED), undo=lambda: self._queue_again(batch))

    async def _queue_again(self, batch: BatchState) -> None:
        """The same batch, with the seeds that it was to have, behind the others."""
        await tried(self._context.commands.resume(self._context.caller, batch.batch_id))

    def _show(self) -> None:
        waiting = self._queries.waiting
        self._box.visible = bool(waiting)
        for batch_id in self._rows.keys() - {batch.batch_id for batch in waiting}:
            self._rows.pop(batch_id).delete()
        for place, batch in enumerate(waiting):
            row = self._rows.get(batch.batch_id) or self._new_row(batch)
            row.stand_at(place, is_last=place == len(waiting) - 1)

    def _new_row(self, batch: BatchState) -> "QueueRow":
        with self._list:
            self._rows[batch.batch_id] = QueueRow(batch, self)
        return self._rows[batch.batch_id]


class QueueRow(ui.element):
    """One waiting batch: its place, its prompt, how many images."""

    def __init__(self, batch: BatchState, queue: QueueList) -> None:
        super().__init__("li")
        prompt, count = batch.request.prompt, batch.total_images
        with marked(self, "queued").classes("bg-queue-row"):
            self._place = ui.label().classes("bg-queue-place")
            with ui.element("div").classes("bg-queue-what"):
                said = own_direction(ui.label(prompt).classes("bg-one-line"))
                said.props["title"] = prompt
                ui.label(common.images(count)).classes("bg-hint")
            self._up = icon_button(
                "arrow_upward", str(words.QUEUE_UP), lambda: queue.move(batch, -1)
            )
            self._down = icon_button(
                "arrow_downward", str(words.QUEUE_DOWN), lambda: queue.move(batch, 1)
            )
            marked(self._up, "queue-up")
            marked(self._down, "queue-down")
            remove = icon_button("close", str(words.QUEUE_REMOVE), lambda: queue.remove(batch))
            undoable(marked(remove, "queue-remove"))
            for made in (self._up, self._down, remove):
                made.set_visibility(queue.is_mine)

    def stand_at(self, place: int, *, is_last: bool) -> None:
        """Show the row at this place, 0 for the next batch."""
        self._place.text = str(place + 1)
        self._up.set_enabled(place > 0)
        self._down.set_enabled(not is_last)
        if self.parent_slot and self.parent_slot.children.index(self) != place:
            self.move(target_index=place)

    def keep_focus(self, *, up: bool) -> None:
        """Put the focus back on the button that moved the row, or on the other one at an end."""
        wanted, other = (self._up, self._down) if up else (self._down, self._up)
        button = wanted if wanted.enabled else other
        # Not before Vue has moved the row: an element that is moved loses the focus.
        ui.run_javascript(f"Vue.nextTick(() => getElement({button.id}).$el.focus())")
