"""LivePreview: the picture while it is being made, large."""

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.core.state import BatchState
from batchgen_app.places import assets_dir
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.batch_progress.pace import Pace
from batchgen_app.ui.previews import Previews

EVERY = 0.1
"""Seconds between two frames for one browser; what comes faster is passed over."""


class LivePreview(ui.element, component=assets_dir() / "live_preview.js"):
    """The newest frame of a batch; without one the last finished picture, dimmed."""

    changed = BindableProperty(on_change=lambda preview, _: preview.pace.want())

    def __init__(self, previews: Previews, batch: BatchState) -> None:
        super().__init__()
        self.pace = Pace(EVERY, self._show)
        self._previews = previews
        self._batch = batch
        self.props["alt"] = str(words.PREVIEW)
        self.changed = self._seen()
        for field in ("preview", "completed_images"):
            binding.bind_from(self, "changed", batch, field, lambda _: self._seen())
        self._show()

    def _seen(self) -> tuple[object, int]:
        return self._batch.preview, self._batch.completed_images

    def _show(self) -> None:
        if self.is_deleted:
            return
        frame, pictures = self._batch.preview, self._batch.pictures
        finished = pictures[-1].url if pictures else ""
        self.props["src"] = self._previews.address(frame) if frame else finished
        self.props["data-dimmed"] = str(frame is None).lower()
