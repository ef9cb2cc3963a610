"""Which images a resume makes, and what happens then."""

from collections.abc import Sequence
from datetime import datetime

from batchgen_app.core.errors import Conflict
from batchgen_app.core.events import BatchResumed, Event, ImageCancelled
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later

WORKFLOW_UNKNOWN = later(
    "The workflow of this batch is not known: it was rebuilt from pictures that do not carry it. "
    "Make a new batch with these settings."
)


def missing_images(batch: BatchState, only: Sequence[int] | None) -> list[int]:
    """What a resume would make; raises Conflict if that is nothing, or not now."""
    if not batch.ended:
        raise Conflict(later("This batch is still running."))
    missing = [image.index for image in batch.missing if only is None or image.index in only]
    if not missing:
        raise Conflict(later("No image of this batch is missing."))
    if not batch.workflow:
        raise Conflict(WORKFLOW_UNKNOWN)
    return missing


def resumed(batch: BatchState, missing: list[int], now: datetime) -> list[Event]:
    """An interruption leaves images open; those that are not wanted now are not made along."""
    batch_id = batch.batch_id
    given_up = [image.index for image in batch.unfinished if image.index not in missing]
    return [
        *(ImageCancelled(at=now, batch_id=batch_id, index=index) for index in given_up),
        BatchResumed(at=now, batch_id=batch_id, missing=missing),
    ]
