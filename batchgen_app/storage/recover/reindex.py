"""Reindex: what the batch folders hold comes back into log and gallery.

The log wins over a folder that says what the log said earlier. A folder that says something else
knows more: the log was lost, or is an older copy. Nothing is removed; a second run changes
nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress

from batchgen_app.core.batch import BatchStatus, GeneratedImage
from batchgen_app.core.batch_file import MADE, BatchFile, ImageRecord, PictureRecord, document
from batchgen_app.core.batch_file_events import events_between
from batchgen_app.core.errors import DiskTrouble, StorageError
from batchgen_app.core.events import Event, ImageCompleted
from batchgen_app.core.planned import UNFINISHED, ImageStatus, PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.progress import ProgressCallback, ReindexReport, each, silent
from batchgen_app.storage.recover.folder_state import (
    SENSELESS,
    FolderReader,
    FolderState,
    file_in,
    replayed,
    told_by,
)

READING = "The batch folders are read"
AT_ONCE = 50
"""Batches that are looked at before anything is done about one of them."""
UNTRIED = frozenset({*UNFINISHED, ImageStatus.CANCELLED})


async def reindex(
    log: EventLog,
    gallery: GalleryIndex,
    store: ImageStore,
    locks: Locks,
    progress: ProgressCallback = silent,
) -> ReindexReport:
    """Complete the log from the folders, then make the gallery anew. Batches that somebody works on
    are left alone.

    Raises StorageError where log or folders cannot be written; a folder that makes no sense is a
    problem in the report.
    """
    restorer = Restorer(log, store, locks)
    known = sorted({*await log.batch_ids(), *await store.batch_ids()})
    in_order: Mapping[str, BatchState | None] = {}
    for place, batch_id in enumerate(each(known, progress, READING)):
        if place % AT_ONCE == 0:
            in_order = await restorer.in_order(known[place : place + AT_ONCE])
        if batch := in_order[batch_id]:
            restorer.count_whole(batch)
        else:
            await restorer.restore(batch_id)
    await gallery.clear()
    await gallery.catch_up(log, progress)
    return restorer.report


class Restorer:
    """Goes from batch to batch and writes its ``report``."""

    def __init__(self, log: EventLog, store: ImageStore, locks: Locks) -> None:
        self._log = log
        self._store = store
        self._locks = locks
        self._reader = FolderReader(store)
        self.report = ReindexReport()
        self.unread: set[str] = set()
        """Batches whose folders may be read another time."""

    async def is_behind(self, batch_id: str) -> bool:
        """Whether the log has lost something that the batch's own file knows, or that file cannot
        be read.
        """
        logged = [entry.event for entry in await self._log.of_batch(batch_id)]
        try:
            return bool(told_by(await self._reader.file(batch_id), logged))
        except SENSELESS:
            return True

    async def file(self, batch_id: str) -> BatchFile | None:
        """What stands in the batch's folder, if that can be read."""
        with suppress(*SENSELESS):
            return await self._reader.file(batch_id)
        return None

    async def finish_moves(self, batch_id: str) -> None:
        """Put the files of a batch where the log says. Raises StorageError."""
        if await self._locks.take(batch_id):
            try:
                if batch := await self._log.state(batch_id):
                    await _put_in_place(self._store, batch)
            finally:
                await self._locks.let_go(batch_id)

    async def in_order(self, batch_ids: Sequence[str]) -> dict[str, BatchState | None]:
        """Of these batches those that nobody works on, where log and folder say the same, and whose
        pictures are all there: so it is with nearly all, and then there is nothing to bring
        together. None for the others.
        """
        return await self._log.of_batches(batch_ids, self._if_in_order)

    def count_whole(self, batch: BatchState) -> None:
        """Add one that is in order to the report."""
        self._add(batch, [], is_new=False)

    async def restore(self, batch_id: str) -> None:
        """Bring log and folder of one batch together."""
        if not await self._locks.take(batch_id):
            self._problem(batch_id, "another BatchGen works on it, so it was left alone.")
            return
        try:
            await self._restore(batch_id)
        finally:
            await self._locks.let_go(batch_id)

    async def _restore(self, batch_id: str) -> None:
        logged = [entry.event for entry in await self._log.of_batch(batch_id)]
        try:
            await self._store.sweep(batch_id)
            told = await self._reader.state_of(batch_id, logged)
            adopted = await self._adopted([*logged, *told.events])
            await self._put_aside(batch_id, told.damaged)
            restored = [await self._with_checksum(event) for event in (*told.events, *adopted)]
            batch = replayed([*logged, *restored])
            # What cannot be written is met here, as a fault of this folder alone.
            await asyncio.to_thread(lambda: [event.model_dump_json() for event in restored])
        except SENSELESS as error:
            self._cannot_be_read(batch_id, error)
            return
        await self._log.append_all(restored)
        if batch is None:
            lost = "it has no readable batch.json, and the log does not know it."
            self._problem(batch_id, told.fault or lost)
        else:
            await self._tidy(batch)
            await self._count(batch, restored, is_new=not logged)
            await self._write(batch, told, is_stale=bool(adopted) or not told.is_right)

    def _if_in_order(self, batch_id: str, logged: list[Event]) -> BatchState | None:
        with suppress(*SENSELESS):
            batch = replayed(logged) if self._locks.is_free(batch_id) else None
            if batch is None or batch.deleted:
                return None
            made = [image.picture for image in batch.images if image.picture]
            lengths = {picture.filename: picture.bytes for picture in made}
            file = file_in(self._store.read_document(batch_id), batch_id)
            if len(made) == batch.total_images and file == BatchFile.of(batch):
                return batch if self._store.holds(batch_id, lengths) else None
        return None

    def _cannot_be_read(self, batch_id: str, error: Exception) -> None:
        if isinstance(error, DiskTrouble):
            self.unread.add(batch_id)
        about = "" if isinstance(error, StorageError) else "its records make no sense: "
        self._problem(batch_id, f"{about}{error}")

    async def _put_aside(self, batch_id: str, damaged: tuple[str, ...]) -> None:
        for name in damaged:
            await self._store.set_aside(batch_id, name)
            self._problem(batch_id, folder_pictures.damage(name))

    async def _adopted(self, known: list[Event]) -> list[Event]:
        """Events for whole pictures that lie there and that nothing speaks of."""
        batch = replayed(known)
        if batch is None or batch.deleted:
            return []
        pictures = {
            image.index: picture
            for image in batch.images
            if image.status not in MADE and (picture := await self._lying_there(batch, image))
        }
        return events_between(batch, _with_pictures(batch, pictures)) if pictures else []

    async def _lying_there(self, batch: BatchState, image: PlannedImage) -> PictureRecord | None:
        stored = await self._store.find(batch.batch_id, image.index, image.seed)
        if stored is None:
            return None
        return folder_pictures.record(stored)

    async def _with_checksum(self, event: Event) -> Event:
        if not isinstance(event, ImageCompleted):
            return event
        checksum = await self._store.checksum(event.batch_id, event.filename)
        return event.model_copy(update={"sha256": checksum or ""})

    async def _tidy(self, batch: BatchState) -> None:
        """Put the files where the log says: the app may have died in the middle of a move."""
        try:
            await _put_in_place(self._store, batch)
        except StorageError as error:
            self._problem(batch.batch_id, str(error))

    async def _count(self, batch: BatchState, restored: list[Event], *, is_new: bool) -> None:
        self._add(batch, restored, is_new=is_new)
        if batch.deleted or not batch.pictures:
            return
        if not await self._store.is_there(batch.batch_id):
            self.report.without_folder += 1
            self._problem(batch.batch_id, "its folder is missing, and its pictures with it.")
            return
        for picture in batch.pictures:
            await self._look_at(picture)

    def _add(self, batch: BatchState, restored: list[Event], *, is_new: bool) -> None:
        report = self.report
        report.batches += 1
        report.images += len(batch.pictures)
        report.restored_batches += is_new
        report.restored_images += sum(isinstance(event, ImageCompleted) for event in restored)
        if restored:
            report.behind += 1
            report.images_behind += len(batch.pictures)

    async def _look_at(self, picture: GeneratedImage) -> None:
        about, name = picture.batch_id, picture.filename
        length = await self._store.size(about, name)
        if length is None:
            self._problem(about, f"the picture {name} is missing.")
        elif length != picture.bytes and await self._store.is_damaged(about, name, picture.bytes):
            self._problem(about, f"the picture {name} is damaged.")

    async def _write(self, batch: BatchState, told: FolderState, *, is_stale: bool) -> None:
        """Let the folder know what the log knows, where there is a folder. A file of it that cannot
        be used is kept.
        """
        batch_id = batch.batch_id
        if told.is_rebuilt:
            self.report.rebuilt.append(batch_id)
        if is_stale and batch_id in await self._store.batch_ids():
            try:
                kept = await self._store.set_aside_document(batch_id) if told.fault else ""
                await self._store.write_batch(batch_id, document(batch))
            except StorageError as error:
                self._problem(batch_id, str(error))
            else:
                self._tell_kept(batch_id, told.fault, kept)

    def _tell_kept(self, batch_id: str, fault: str, kept: str) -> None:
        if fault:
            self._problem(batch_id, f"{fault.removesuffix('.')}. It is kept as {kept}.")

    def _problem(self, batch_id: str, words: str) -> None:
        self.report.problems.append(f"Batch {batch_id}: {words}")


async def _put_in_place(store: ImageStore, batch: BatchState) -> None:
    if batch.deleted:
        await store.throw_away_batch(batch.batch_id)
        return
    await store.bring_back_batch(batch.batch_id)
    for image in batch.images:
        if image.in_trash:
            await store.throw_away_picture(batch.batch_id, image.in_trash.filename)
        elif image.picture:
            await store.bring_back_picture(batch.batch_id, image.picture.filename)


def _with_pictures(batch: BatchState, pictures: dict[int, PictureRecord]) -> BatchFile:
    """The batch as if these pictures had come when they were made."""
    file = BatchFile.of(batch)
    records = [_with_picture(record, pictures.get(record.index)) for record in file.image_records]
    is_complete = not any(record.status in UNTRIED for record in records)
    status = BatchStatus.COMPLETE if is_complete else file.status
    return file.model_copy(update={"image_records": records, "status": status})


def _with_picture(record: ImageRecord, picture: PictureRecord | None) -> ImageRecord:
    if picture is None:
        return record
    return record.model_copy(update={"status": ImageStatus.COMPLETED, "picture": picture})
