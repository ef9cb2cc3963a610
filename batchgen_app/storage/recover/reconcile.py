"""What the batch folders know beyond the log comes back when the app starts, and moves to the trash
that were broken off are ended.

The database may be missing, empty or an older copy, or have lost its end: SQLite passes over
what it cannot read in its write-ahead log (sqlite.org, "WAL-mode File Format", section 4), and
all that came after it. But an event was always in the log before its batch's folder knew of it.
So a folder that knows more than the log shows the loss. Only folders that changed since the log
was last seen to know all of them are opened: their names, times and sizes tell.
"""

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.core.errors import LifecycleError, StorageError
from batchgen_app.language.message import later
from batchgen_app.storage.database import Database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.progress import ProgressCallback, ReindexReport, each, how_many
from batchgen_app.storage.recover.reindex import Restorer

logger = logging.getLogger(__name__)

COMPARING = "The batch folders are compared with the database"

_SEEN = "SELECT batch_id, CAST(stamp AS BLOB) FROM folders_seen"
_SEE = "INSERT OR REPLACE INTO folders_seen VALUES (?, ?)"
_SETTLED = "SELECT max(seq) FROM folders_settled"
_SETTLE = "UPDATE folders_settled SET seq = ?"


def is_unfinished(path: Path) -> bool:
    """Whether the last process left a write-ahead log: one that ends in order takes it away. To be
    asked before the database is opened. Blocks; raises OSError.
    """
    wal = path.with_name(path.name + "-wal")
    return path.exists() and wal.exists() and wal.stat().st_size > 0


@dataclass(frozen=True)
class Reconciled:
    """What the comparison came to."""

    report: ReindexReport
    there: Collection[str]
    """The batches that have a folder."""

    def sentences(self, *, was_broken_off: bool) -> tuple[str, ...]:
        """For a person; none if there is nothing to say."""
        report, brought_back = self.report, self._brought_back(was_broken_off)
        return tuple(
            filter(None, (brought_back, report.rebuilt_in_words, report.problems_in_words))
        )

    def _brought_back(self, was_broken_off: bool) -> str:  # noqa: FBT001
        if not self.report.behind:
            return ""
        found = how_many(self.report.behind, self.report.images_behind)
        if was_broken_off:
            return later(
                "The last entries of the database were lost. The batch folders brought them back: "
                "{found}.",
                found=found,
            )
        return later(
            "The database was missing, empty or older than the batch folders. They brought back "
            "what it did not know: {found}.",
            found=found,
        )


class StartupReconciler:
    """Compares log and folders, at one start. Not while another process is at work."""

    def __init__(
        self, db: Database, store: ImageStore, locks: Locks, progress: ProgressCallback
    ) -> None:
        self._db = db
        self._log = EventLog(db)
        self._store = store
        self._locks = locks
        self._progress = progress
        self._restorer = Restorer(self._log, store, locks)
        self._changed: list[str] = []
        self._settled: int | None = None

    async def reconcile(self, *, was_repaired: bool, is_doubtful: bool) -> Reconciled:
        """Bring back what the folders know beyond the log, unless a repair has just done so. Where
        it ``is_doubtful`` whether the log still knows what it knew, every folder is opened. Raises
        StorageError.
        """
        stamps = await self._store.stamps()
        if not await self._locks.others_are_here():
            seen = {} if is_doubtful else await self._seen()
            self._changed = [name for name in stamps if seen.get(name) != stamps[name]]
            if not was_repaired:
                await self._restore_what_is_behind()
            await self._finish_moves()
        return Reconciled(self._restorer.report, stamps.keys())

    async def _restore_what_is_behind(self) -> None:
        known = set(await self._log.batch_ids())
        for batch_id in each(self._changed, self._progress, COMPARING):
            if batch_id not in known or await self._restorer.is_behind(batch_id):
                logger.warning("The log does not know all of batch %s", batch_id)
                await self._restorer.restore(batch_id)

    async def remember(self) -> None:
        """That the log knows what the folders know now, for the next start; if it can be written
        it need not be compared again.
        """
        if not self._changed and self._settled is None:
            return
        stamps = await self._store.stamps()
        read = [name for name in self._changed if name not in self._restorer.unread]
        rows = [(batch_id, stamps[batch_id]) for batch_id in read if batch_id in stamps]
        with suppress(StorageError):
            async with self._db.transaction() as connection:
                await connection.executemany(_SEE, rows)
                if self._settled is not None:
                    await connection.execute_fetchall(_SETTLE, (self._settled,))

    async def _seen(self) -> dict[str, str]:
        rows = await self._db.rows(_SEEN)
        return {batch_id: stamp.decode(errors="replace") for batch_id, stamp in rows}

    async def _finish_moves(self) -> None:
        """The app may have died when something was said to be deleted and not moved yet."""
        end, settled = await self._log.end(), await self._db.row(_SETTLED)
        batches = await self._log.deleted_in(settled[0] if settled and settled[0] else 0)
        moved = [await self._finish_move(batch_id) for batch_id in batches]
        self._settled = end if moved and all(moved) else None

    async def _finish_move(self, batch_id: str) -> bool:
        try:
            await self._restorer.finish_moves(batch_id)
        except (LifecycleError, StorageError) as error:
            logger.warning("Batch %s: not all of it lies where it should: %s", batch_id, error)
            return False
        return True
