"""The queue, visible: what waits, in which order, and buttons to change that. Where there are
several servers, also what is at work, and on which.
"""

from collections.abc import Sequence

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import translated
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.live import seen_here
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import (
    Following,
    icon_button,
    into_view,
    marked,
    own_direction,
    undoable,
)
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
        self._at_work: dict[str, RowAtWork] = {}
        with marked(ui.element("section"), "queue").classes("bg-queue") as self._box:
            self._title = Text("h2").classes("bg-queue-title")
            self._list_at_work = ui.element("ul").classes("bg-queue-list")
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
        waiting, running = self._queries.waiting, self._queries.all_running
        at_work = () if self._queries.server.is_one else running
        self._box.visible = bool(waiting) or len(at_work) > 1
        self._title.text = str(words.QUEUE_OF_SEVERAL if at_work else words.QUEUE)
        self._show_at_work(at_work)
        for batch_id in self._rows.keys() - {batch.batch_id for batch in waiting}:
            self._rows.pop(batch_id).delete()
        for place, batch in enumerate(waiting):
            row = self._rows.get(batch.batch_id) or self._new_row(batch)
            row.stand_at(place, is_last=place == len(waiting) - 1)

    def _show_at_work(self, running: Sequence[BatchState]) -> None:
        self._list_at_work.visible = bool(running)
        for batch_id in self._at_work.keys() - {batch.batch_id for batch in running}:
            self._at_work.pop(batch_id).delete()
        for batch in running:
            if batch.batch_id not in self._at_work:
                with self._list_at_work:
                    self._at_work[batch.batch_id] = RowAtWork(batch, self._context)

    def _new_row(self, batch: BatchState) -> "QueueRow":
        with self._list:
            self._rows[batch.batch_id] = QueueRow(batch, self)
        return self._rows[batch.batch_id]


def _because(why: str | None) -> None:
    if why:
        marked(ui.label(translated(why)).classes("bg-hint"), "queued-because")


class RowAtWork(ui.element):
    """One batch that is made on one of several servers: the way to it, and to another server."""

    def __init__(self, batch: BatchState, context: PageContext) -> None:
        super().__init__("li")
        self._batch = seen = seen_here(batch)
        self._context = context
        prompt = batch.request.prompt
        with marked(self, "at-work").classes("bg-queue-row"):
            ui.icon("play_arrow").classes("bg-queue-place").props["aria-hidden"] = "true"
            with ui.element("div").classes("bg-queue-what"):
                way = own_direction(ui.link(prompt, at(f"/batch/{batch.batch_id}")))
                way.classes("bg-one-line").props["title"] = prompt
                said = ui.label().classes("bg-hint")
                for field in ("server", "completed_images"):
                    said.bind_text_from(seen, field, lambda _: self._said())
                trouble = ui.label().classes("bg-hint bg-warned")
                trouble.bind_text_from(seen, "server_trouble", lambda s: translated(s or ""))
            move = icon_button("swap_horiz", str(words.MOVE), self._move)
            move.props["title"] = str(words.MOVE)
            marked(move, "queue-move").set_visibility(context.may(Verb.CANCEL))

    def _said(self) -> str:
        batch = self._batch
        name = self._context.queries.server.name_of(batch.server)
        return words.at_work(name, batch.completed_images, batch.total_images)

    async def _move(self) -> None:
        caller, batch_id = self._context.caller, self._batch.batch_id
        await tried(self._context.commands.hand_over(caller, batch_id, None))


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
                seen = seen_here(batch)
                Following(seen, ("waits_because",), lambda: seen.waits_because, _because)
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
