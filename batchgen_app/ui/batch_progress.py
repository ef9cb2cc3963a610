"""Watch it: the stage of a batch. While it runs its progress, after its end the comparison."""

from nicegui import ui

from batchgen_app.core.state import BatchState
from batchgen_app.ui import words
from batchgen_app.ui.comparison import comparison
from batchgen_app.ui.controls import button, headline, marked
from batchgen_app.ui.following import Following
from batchgen_app.ui.house import House
from batchgen_app.ui.keys import Keys
from batchgen_app.ui.live_preview import LivePreview
from batchgen_app.ui.poller import Poller
from batchgen_app.ui.thumbnails import thumbnail_row
from batchgen_app.ui.trouble import Trouble


def batch_stage(house: House, batch: BatchState) -> None:
    """Show one batch as it stands and as it goes on; changes its face by itself at every end and
    every resume.
    """

    def build(face: str) -> None:
        {"running": _progress, "ended": comparison, "deleted": _deleted}[face](house, batch)

    Following(batch, ("status", "deleted"), lambda: _face(batch), build).classes("bg-stage")


def _face(batch: BatchState) -> str:
    if batch.deleted:
        return "deleted"
    return "ended" if batch.ended else "running"


def _deleted(_: House, batch: BatchState) -> None:
    headline(batch.request.prompt)
    ui.label(words.BATCH_IN_TRASH).classes("bg-muted")


def _progress(house: House, batch: BatchState) -> None:
    cancelling = Cancelling(house, batch)
    with (
        Keys().on("escape", cancelling.ask),
        marked(Poller(batch), "batch-progress").classes("bg-watch") as poller,
    ):
        with poller.add_slot("head"), ui.element("div").classes("bg-watch-head"):
            headline(batch.request.prompt)
            cancelling.button()
        with poller.add_slot("beside"):
            _failed_count(batch)
        _screen(house, batch)
        thumbnail_row(house, batch)


def _failed_count(batch: BatchState) -> None:
    count = marked(ui.label(), "failed-count").classes("bg-failed-count")
    count.bind_text_from(batch, "failed_images", lambda failed: words.failed_count(len(failed)))
    count.bind_visibility_from(batch, "failed_images", bool)


def _screen(house: House, batch: BatchState) -> None:
    with ui.element("div").classes("bg-screen"):
        waiting = ui.label().classes("bg-waiting")
        waiting.bind_text_from(batch, "status", words.waiting_for_picture)
        marked(LivePreview(house.previews, batch), "live-preview").classes("bg-preview")
        _server_trouble(house, batch)


def _server_trouble(house: House, batch: BatchState) -> None:
    """Over the picture, so that nothing moves."""
    server, queue = house.workshop.server, house.workshop.queue

    async def retry() -> None:
        queue.ask_again()
        await server.look()

    def build(troubled: bool) -> None:  # noqa: FBT001 - what was picked
        if troubled:
            address, finished = server.client.address, batch.completed_images
            Trouble(retry).tell(words.SUBMIT_LOST, words.waiting_for_server(address, finished))
            ui.label().bind_text_from(batch, "server_trouble", lambda said: said or "")
        elif server.fault:  # the banner of the page has stepped aside for what stood here
            house.news.server_changed.emit()

    Following(batch, ("server_trouble",), lambda: bool(batch.server_trouble), build).classes(
        "bg-over"
    )


class Cancelling:
    """The way out of a running batch: one click, or Escape and an answer."""

    def __init__(self, house: House, batch: BatchState) -> None:
        self._desk = house.workshop.desk
        self._batch = batch
        self._button: ui.button | None = None

    def button(self) -> None:
        """Always in the same place; says that it is stopping until the batch has ended."""
        self._button = marked(button(words.CANCEL, self.stop), "cancel")

    async def stop(self) -> None:
        """Stop the batch; the stage changes its face when the server has let go."""
        if self._button:
            self._button.set_text(words.STOPPING)
            self._button.disable()
        await self._desk.cancel(self._batch.batch_id, because=words.BECAUSE_CANCELLED)

    async def ask(self) -> None:
        """Stop only if the person says so."""
        with ui.dialog() as dialog, ui.card().classes("bg-dialog").props("flat"):
            dialog.props["aria-label"] = words.STOP_QUESTION
            ui.label(words.STOP_QUESTION).classes("bg-dialog-title")
            ui.label(words.stop_consequence(self._batch.completed_images)).classes("bg-muted")
            with ui.element("div").classes("bg-buttons"):
                button(words.GO_ON, lambda: dialog.submit(None))
                button(words.STOP_IT, lambda: dialog.submit("stop"), main=True)
        if await dialog == "stop":
            await self.stop()
        if not dialog.is_deleted:  # as it is when the batch has ended meanwhile
            dialog.delete()
