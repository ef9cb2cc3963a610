"""What is said when a run of a batch ends: what became of it, and of the images that are left."""

from typing import Any

from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchEvent,
    BatchFailed,
    BatchInterrupted,
    ImageCancelled,
)
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import joined, later

CLOSED = later("BatchGen was closed.")
DIED = later("BatchGen stopped unexpectedly.")
ALL_SKIPPED = later("Every image was skipped.")


def last_words(
    batch: BatchState, stopped_because: str | None, *, only_begun: bool
) -> list[tuple[type[BatchEvent], dict[str, Any]]]:
    """The kinds of events and their fields; ``stopped_because`` somebody wanted the end."""
    unfinished = batch.unfinished
    if unfinished and stopped_because is not None:
        given_up = [(ImageCancelled, {"index": image.index}) for image in unfinished]
        return [*given_up, (BatchCancelled, {"because": stopped_because})]
    if unfinished:
        # What an earlier run began was not interrupted by the end of this one.
        return [(BatchInterrupted, {"because": DIED if only_begun else CLOSED})]
    if batch.pictures:
        return [(BatchCompleted, {})]
    if not batch.failed_images:
        return [(BatchCancelled, {"because": ALL_SKIPPED})]
    return [(BatchFailed, {"message": _why_all_failed(batch)})]


def _why_all_failed(batch: BatchState) -> str:
    reasons = dict.fromkeys(image.message for image in batch.images if image.message)
    return joined([later("Batch generation failed"), *filter(None, reasons)], "\n")
