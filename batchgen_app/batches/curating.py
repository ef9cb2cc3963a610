"""Curating: what people think of images, and what they throw away and want back.

What is deleted is first said to be deleted and then moved to the trash; what comes back is first
moved and then said to be back. So whatever the log shows is in its place at every moment. A file
that cannot be moved to the trash just now stays where it is, hidden; the next start moves it.
"""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from batchgen_app.batches.desk import Desk
from batchgen_app.batches.journal import Journal
from batchgen_app.core.batch import GeneratedImage, split_image_id
from batchgen_app.core.errors import Conflict, NotFound, StorageError
from batchgen_app.core.events import (
    BatchDeleted,
    BatchEvent,
    BatchRestored,
    Event,
    ImageDeleted,
    ImageFavourited,
    ImageRated,
    ImageRestored,
)
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later
from batchgen_app.storage.images import ImageStore

logger = logging.getLogger(__name__)


class Curator:
    """One thing at a time: what was checked still holds when it is logged. Every verb raises
    NotFound, and StorageError where nothing has happened. ``changed``: the batch of that id, or one
    of its images, was marked, deleted or restored.
    """

    def __init__(self, desk: Desk, journal: Journal, store: ImageStore, turn: asyncio.Lock) -> None:
        self.changed = Signal[[str]]()
        self._desk = desk
        self._journal = journal
        self._store = store
        self._turn = turn

    async def favourite(self, image_id: str, *, on: bool) -> GeneratedImage:
        """Mark an image, or take the mark away."""
        return await self._mark(image_id, ImageFavourited, favourite=on)

    async def rate(self, image_id: str, stars: int) -> GeneratedImage:
        """Give an image 1 to 5 stars, or take them away (0)."""
        return await self._mark(image_id, ImageRated, rating=stars)

    async def delete_image(self, image_id: str) -> None:
        """Put an image into the trash. Raises Conflict while its batch runs."""
        async with self._turn:
            batch, image = await self._planned(image_id)
            picture = _shown(image, image_id)
            _check_ended(batch)
            await self._record(batch, ImageDeleted, index=image.index)
            await _if_possible(self._store.throw_away_picture(batch.batch_id, picture.filename))

    async def restore_image(self, image_id: str) -> GeneratedImage:
        """Take an image out of the trash. Harmless if it is not there but in its place."""
        async with self._turn:
            batch, image = await self._planned(image_id)
            if lost := image.in_trash:
                if not await self._store.bring_back_picture(batch.batch_id, lost.filename):
                    raise NotFound(
                        later("The file {name} is gone from the trash.", name=lost.filename)
                    )
                await self._record(batch, ImageRestored, index=image.index)
            return _shown(batch.image(image.index), image_id)

    async def delete_batch(self, batch_id: str) -> None:
        """Put a whole batch into the trash. Raises Conflict while it runs."""
        async with self._turn:
            batch = await self._desk.batch(batch_id)
            _check_ended(batch)
            await self._record(batch, BatchDeleted)
            await _if_possible(self._store.throw_away_batch(batch_id))

    async def restore_batch(self, batch_id: str) -> BatchState:
        """Take a batch out of the trash. Harmless if it is not there but in its place."""
        async with self._turn:
            batch = await self._desk.batch(batch_id, even_deleted=True)
            if batch.deleted:
                if not await self._store.bring_back_batch(batch_id):
                    raise NotFound(
                        later("The folder of batch {id} is gone from the trash.", id=batch_id)
                    )
                await self._record(batch, BatchRestored)
            return batch

    async def _mark(self, image_id: str, kind: type[BatchEvent], **mark: Any) -> GeneratedImage:
        async with self._turn:
            batch, image = await self._planned(image_id)
            _shown(image, image_id)
            await self._record(batch, kind, index=image.index, **mark)
            return _shown(batch.image(image.index), image_id)

    async def _planned(self, image_id: str) -> tuple[BatchState, PlannedImage]:
        batch_id, index = split_image_id(image_id) or (image_id, 0)
        batch = await self._desk.batch(batch_id)
        if not 1 <= index <= batch.total_images:
            raise NotFound(later("There is no image {id}.", id=image_id))
        return batch, batch.image(index)

    async def _record(self, batch: BatchState, kind: type[BatchEvent], **fields: Any) -> None:
        event: Event = kind(at=self._journal.now(), batch_id=batch.batch_id, **fields)  # type: ignore[assignment]
        await self._journal.record_asked(batch, event)
        self.changed.emit(batch.batch_id)


def _shown(image: PlannedImage, image_id: str) -> GeneratedImage:
    if image.picture is None:
        raise NotFound(later("There is no image {id}.", id=image_id))
    return image.picture


def _check_ended(batch: BatchState) -> None:
    if not batch.ended:
        raise Conflict(later("This batch is still running. Cancel it first."))


async def _if_possible(move: Awaitable[None]) -> None:
    try:
        await move
    except StorageError as error:
        logger.warning("Not moved to the trash: %s", error)
