"""Watch it: a batch while it runs."""

from nicegui import ui

from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import told
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.batch_progress.cancelling import Cancelling
from batchgen_app.ui.batch_progress.live_preview import LivePreview
from batchgen_app.ui.batch_progress.poller import Poller
from batchgen_app.ui.batch_progress.thumbnails import thumbnail_row
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import headline, marked
from batchgen_app.ui.parts.following import Following
from batchgen_app.ui.parts.keys import Keys
from batchgen_app.ui.parts.trouble import Trouble


def progress(house: House, batch: BatchState) -> None:
    """Its numbers, the picture that is being made, the row of thumbnails, the way out."""
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
    count.bind_text_from(batch, "failed_images", lambda failed: common.failed_count(len(failed)))
    count.bind_visibility_from(batch, "failed_images", bool)


def _screen(house: House, batch: BatchState) -> None:
    with ui.element("div").classes("bg-screen"):
        waiting = ui.label().classes("bg-waiting")
        waiting.bind_text_from(batch, "status", words.waiting_for_picture)
        waiting.bind_visibility_from(batch, "completed_images", value=0)
        marked(LivePreview(house.previews, batch), "live-preview").classes("bg-preview")
        _server_trouble(house, batch)


def _reason(batch: BatchState) -> None:
    ui.label().bind_text_from(batch, "server_trouble", lambda said: told(said or ""))


def _server_trouble(house: House, batch: BatchState) -> None:
    """Over the picture, so that nothing moves."""

    async def retry() -> None:
        await house.commands.look_at_server(house.caller)

    def build(troubled: bool) -> None:  # noqa: FBT001 - what was picked
        if troubled:
            address, finished = house.queries.server.address, batch.completed_images
            trouble = Trouble(retry).classes("bg-over")
            said = words.waiting_for_server(address, finished)
            trouble.tell(str(common.SUBMIT_LOST), said, below=lambda: _reason(batch))

    Following(batch, ("server_trouble",), lambda: bool(batch.server_trouble), build)
