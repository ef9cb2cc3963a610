"""Reindex: what the batch folders hold comes back into log and gallery.

The log wins over a folder, unless the folder knows of pictures or of an end that the log does not:
then the log was lost, or is an older copy. Nothing is removed; a second run changes nothing.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.batch_file import (
    MADE,
    BatchFile,
    ImageRecord,
    PictureRecord,
    document,
    events_between,
    events_of,
)
from batchgen_app.core.errors import InvalidRequest, LifecycleError, StorageError
from batchgen_app.core.events import Event, ImageCompleted
from batchgen_app.core.state import UNFINISHED, BatchState, ImageStatus
from batchgen_app.storage.event_log import EventLog, replay
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore

UNTRIED = frozenset({*UNFINISHED, ImageStatus.CANCELLED})


@dataclass
class ReindexReport:
    """What there is, what of it had to be restored, and problems in words for a person."""

    batches: int = 0
    images: int = 0
    restored_batches: int = 0
    restored_images: int = 0
    problems: list[str] = field(default_factory=list)


async def reindex(log: EventLog, gallery: GalleryIndex, store: ImageStore) -> ReindexReport:
    """Complete the log from the folders, then make the gallery anew. Not while a batch runs.

    Raises StorageError where log or folders cannot be written; a folder that makes no sense is a
    problem in the report.
    """
    report = ReindexReport()
    await store.sweep()
    folders = await store.batch_ids()
    for batch_id in sorted({*folders, *await log.batch_ids()}):
        restoration = _Restoration(log, store, report, batch_id, has_folder=batch_id in folders)
        await restoration.run()
    await gallery.clear()
    await gallery.catch_up(log)
    return report


class _Restoration:
    """One batch: ``history`` is what its log says in the end, ``added`` what was not there."""

    def __init__(
        self,
        log: EventLog,
        store: ImageStore,
        report: ReindexReport,
        batch_id: str,
        *,
        has_folder: bool,
    ) -> None:
        self._log = log
        self._store = store
        self._report = report
        self._batch_id = batch_id
        self._has_folder = has_folder
        self._history: list[Event] = []
        self._added: list[Event] = []

    async def run(self) -> None:
        """Restore the batch as far as possible and count it."""
        try:
            self._history = [entry.event for entry in await self._log.of_batch(self._batch_id)]
            await self._restore()
        except (InvalidRequest, LifecycleError) as error:
            self._problem(f"makes no sense: {error}")

    async def _restore(self) -> None:
        file = await self._file()
        self._learn(self._from(file))
        if not self._history:
            self._problem("cannot be restored: it has no readable batch.json.")
            return
        self._learn(await self._from_pictures())
        await self._write(is_file_whole=file is not None)
        await self._count()

    def _learn(self, events: list[Event]) -> None:
        self._history = [*self._history, *events]
        self._added = [*self._added, *events]

    @property
    def _batch(self) -> BatchState:
        return replay(self._history)

    async def _file(self) -> BatchFile | None:
        try:
            content = await self._store.document(self._batch_id)
        except StorageError as error:
            self._problem(str(error))
            return None
        return BatchFile.parse(content) if content is not None else None
