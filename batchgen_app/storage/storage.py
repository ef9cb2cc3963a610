"""Storage: all that the app remembers, opened together."""

import asyncio
import errno
import math
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from batchgen_app.core.errors import DiskTrouble, InUse, StorageError
from batchgen_app.core.signal import Signal
from batchgen_app.language.message import later
from batchgen_app.storage.database import TIMEOUT_SECONDS, Database
from batchgen_app.storage.event_feed import EventFeed
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.faults import in_words, told_of_absent
from batchgen_app.storage.folders import check_writable
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.locks import Lockout, Locks
from batchgen_app.storage.progress import ProgressCallback, ReindexReport, silent
from batchgen_app.storage.recover.reconcile import Reconciled, StartupReconciler, is_unfinished
from batchgen_app.storage.recover.repair import open_or_repair
from batchgen_app.storage.running_instance import LOCKS

DATABASE_NAME = "batchgen.db"
USED_BY_ANOTHER = later(
    "{path} is damaged, and another BatchGen is using it. Close that one, then try again: it is "
    "mended then."
)


@dataclass(frozen=True)
class Storage:
    """The log, the gallery that is made from it, the pictures, who works on what, and whether the
    database is locked by another program; ``when_free`` is done as soon as it is not any more.
    ``brought_back`` is what came from the folders at the start, ``notices`` are what a person
    should know about how all was found. ``damaged``: what is in the database cannot be read any
    more, or is gone, for which ``look`` looks; ``mend`` does then what a start would. ``feed``
    tells events to whoever follows them.
    """

    log: EventLog
    gallery: GalleryIndex
    store: ImageStore
    locks: Locks
    lockout: Lockout
    when_free: list[Callable[[], Awaitable[object]]]
    brought_back: ReindexReport
    notices: list[str]
    damaged: Signal[[]]
    feed: EventFeed
    look: Callable[[], Awaitable[None]]
    mend: Callable[[], Awaitable[None]]


@asynccontextmanager
async def open_storage(
    data_dir: Path,
    output_dir: Path,
    locks: Locks | None = None,
    lockout: Lockout | None = None,
    progress: ProgressCallback = silent,
    *,
    lock_timeout: float = TIMEOUT_SECONDS,
) -> AsyncIterator[Storage]:
    """With the gallery brought up to date, a damaged database repaired, what only the folders know
    brought back, and moves to the trash ended; ``progress`` knows. Raises StorageError.
    ``locks`` are those that this process may hold already. A database that another program has
    locked is waited for as long as it cannot be opened, or lacks what the folders know; then each
    transaction waits ``lock_timeout`` seconds, and a gallery that is behind catches up when it can.
    """
    store, locks, lockout = ImageStore(output_dir), locks or Locks(data_dir), lockout or Lockout()
    opening = _Opening(data_dir / DATABASE_NAME, store, locks, lockout, progress, lock_timeout)
    async with locks, await opening.open() as database:
        log, gallery = EventLog(database), GalleryIndex(database)
        database.when_free.append(lambda: gallery.catch_up(log))
        with closing(EventFeed(log)) as feed:
            yield Storage(
                log,
                gallery,
                store,
                locks,
                lockout,
                database.when_free,
                opening.brought_back,
                opening.notices,
                database.damaged,
                feed,
                look=database.look,
                mend=lambda: opening.mend(database),
            )


@dataclass
class _Opening:
    """How the database is opened, at the start and when it turns out damaged later."""

    path: Path
    store: ImageStore
    locks: Locks
    lockout: Lockout
    progress: ProgressCallback
    lock_timeout: float
    notices: list[str] = field(default_factory=list)
    """How it was found, for a person."""
    brought_back: ReindexReport = field(default_factory=ReindexReport)

    async def open(self, *, is_doubtful: bool = False) -> Database:
        """The database in order, with all that the folders know; raises StorageError."""
        with in_words(self.path):
            # Asked first: opened and closed, the database has no write-ahead log any more.
            was_broken_off = await asyncio.to_thread(is_unfinished, self.path)
        try:
            opened = await open_or_repair(
                self.path, self.store, self.locks, self.lockout, self.progress
            )
        except DiskTrouble:  # SQLite does not tell that a folder is read-only
            await asyncio.to_thread(check_writable, self.path.parent)
            raise
        database, repaired = opened.database, opened.sentences
        try:
            found, absent = await self._bring_up_to_date(
                database, was_repaired=bool(repaired), is_doubtful=is_doubtful
            )
        except BaseException:
            await database.close()
            raise
        told = found.sentences(was_broken_off=was_broken_off)
        self.brought_back = found.report.after(opened.report)
        self.notices.extend(filter(None, (*repaired, *told, absent)))
        return database

    async def open_again(self) -> Database:
        """The same while the app runs, when the data folder was there before."""
        with in_words(self.path):
            await asyncio.to_thread(_expect_more_than_locks, self.path.parent)
        return await self.open(is_doubtful=True)

    async def mend(self, database: Database) -> None:
        """Go on with a ``database`` in order, unless another process uses it as it is."""
        if await self.locks.others_are_here():
            raise StorageError(later(USED_BY_ANOTHER, path=self.path))
        await database.renew(self.open_again)

    async def _bring_up_to_date(
        self, database: Database, *, was_repaired: bool, is_doubtful: bool
    ) -> tuple[Reconciled, str]:
        gallery = GalleryIndex(database)
        reconciler = StartupReconciler(database, self.store, self.locks, self.progress)
        # What the folders know must be in the log before anybody sees it, however long that takes.
        database.lock_timeout = math.inf
        found = await reconciler.reconcile(was_repaired=was_repaired, is_doubtful=is_doubtful)
        database.lock_timeout = self.lock_timeout
        with suppress(InUse):
            await gallery.catch_up(EventLog(database), self.progress)
        await reconciler.remember()
        shown = await gallery.with_pictures()
        return found, told_of_absent(shown, found.there, self.store.output_dir)


def _expect_more_than_locks(folder: Path) -> None:
    """Raises FileNotFoundError where the folder is gone, or a drive was unplugged: in its empty
    place, nobody but who begins a batch makes anything.
    """
    if {path.name for path in folder.iterdir()} <= {LOCKS}:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
