"""What is said when a run of a batch ends: what became of it, and of the images that are left."""

import logging
from typing import Any

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.retry import Retry
from batchgen_app.batches.stopping import Stop
from batchgen_app.core.errors import InUse, StorageError
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchEvent,
    BatchFailed,
    BatchInterrupted,
    Event,
    ImageCancelled,
)
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import joined, later

logger = logging.getLogger(__name__)

CLOSED = later("BatchGen was closed.")
DIED = later("BatchGen stopped unexpectedly.")
ALL_SKIPPED = later("Every image was skipped.")


class LastWords:
    """Those of a run of ``batch``: ``stop`` knows whether somebody wanted its end. With
    ``only_begun``, it has only followed what an earlier run had begun.
    """

    def __init__(
        self,
        batch: BatchState,
        recorder: EventRecorder,
        retry: Retry,
        stop: Stop,
        *,
        only_begun: bool,
    ) -> None:
        self._batch = batch
        self._recorder = recorder
        self._retry = retry
        self._stop = stop
        self._only_begun = only_begun

    async def say(self) -> None:
        """That all images are accounted for; tried again while the disk is in trouble."""
        words = self._words()
        await self._retry.store(lambda: self._recorder.record(self._batch, *words))

    async def break_off(self) -> None:
        """That the batch ends here, unless it has ended, without waiting for anything."""
        if self._batch.ended:
            return
        words = self._words()
        try:
            await self._recorder.record(self._batch, *words)
        except InUse:
            self._recorder.owe(self._batch, *words)
        except StorageError as error:
            await self.interrupt(str(error))

    async def interrupt(self, because: str) -> None:
        """That it is over, in the log if that can still be written, else at least on screen."""
        if self._batch.ended:
            return
        event = self._recorder.event_of(self._batch, BatchInterrupted, because=because)
        try:
            await self._recorder.record(self._batch, event)
        except StorageError:
            logger.exception("The interruption itself could not be logged")
            self._recorder.owe(self._batch, event)

    def _words(self) -> list[Event]:
        told = _told(self._batch, self._stop.because, only_begun=self._only_begun)
        return [self._recorder.event_of(self._batch, kind, **fields) for kind, fields in told]


def _told(
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
