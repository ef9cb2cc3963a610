"""What became of an image that gave no picture: it failed, was passed over or taken back."""

import logging
from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar

from batchgen_app import logs
from batchgen_app.batches.image_job import ImageJob, Skipped
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.submissions import Stopped
from batchgen_app.core.errors import (
    BatchGenError,
    DiskTrouble,
    ExecutionFailed,
    ImageError,
    PromptRefused,
    ServerError,
)
from batchgen_app.core.events import BatchEvent, ImageFailed, ImageSkipped, ImageWithdrawn
from batchgen_app.core.planned import UNFINISHED, ImageStatus
from batchgen_app.core.state import BatchState

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Record(Protocol):
    """Has an event of this kind happen to the batch; raises StorageError."""

    async def __call__(self, kind: type[BatchEvent], **fields: Any) -> None:
        """With these fields."""


class Outcomes:
    """Those of the images of ``batch``, put down by ``record``; ``stop``: the wish that it ends."""

    def __init__(self, batch: BatchState, stop: Stop, record: Record) -> None:
        self._batch = batch
        self._stop = stop
        self._record = record

    async def attempt(self, index: int, work: Awaitable[T]) -> T | None:
        """The result of ``work``, or None after recording why image ``index`` failed. An image
        given up because of a stop stays unfinished.
        """
        with logs.about(image=index):
            try:
                return await work
            except (Stopped, TimeoutError, DiskTrouble):
                return None
            except Skipped as skipped:
                await self.skip(index, skipped.because)
                return None
            except (ImageError, ServerError) as error:
                await self._fail(index, error)
                return None

    async def skip(self, index: int, because: str) -> None:
        """Somebody passed it over, unless it was finished meanwhile."""
        if self._batch.image(index).status in UNFINISHED:
            await self._record(ImageSkipped, index=index, because=because)

    async def withdraw(self, job: ImageJob) -> None:
        """One that was taken back before the server began with it is still to come."""
        is_out = self._batch.image(job.index).status is ImageStatus.SUBMITTED
        if is_out and job.is_taken_back and not self._stop.requested:
            await self._record(ImageWithdrawn, index=job.index)

    async def _fail(self, index: int, error: BatchGenError) -> None:
        """What the server says may repeat the prompt, so it is not logged."""
        logger.warning("The image failed: %s", type(error).__name__)
        await self._record(ImageFailed, index=index, message=str(error), details=_details(error))


def _details(error: BatchGenError) -> Any:
    return error.details if isinstance(error, ExecutionFailed | PromptRefused) else None
