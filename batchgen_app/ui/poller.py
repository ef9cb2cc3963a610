"""Poller: the browser asks for a batch's progress every 500 ms (FUN-BATCH-GEN-014)."""

from nicegui import ui

from batchgen_app.core.report import progress_of
from batchgen_app.core.state import BatchState
from batchgen_app.ui import words
from batchgen_app.ui.scripts import script


class Poller(ui.element, component=script("poller.js")):
    """A stage whose numbers the browser fetches and draws by itself: label, bars, time left, and
    whether the app answers. Slots: ``head`` above the numbers, ``beside`` the label, and below.
    """

    def __init__(self, batch: BatchState) -> None:
        super().__init__()
        self.props["address"] = f"/api/batches/{batch.batch_id}"
        self.props["first"] = progress_of(batch).to_json()
        self.props["words"] = words.PROGRESS
