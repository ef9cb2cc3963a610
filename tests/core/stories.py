"""Events of one batch, told briefly; each happens a second after the one before."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from batchgen_app.core.batch import Parameters, Versions
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchEvent,
    BatchFailed,
    BatchQueued,
    BatchResumed,
    BatchStarted,
    Event,
    ImageCompleted,
    ImageFailed,
    ImageSubmitted,
)
from batchgen_app.core.passing import Passing
from batchgen_app.core.state import BatchState
from tests.core.asking import asked

BATCH_ID = "20261122-141500-000000-9f3a"
EXPECTED_SECONDS = 8.0
KindOfEvent = TypeVar("KindOfEvent", bound=BatchEvent)

_seconds = count()


def happened(kind: type[KindOfEvent], **fields: Any) -> KindOfEvent:
    """An event of the batch, now."""
    now = datetime(2026, 11, 22, 14, 15, tzinfo=UTC) + timedelta(seconds=next(_seconds))
    return kind(**{"at": now, "batch_id": BATCH_ID, **fields})


def queued(images: int = 3) -> BatchQueued:
    """A batch of ``images`` images with the seeds 101, 102, …"""
    return happened(
        BatchQueued,
        request=asked(batchCount=images, negativePrompt="blurry"),
        seeds=[100 + index for index in range(1, images + 1)],
        workflow={"1": {"class_type": "KSampler", "inputs": {"seed": 101}}},
        parameters=Parameters(model="dreams.ckpt", steps=20, width=64, height=64),
    )


def started() -> BatchStarted:
    """The runner took the batch up."""
    return happened(BatchStarted, versions=Versions(app="0.1.0", server="0.3.64"))


def submitted(index: int) -> ImageSubmitted:
    """An image was sent to the server."""
    return happened(ImageSubmitted, index=index, prompt_id=f"prompt-{index}", seed=100 + index)


def completed(index: int, seconds: float | None = 4.0) -> ImageCompleted:
    """An image is on disk."""
    return happened(
        ImageCompleted,
        index=index,
        seed=100 + index,
        filename=f"{index:03d}_{100 + index}.png",
        width=64,
        height=64,
        bytes=1234,
        sha256="0" * 64,
        seconds=seconds,
    )


def failed(index: int, message: str = "Out of memory") -> ImageFailed:
    """An image could not be made."""
    return happened(ImageFailed, index=index, message=message)


def cancelled(because: str = "Cancelled by the user") -> BatchCancelled:
    """Somebody stopped the batch."""
    return happened(BatchCancelled, because=because)


def resumed(*missing: int) -> BatchResumed:
    """What is missing is made after all."""
    return happened(BatchResumed, missing=list(missing))


def all_done() -> BatchCompleted:
    """Every image was tried, at least one was made."""
    return happened(BatchCompleted)


def all_failed(message: str = "Batch generation failed") -> BatchFailed:
    """Every image was tried, none was made."""
    return happened(BatchFailed, message=message)


def batch_after(*events: Event | Passing, images: int = 3) -> BatchState:
    """A batch of ``images`` images to which ``events`` have happened."""
    batch = BatchState.queued(queued(images), EXPECTED_SECONDS)
    for event in events:
        batch.apply(event)
    return batch
