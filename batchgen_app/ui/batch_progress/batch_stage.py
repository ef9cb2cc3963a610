"""The stage of a batch: while it runs its progress, after its end the comparison."""

from nicegui import ui

from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.batch_progress.progress import progress
from batchgen_app.ui.comparison.comparison import comparison
from batchgen_app.ui.house import House
from batchgen_app.ui.live import seen_here
from batchgen_app.ui.parts.controls import headline
from batchgen_app.ui.parts.following import Following


def batch_stage(house: House, batch: BatchState) -> None:
    """Show one batch as it stands and as it goes on; changes its face by itself at every end and
    every resume.
    """

    seen = seen_here(batch)

    def build(face: str) -> None:
        {"running": progress, "ended": comparison, "deleted": _deleted}[face](house, seen)

    Following(seen, ("status", "deleted"), lambda: _face(seen), build).classes("bg-stage")


def _face(batch: BatchState) -> str:
    if batch.deleted:
        return "deleted"
    return "ended" if batch.ended else "running"


def _deleted(_: House, batch: BatchState) -> None:
    headline(batch.request.prompt)
    ui.label(str(words.BATCH_IN_TRASH)).classes("bg-muted")
