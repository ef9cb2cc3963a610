"""Memory: all that the app remembers, opened together."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.core.errors import DiskTrouble, InUse
from batchgen_app.storage.absent import told_of_absent
from batchgen_app.storage.database import PATIENCE_SECONDS
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.folders import check_writable
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.lock import Locks
from batchgen_app.storage.lockout import Lockout
from batchgen_app.storage.progress import Progress, silent
from batchgen_app.storage.reconcile import Reconciler, is_unfinished
from batchgen_app.storage.repair import open_or_repair

DATABASE_NAME = "batchgen.db"


@dataclass(frozen=True)
class Memory:
    """The log, the gallery that is made from it, the pictures, who works on what, and whether the
    database is locked by another program; ``when_free`` is done as soon as it is not any more.
    ``notices`` are what a person should know about how all was found.
    """

    log: EventLog
    gallery: GalleryIndex
    store: ImageStore
    locks: Locks
    lockout: Lockout
    when_free: list[Callable[[], Awaitable[object]]]
    notices: tuple[str, ...] = ()


@asynccontextmanager
async def open_memory(
    data_dir: Path,
    output_dir: Path,
    locks: Locks | None = None,
    lockout: Lockout | None = None,
    progress: Progress = silent,
    *,
    patience: float = PATIENCE_SECONDS,
) -> AsyncIterator[Memory]:
    """With the gallery brought up to date, a damaged database repaired, what only the folders know
    brought back, and moves to the trash ended; ``progress`` knows. Raises StorageError.
    ``locks`` are those that this process may hold already. A database that another program has
    locked is waited for as long as it cannot be opened, or lacks what the folders know; then each
    transaction waits ``patience`` seconds, and a gallery that is behind catches up when it can.
    """
    store, locks, lockout = ImageStore(output_dir), locks or Locks(data_dir), lockout or Lockout()
    async with locks:
        path = data_dir / DATABASE_NAME
        with in_words(path):
            was_broken_off = await asyncio.to_thread(is_unfinished, path)
        try:
            database, repaired = await open_or_repair(path, store, locks, lockout, progress)
        except DiskTrouble:  # SQLite does not tell that a folder is read-only
            await asyncio.to_thread(check_writable, data_dir)
            raise
        async with database:
            log, gallery = EventLog(database), GalleryIndex(database)
            reconciler = Reconciler(database, store, locks, progress)
            database.patience = math.inf
            found = await reconciler.reconcile(was_repaired=bool(repaired))
            database.patience = patience
            database.when_free.append(lambda: gallery.catch_up(log))
            with suppress(InUse):
                await gallery.catch_up(log, progress)
            await reconciler.remember()
            absent = told_of_absent(await gallery.with_pictures(), found.there, output_dir)
            told = found.sentences(was_broken_off=was_broken_off)
            notices = tuple(filter(None, (*repaired, *told, absent)))
            yield Memory(log, gallery, store, locks, lockout, database.when_free, notices)
