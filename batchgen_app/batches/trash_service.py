"""TrashService: what lies in the trash, and how to be rid of it for good.

Only what the log says is deleted is ever removed, and only from the trash. It is set aside in
one step, then logged as gone, then removed: whatever happens in between, nothing is half there.
What lies there and is not deleted, as far as the log knows, is left for a reindex.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import LifecycleError, NotFound, StorageError
from batchgen_app.core.events import TrashEmptied
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.core.tags import same
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.trash import Trash, Trashed

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class InTrash:
    """A deleted batch, or the deleted images of one; ``bytes`` is what they take on the disk."""

    batch: BatchState
    pictures: tuple[GeneratedImage, ...]
    bytes: int
    since: datetime

    @property
    def is_whole(self) -> bool:
        """Whether the batch itself was deleted."""
        return self.batch.deleted


class TrashService:
    """Looks into the trash in ``folder`` and empties it, in the same ``turn`` as ImageService.
    ``emptied``: there is nothing in it any more. Every method raises StorageError.
    """

    def __init__(
        self, batch_service: BatchService, recorder: EventRecorder, folder: Path, turn: asyncio.Lock
    ) -> None:
        self.emptied = Signal[[]]()
        self._batch_service = batch_service
        self._recorder = recorder
        self._folder = folder
        self._trash = Trash(folder)
        self._turn = turn
        self._emptying = asyncio.Lock()

    async def contents(self) -> list[InTrash]:
        """What can be had back, what was deleted last first."""
        async with self._turn:
            return await self._contents()

    async def tagged(self, tag: str) -> list[str]:
        """The ids of the pictures that have it, whatever its spelling."""
        wanted = same(tag)
        pictures = [one for entry in await self.contents() for one in entry.pictures]
        return [one.id for one in pictures if wanted in map(same, one.tags)]

    async def thumbnail(self, batch_id: str, index: int) -> bytes | None:
        """The thumbnail of a picture in the trash, if it has one; raises NotFound."""
        batch = await self._batch_service.batch(batch_id, even_deleted=True)
        return await self._in_thread(self._trash.thumbnail, batch.batch_id, index)

    async def empty(self) -> None:
        """Remove for good what can be had back now."""
        async with self._emptying:
            async with self._turn:
                await self._end_what_was_begun()
                for entry in await self._contents():
                    await self._let_go(entry.batch)
            # Logged as gone, it is nobody's any more: others need not wait while it is removed.
            await self._in_thread(self._trash.remove_set_aside)
        self.emptied.emit()

    async def finish(self) -> None:
        """At a start: end an emptying that was broken off. If that fails, a later one ends it."""
        async with self._emptying, self._turn:
            try:
                await self._end_what_was_begun()
            except StorageError as error:
                logger.warning("What was set aside in the trash is still there: %s", error)

    async def _contents(self) -> list[InTrash]:
        found = [await self._known(one) for one in await self._in_thread(self._trash.contents)]
        return [entry for entry in found if entry]

    async def _end_what_was_begun(self) -> None:
        """An app that died in the middle may not have said what it set aside."""
        for batch_id in await self._in_thread(self._trash.left_aside):
            if batch := await self._batch(batch_id):
                await self._say_gone(batch)
        await self._in_thread(self._trash.remove_set_aside)

    async def _let_go(self, batch: BatchState) -> None:
        await self._in_thread(self._trash.set_aside, batch.batch_id)
        try:
            await self._say_gone(batch)
        except StorageError:
            await self._in_thread(self._trash.put_back, batch.batch_id)
            raise

    async def _say_gone(self, batch: BatchState) -> None:
        event = TrashEmptied(at=self._recorder.now(), batch_id=batch.batch_id)
        await self._recorder.record_asked(batch, event)

    async def _known(self, trashed: Trashed) -> InTrash | None:
        batch = await self._batch(trashed.batch_id)
        if batch is None or batch.deleted != trashed.is_whole:
            return None
        deleted = {i.in_trash.filename: i.in_trash for i in batch.images if i.in_trash}
        # Something lies there that the log does not have as deleted: left for a reindex.
        if trashed.stems - {Path(name).stem for name in deleted}:
            return None
        alone = tuple(deleted[name] for name in sorted(trashed.filenames & deleted.keys()))
        pictures = batch.pictures if batch.deleted else alone
        return InTrash(batch, pictures, trashed.bytes, trashed.since)

    async def _batch(self, batch_id: str) -> BatchState | None:
        try:
            return await self._batch_service.batch(batch_id, even_deleted=True)
        except (NotFound, LifecycleError):
            return None

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        with in_words(self._folder):
            return await asyncio.to_thread(work, *arguments)
