"""LivePreview: the picture while it is being made, large."""

import asyncio

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.core.state import BatchState
from batchgen_app.ui import words
from batchgen_app.ui.previews import Previews
from batchgen_app.ui.scripts import script

EVERY = 0.1
"""Seconds between two frames for one browser; what comes faster is passed over."""


class LivePreview(ui.element, component=script("live_preview.js")):
    """The newest frame of a batch; without one the last finished picture, dimmed."""

    changed = BindableProperty(on_change=lambda preview, _: preview.renew())

    def __init__(self, previews: Previews, batch: BatchState) -> None:
        super().__init__()
        self._previews = previews
        self._batch = batch
        self._waits = False
        self._shown_at = 0.0
        self.props["alt"] = words.PREVIEW
        self.changed = (batch.preview, batch.completed_images)
        for field in ("preview", "completed_images"):
            binding.bind_from(
                self, "changed", batch, field, lambda _: (batch.preview, batch.completed_images)
            )
        self._show()

    def renew(self) -> None:
        """Show what is newest when the time has come."""
        if self._waits:
            return
        self._waits = True
        loop = asyncio.get_running_loop()
        loop.call_at(max(loop.time(), self._shown_at + EVERY), self._show)

    def _show(self) -> None:
        self._waits = False
        if self.is_deleted:
            return
        self._shown_at = asyncio.get_running_loop().time()
        frame, pictures = self._batch.preview, self._batch.pictures
        finished = pictures[-1].url if pictures else ""
        self.props["src"] = self._previews.address(frame) if frame else finished
        self.props["data-dimmed"] = str(frame is None).lower()
