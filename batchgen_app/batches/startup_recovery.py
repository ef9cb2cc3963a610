"""Recovery: what the app left unfinished when it died is brought to one truth, at the next start.

What the disk knows is settled at once. What the server may still have is followed on from the
queue, as soon as the server answers. The rest is interrupted, and can be resumed.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.reconcile_files import FileReconciler
from batchgen_app.core.batch_file import document
from batchgen_app.core.errors import LifecycleError, StorageError
from batchgen_app.core.lifecycle import State
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later
from batchgen_app.storage.storage import Storage

logger = logging.getLogger(__name__)

LAST_WORDS = 20
"""Events at the log's end that may not have reached the batch's own file."""


@dataclass(frozen=True)
class Unfinished:
    """A batch that had not ended, and how many of its images were known to be made."""

    batch: BatchState
    made_before: int

    @property
    def made_meanwhile(self) -> int:
        """Images that turned out to be made."""
        return max(0, self.batch.completed_images - self.made_before)

    @property
    def on_server(self) -> int:
        """Images that the server may still have."""
        if self.batch.ended:
            return 0
        return sum(image.status is ImageStatus.SUBMITTED for image in self.batch.images)

    @property
    def missing(self) -> int:
        """Images that a resume would make."""
        return len(self.batch.missing) - self.on_server


class Recovery:
    """Of one start. Batches that another process works on are left alone."""

    def __init__(
        self,
        batch_service: BatchService,
        queue: BatchQueue,
        storage: Storage,
        reconciler: FileReconciler,
    ) -> None:
        self._batch_service = batch_service
        self._queue = queue
        self._storage = storage
        self._reconciler = reconciler
        self.found: list[Unfinished] = []

    async def begin(self) -> None:
        """Before the queue begins to work. Raises StorageError where the log cannot be read."""
        for batch_id in await self._storage.log.unended():
            if await self._storage.locks.take(batch_id):
                await self._recover(batch_id)
        await self._complete_files()

    @property
    def sentence(self) -> str:
        """What a person is told about it, as it stands now; empty if there is nothing to say."""
        left = [found for found in self.found if self._is_left(found.batch)]
        return sentence_about(left) if left else ""

    def _is_left(self, batch: BatchState) -> bool:
        """Whether nobody has resumed it yet."""
        return batch.ended or self._queue.recovers(batch.batch_id)

    async def _recover(self, batch_id: str) -> None:
        try:
            batch = await self._batch_service.batch(batch_id, even_deleted=True)
        except LifecycleError:
            logger.exception("Batch %s is left alone: its events contradict", batch_id)
            return
        self.found.append(Unfinished(batch, batch.completed_images))
        await self._settle_files(batch)
        await self._settle_prompts(batch)

    async def _settle_files(self, batch: BatchState) -> None:
        """Where the disk does not answer, a resume looks again."""
        try:
            await self._storage.store.sweep(batch.batch_id)
            if batch.state is not State.QUEUED_FOR_GENERATION:
                await self._reconciler.miss(batch)
                await self._reconciler.adopt(batch)
        except StorageError:
            logger.exception("The files of batch %s cannot be looked at", batch.batch_id)

    async def _settle_prompts(self, batch: BatchState) -> None:
        runner = self._batch_service.recover(batch)
        is_on_server = any(image.status is ImageStatus.SUBMITTED for image in batch.images)
        if is_on_server or (batch.is_to_be_proved and not batch.unfinished):
            self._queue.line_up(batch, runner.server, lambda _: runner, is_bound=True)
        else:
            await runner.break_off()

    async def _complete_files(self) -> None:
        """The log is written first: of its last events, a batch's own file may not know yet."""
        end = await self._storage.log.end()
        for batch_id in await self._storage.log.batch_ids(after=end - LAST_WORDS):
            try:
                await self._complete_file(batch_id)
            except (LifecycleError, StorageError):
                logger.exception("The file of batch %s is left as it is", batch_id)

    async def _complete_file(self, batch_id: str) -> None:
        """Unless it belongs to a batch that goes on, here or in another process."""
        batch = await self._batch_service.batch(batch_id, even_deleted=True)
        known = await self._storage.store.document(batch_id)
        content = await asyncio.to_thread(document, batch)
        if batch.ended and known and known != content:
            await self._storage.store.write_batch(batch_id, content)


def sentence_about(found: Sequence[Unfinished]) -> str:
    """One sentence about batches that the app left unfinished when it died."""
    what = _open_ends(_safe(found), found)
    if len(found) == 1:
        return later("BatchGen stopped in the middle of a batch: {what}.", what=what)
    count = len(found)
    return later(
        "BatchGen stopped in the middle of {count} batches: {what}.", count=count, what=what
    )


def _safe(found: Sequence[Unfinished]) -> str:
    total = sum(each.batch.total_images for each in found)
    made = sum(each.batch.completed_images for each in found)
    if not made:
        return later("none of the {total} images was finished yet, so nothing is lost", total=total)
    safe = later("{made} of {total} images are safe", made=made, total=total)
    finished = sum(each.made_meanwhile for each in found)
    if finished:
        return later("{safe} ({count} of them finished meanwhile)", safe=safe, count=finished)
    return safe


def _open_ends(safe: str, found: Sequence[Unfinished]) -> str:
    on_server = sum(each.on_server for each in found)
    missing = sum(each.missing for each in found)
    if on_server:
        safe = later("{safe}, {n} may still be coming from the server", safe=safe, n=on_server)
    if missing == 1:
        return later("{safe}; the missing image can be made", safe=safe)
    return later("{safe}; the missing {n} can be made", safe=safe, n=missing) if missing else safe
