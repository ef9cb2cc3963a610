"""Poller: the browser asks for a batch's progress every 500 ms (FUN-BATCH-GEN-014), and is told of
what changes in between. Both come from one serializer.
"""

import asyncio

from nicegui import binding, ui

from batchgen_app.core.report import progress_of
from batchgen_app.core.state import BatchState
from batchgen_app.ui import words
from batchgen_app.ui.scripts import script

AT_MOST_EVERY = 0.1
"""Seconds between two tellings; the newest state wins."""


class Poller(ui.element, component=script("poller.js")):
    """A stage whose numbers the browser fetches and draws by itself: label, bars, time left, and
    whether the app answers. Slots: ``head`` above the numbers, ``beside`` the label, and below.
    """

    revision = binding.BindableProperty(on_change=lambda poller, _: poller.tell_soon())

    def __init__(self, batch: BatchState) -> None:
        super().__init__()
        self.props["address"] = f"/api/batches/{batch.batch_id}"
        self.props["first"] = progress_of(batch).to_json()
        self.props["words"] = words.PROGRESS
        self._batch = batch
        self._told_at = 0.0
        self._telling: asyncio.TimerHandle | None = None
        self.revision = batch.revision
        binding.bind_from(self, "revision", batch, "revision")

    def tell_soon(self) -> None:
        """Tell the browser what is new, unless that is about to happen."""
        if self._telling is None:
            loop = asyncio.get_running_loop()
            self._telling = loop.call_at(self._told_at + AT_MOST_EVERY, self._tell)

    def _tell(self) -> None:
        self._telling = None
        self._told_at = asyncio.get_running_loop().time()
        if not self.is_deleted:
            self.run_method("tell", progress_of(self._batch).to_json())
