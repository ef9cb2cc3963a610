"""ImageService: images are marked, rated, deleted and restored.

What is deleted is first logged as deleted and then moved to the trash; what comes back is first
moved and then logged as back. So whatever the log shows is in its place at every moment. A file
that cannot be moved to the trash just now stays where it is, hidden; the next start moves it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.core.batch import GeneratedImage, Marks
from batchgen_app.core.errors import Conflict, NotFound, StorageError
from batchgen_app.core.events import (
    BatchDeleted,
    BatchRestored,
    Event,
    ImageDeleted,
    ImageFavourited,
    ImageRated,
    ImageRejected,
    ImageRestored,
    ImageTagged,
)
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.limits import MAX_TAGS
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.core.tags import TagChange, Tags
from batchgen_app.language.message import later
from batchgen_app.storage.images import ImageStore

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Retagged:
    """An image whose tags were changed: those that it had ``before``, and those that it has."""

    image_id: str
    before: Tags
    tags: Tags
    is_in_trash: bool = False


class ImageService:
    """Does one thing at a time (``turn``): what was checked still holds when it is logged. Every
    method raises NotFound, or StorageError, and then nothing has happened. ``changed``: the batch
    of that id, or one of its images, was marked, deleted or restored.
    """

    def __init__(
        self,
        batch_service: BatchService,
        recorder: EventRecorder,
        store: ImageStore,
        turn: asyncio.Lock,
    ) -> None:
        self.changed = Signal[[str]]()
        self._batch_service = batch_service
        self._recorder = recorder
        self._store = store
        self._turn = turn

    async def mark(self, marks: Marks, *image_ids: str) -> list[GeneratedImage]:
        """Say what somebody thinks of images: of all of them, or of none."""
        async with self._turn:
            found = await self._all_shown(image_ids)
            await self._record(
                *((batch, event) for batch, image in found for event in self._marks(image, marks))
            )
            return [_shown(batch.image(image.index), image.id) for batch, image in found]

    async def tag(
        self, change: TagChange, *image_ids: str, wherever: bool = False
    ) -> list[Retagged]:
        """Change tags of all of these images, or of none; gives those that have others now. Raises
        NotFound where one is not there, Conflict where one would have too many. ``wherever`` they
        are: in the trash as well, and what is gone for good is passed over.
        """
        async with self._turn:
            found = await (self._all_kept if wherever else self._all_shown)(image_ids)
            new = [(b, image, change.of(image.tags)) for b, image in found]
            new = [(b, image, tags) for b, image, tags in new if tags != image.tags]
            _check_room(new)
            await self._record(
                *(
                    (b, ImageTagged(index=image.index, tags=tags, **self._stamp(b.batch_id)))
                    for b, image, tags in new
                )
            )
            return [
                Retagged(image.id, image.tags, tags, is_in_trash=not _is_shown(batch, image))
                for batch, image, tags in new
            ]

    async def delete_images(self, *image_ids: str) -> None:
        """Put images into the trash, all of them or none. Raises Conflict while a batch runs."""
        async with self._turn:
            found = await self._all_shown(image_ids)
            for batch, _ in found:
                _check_ended(batch)
            await self._record(
                *((b, ImageDeleted(index=i.index, **self._stamp(b.batch_id))) for b, i in found)
            )
            for batch, image in found:
                await _if_possible(self._store.throw_away_picture(batch.batch_id, image.filename))

    async def restore_image(self, image_id: str) -> GeneratedImage:
        """Take an image out of the trash. Harmless if it is not there but in its place."""
        async with self._turn:
            batch, image = await self._planned(image_id)
            if lost := image.in_trash:
                if not await self._store.bring_back_picture(batch.batch_id, lost.filename):
                    raise NotFound(
                        later("The file {name} is gone from the trash.", name=lost.filename)
                    )
                about = self._stamp(batch.batch_id)
                await self._record((batch, ImageRestored(index=image.index, **about)))
            return _shown(batch.image(image.index), image_id)

    async def delete_batch(self, batch_id: str) -> None:
        """Put a whole batch into the trash. Raises Conflict while it runs."""
        async with self._turn:
            batch = await self._batch_service.batch(batch_id)
            _check_ended(batch)
            await self._record((batch, BatchDeleted(**self._stamp(batch_id))))
            await _if_possible(self._store.throw_away_batch(batch_id))

    async def restore_batch(self, batch_id: str) -> BatchState:
        """Take a batch out of the trash. Harmless if it is not there but in its place."""
        async with self._turn:
            batch = await self._batch_service.batch(batch_id, even_deleted=True)
            if batch.deleted:
                if not await self._store.bring_back_batch(batch_id):
                    raise NotFound(
                        later("The folder of batch {id} is gone from the trash.", id=batch_id)
                    )
                await self._record((batch, BatchRestored(**self._stamp(batch_id))))
            return batch

    async def _all_shown(self, image_ids: Sequence[str]) -> list[tuple[BatchState, GeneratedImage]]:
        """Each once, and those of a batch with the same state of it."""
        batches: dict[str, BatchState] = {}
        found = []
        for image_id in dict.fromkeys(image_ids):
            batch, image = await self._planned(image_id)
            batch = batches.setdefault(batch.batch_id, batch)
            found.append((batch, _shown(image, image_id)))
        return found

    async def _all_kept(self, image_ids: Sequence[str]) -> list[tuple[BatchState, GeneratedImage]]:
        """The same of those that are there, also in the trash."""
        batches: dict[str, BatchState] = {}
        found = []
        for image_id in dict.fromkeys(image_ids):
            with suppress(NotFound):
                batch, image = await self._planned(image_id, even_deleted=True)
                batch = batches.setdefault(batch.batch_id, batch)
                if picture := image.picture or image.in_trash:
                    found.append((batch, picture))
        return found

    def _marks(self, image: GeneratedImage, marks: Marks) -> Iterator[Event]:
        """What is to be said of it, as far as it is new."""
        about = {"index": image.index, **self._stamp(image.batch_id)}
        if marks.favourite not in {None, image.favourite}:
            yield ImageFavourited(favourite=marks.favourite, **about)
        if marks.rating not in {None, image.rating}:
            yield ImageRated(rating=marks.rating, **about)
        if marks.rejected not in {None, image.rejected}:
            yield ImageRejected(rejected=marks.rejected, **about)
        if marks.tags not in {None, image.tags}:
            yield ImageTagged(tags=marks.tags, **about)

    def _stamp(self, batch_id: str) -> dict[str, Any]:
        return {"at": self._recorder.now(), "batch_id": batch_id}

    async def _planned(
        self, image_id: str, *, even_deleted: bool = False
    ) -> tuple[BatchState, PlannedImage]:
        batch_id, index = split_image_id(image_id) or ("", 0)
        if not batch_id:
            raise NotFound(later("There is no image {id}.", id=image_id))
        batch = await self._batch_service.batch(batch_id, even_deleted=even_deleted)
        if not 1 <= index <= batch.total_images:
            raise NotFound(later("There is no image {id}.", id=image_id))
        return batch, batch.image(index)

    async def _record(self, *happening: tuple[BatchState, Event]) -> None:
        await self._recorder.record_all_asked(happening)
        for batch_id in dict.fromkeys(batch.batch_id for batch, _ in happening):
            self.changed.emit(batch_id)


def _shown(image: PlannedImage, image_id: str) -> GeneratedImage:
    if image.picture is None:
        raise NotFound(later("There is no image {id}.", id=image_id))
    return image.picture


def _is_shown(batch: BatchState, image: GeneratedImage) -> bool:
    return not batch.deleted and batch.image(image.index).picture is not None


def _check_room(changed: Sequence[tuple[BatchState, GeneratedImage, Tags]]) -> None:
    for _, image, tags in changed:
        if len(tags) > MAX_TAGS:
            raise Conflict(
                later(
                    "Image {index} has {most} tags already, and no picture can have more. Nothing "
                    "was changed: take one of them away first, or choose without this picture.",
                    index=image.index,
                    most=MAX_TAGS,
                )
            )


def _check_ended(batch: BatchState) -> None:
    if not batch.ended:
        raise Conflict(later("This batch is still running. Cancel it first."))


async def _if_possible(move: Awaitable[None]) -> None:
    try:
        await move
    except StorageError as error:
        logger.warning("Not moved to the trash: %s", error)
