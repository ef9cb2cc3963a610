"""ImageService: images are marked, rated, deleted and restored. TrashService: what lies in the
trash, and how to be rid of it for good.

What is deleted is first logged as deleted and then moved to the trash; what comes back is first
moved and then logged as back. So whatever the log shows is in its place at every moment. A file
that cannot be moved to the trash just now stays where it is, hidden; the next start moves it.

Only what the log says is deleted is ever removed, and only from the trash. It is set aside in
one step, then logged as gone, then removed: whatever happens in between, nothing is half there.
What lies there and is not deleted, as far as the log knows, is left for a reindex.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.core.batch import GeneratedImage, Marks
from batchgen_app.core.errors import Conflict, LifecycleError, NotFound, StorageError
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
    TrashEmptied,
)
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.limits import MAX_TAGS
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.core.tags import TagChange, Tags, same
from batchgen_app.language.message import later
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.trash import Trash, Trashed

logger = logging.getLogger(__name__)

T = TypeVar("T")


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
