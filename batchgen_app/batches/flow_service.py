"""FlowService: what people do with the batch whose turn it is, short of a cancel: they pause it,
skip an image, have it end early. The image being made is the one that pages show; what the server
has begun behind it is finished as well.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.runner import BatchRunner
from batchgen_app.core.errors import Conflict
from batchgen_app.core.events import BatchContinued, BatchFinishRequested, BatchPaused
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later

ENDED = later("This batch has ended.")
WAITS = later("This batch waits for its turn.")
RECOVERS = later(
    "Of this batch, only what the server had before BatchGen stopped is being fetched. "
    "Nothing more is begun."
)
ENDS = later("This batch ends with the image that is being made.")
NOTHING_MADE = later("No image of this batch is being made.")


@dataclass(frozen=True)
class _AtWork:
    """The batch whose turn it is, and who runs it."""

    batch: BatchState
    runner: BatchRunner

    @property
    def being_made(self) -> int:
        """The number of the image; 0 if there is none, and none is about to be sent."""
        if self.batch.paused or self.batch.current_image:
            return self.batch.current_image or 0
        return next((image.index for image in self.batch.unfinished), 0)

    @property
    def sent(self) -> int:
        """The same, if it was sent to the server; else 0."""
        current = self.batch.current_image
        is_sent = current and self.batch.image(current).status is ImageStatus.SUBMITTED
        return current if current and is_sent else 0


class FlowService:
    """Every method raises NotFound, Conflict where the batch is not the one at work, and
    StorageError; then nothing has happened. A wish is logged before it is fulfilled, and before the
    next one is looked at; after a crash the batch is as interrupted as any other.
    """

    def __init__(self, batch_service: BatchService, recorder: EventRecorder) -> None:
        self._batch_service = batch_service
        self._recorder = recorder
        self._turn = asyncio.Lock()

    async def pause(self, batch_id: str) -> BatchState:
        """Finish the image being made, then wait. The batch keeps its turn. Harmless if paused."""
        async with self._turn:
            at_work = await self._open(batch_id)
            last, batch = at_work.sent, at_work.batch
            if not batch.paused:
                await self._recorder.record_asked(batch, BatchPaused(**self._stamp(batch_id)))
                at_work.runner.flow.hold(last)
            return batch

    async def go_on(self, batch_id: str) -> BatchState:
        """Go on after a pause. Harmless if not paused."""
        async with self._turn:
            at_work = await self._open(batch_id)
            batch = at_work.batch
            if batch.paused:
                await self._recorder.record_asked(batch, BatchContinued(**self._stamp(batch_id)))
                at_work.runner.flow.go_on()
            return batch

    async def finish(self, batch_id: str, because: str) -> BatchState:
        """Finish the image being made, then end as if cancelled. Harmless if that was asked for."""
        async with self._turn:
            at_work = await self._at_work(batch_id)
            last, batch = at_work.being_made, at_work.batch
            if not batch.finishing:
                event = BatchFinishRequested(because=because, **self._stamp(batch_id))
                await self._recorder.record_asked(batch, event)
                at_work.runner.flow.finish(last, because)
            return batch

    async def skip(self, batch_id: str, because: str, index: int | None = None) -> BatchState:
        """Pass over the image being made, and go on with the next. With ``index``, only if it is
        that one: harmless where another one is made by now.
        """
        at_work = await self._at_work(batch_id)
        if not at_work.being_made:
            raise Conflict(NOTHING_MADE)
        await at_work.runner.skip(index, because)
        return at_work.batch

    async def _open(self, batch_id: str) -> _AtWork:
        at_work = await self._at_work(batch_id)
        if at_work.batch.finishing:
            raise Conflict(ENDS)
        return at_work

    async def _at_work(self, batch_id: str) -> _AtWork:
        batch = await self._batch_service.batch(batch_id)
        if batch.ended:
            raise Conflict(ENDED)
        runner = await self._batch_service.runner_at_work(batch_id)
        if runner is None:
            raise Conflict(WAITS)
        if runner.only_begun:
            raise Conflict(RECOVERS)
        return _AtWork(batch, runner)

    def _stamp(self, batch_id: str) -> dict[str, Any]:
        return {"at": self._recorder.now(), "batch_id": batch_id}
