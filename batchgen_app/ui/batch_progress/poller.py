"""Poller: the browser asks for a batch's progress every 500 ms (FUN-BATCH-GEN-014), and is told of
what changes in between. Both come from one serializer.
"""

from nicegui import binding, ui

from batchgen_app.core.report import progress_of
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import each
from batchgen_app.places import assets_dir
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.batch_progress.pace import Pace

EVERY = 0.07
"""Seconds between two tellings: with the way to the page, less than a tenth."""
NUMBERS = (
    *("status", "images", "current_image", "current_step", "total_steps"),
    *(
        "estimated_seconds_remaining",
        "estimate_basis",
        "server_trouble",
        "prompts_ahead",
        "activity",
    ),
)
"""Fields that are told when they change. Not the preview: it comes just before its step, which then
would have to wait its turn.
"""


class Poller(ui.element, component=assets_dir() / "poller.js"):
    """A stage whose numbers the browser fetches and draws by itself: label, bars, time left, and
    whether the app answers. Slots: ``head`` above the numbers, ``beside`` the label, and below.
    """

    numbers = binding.BindableProperty(on_change=lambda poller, _: poller.pace.want())

    def __init__(self, batch: BatchState) -> None:
        super().__init__()
        self.pace = Pace(EVERY, self._tell)
        self._batch = batch
        self.props["address"] = f"/api/batches/{batch.batch_id}"
        self.props["first"] = progress_of(batch).to_json()
        self.props["words"] = each(words.PROGRESS)
        self.numbers = self._numbers()
        for field in NUMBERS:
            binding.bind_from(self, "numbers", batch, field, lambda _: self._numbers())

    def _numbers(self) -> list[object]:
        return [getattr(self._batch, field) for field in NUMBERS]

    def _tell(self) -> None:
        if not self.is_deleted:
            self.run_method("tell", progress_of(self._batch).to_json())
