"""Files and log of one batch: ``batch.json`` follows the log, and both are brought to one truth
after the app has died between the two, or somebody was at work in the folder.
"""

import asyncio
import logging

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.core.batch_file import document
from batchgen_app.core.events import ImageLost
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later
from batchgen_app.storage.folder_pictures import damage
from batchgen_app.storage.images import ImageStore

logger = logging.getLogger(__name__)


class BatchFiles:
    """``batch.json`` follows what happens to its batch."""

    def __init__(self, store: ImageStore) -> None:
        self._store = store
        self._turn = asyncio.Lock()
        self._latest: tuple[BatchState, int] | None = None
        """The running batch that was written last, and how many of its events were in that."""

    async def write(self, batch: BatchState) -> None:
        """See that the file holds what ``batch`` has come to by now. Raises StorageError."""
        events = batch.events
        async with self._turn:  # what is worked out last is written last, and once for all who wait
            if not self._has(batch, events):
                await self._write(batch)

    def _has(self, batch: BatchState, events: int) -> bool:
        return self._latest is not None and self._latest[0] is batch and self._latest[1] >= events

    async def _write(self, batch: BatchState) -> None:
        if batch.pictures:  # an unplugged drive leaves an empty place, which must stay empty
            self._store.expect(batch.batch_id)
        self._latest, events = None, batch.events
        content = await asyncio.to_thread(document, batch)
        await self._store.write_batch(batch.batch_id, content)
        self._latest = None if batch.ended else (batch, events)


class FileReconciler:
    """Tells the log what lies on disk, for batches that have begun and not ended. Both methods
    raise StorageError.
    """

    def __init__(self, recorder: EventRecorder, store: ImageStore) -> None:
        self._recorder = recorder
        self._store = store

    async def adopt(self, batch: BatchState) -> None:
        """Log whole pictures that lie there as finished, where the log has them still to come; and
        remove what a process that was killed in the middle of writing has left.
        """
        await self._store.sweep(batch.batch_id)
        for image in batch.unfinished:
            if stored := await self._store.find(batch.batch_id, image.index, image.seed):
                logger.info("Image %d is adopted: its file is there", image.index)
                await self._recorder.record(batch, image.completed(batch.batch_id, stored))

    async def miss(self, batch: BatchState) -> None:
        """Log pictures as lost whose files are gone or damaged. Not while the whole folder is gone,
        with its drive perhaps: that may come back.
        """
        if not await self._store.is_there(batch.batch_id):
            return
        for picture in batch.pictures:
            stored = await self._store.find(batch.batch_id, picture.index, picture.seed)
            if stored is None or stored.bytes != picture.bytes:
                await self._lose(batch, picture.index, picture.filename)

    async def _lose(self, batch: BatchState, index: int, filename: str) -> None:
        was_there = await self._store.set_aside(batch.batch_id, filename)
        logger.warning(
            "Image %d is lost: its file is %s", index, "damaged" if was_there else "gone"
        )
        event = ImageLost(
            at=self._recorder.now(),
            batch_id=batch.batch_id,
            index=index,
            message=_why_lost(filename, was_there=was_there),
        )
        await self._recorder.record(batch, event)


def _why_lost(filename: str, *, was_there: bool) -> str:
    if was_there:
        return damage(filename)
    return later("The file {name} is gone.", name=filename)
