"""What the log has lost at its end comes back from the batch folders, when the app starts.

SQLite passes over what it cannot read in its write-ahead log (sqlite.org, "WAL-mode File Format",
section 4), and all that came after it: events that were durable are gone then, and nothing fails.
But an event was always in the log before its batch's folder knew of it. So a folder that knows
more than the log shows the loss.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.language.said import later
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.images import BATCH_FILE, ImageStore
from batchgen_app.storage.lock import Locks
from batchgen_app.storage.reindex import Restorer

logger = logging.getLogger(__name__)

SLACK_SECONDS = 3600.0
"""By which clocks may have jumped."""


@dataclass(frozen=True)
class LeftBehind:
    """How the last process left the database. ``since`` is when it last wrote into the file itself;
    what came later stands in the write-ahead log, which a process that ends in order takes away.
    """

    since: float | None

    @classmethod
    def at(cls, path: Path) -> "LeftBehind":
        """Before the database is opened. Blocks; raises OSError."""
        wal = path.with_name(path.name + "-wal")
        is_left = path.exists() and wal.exists() and wal.stat().st_size > 0
        return cls(path.stat().st_mtime if is_left else None)


async def reconcile(left: LeftBehind, log: EventLog, store: ImageStore, locks: Locks) -> str:
    """Bring back what the folders know beyond the log; gives a sentence about it, empty if there
    was nothing. Not while another process is at work. Raises StorageError.
    """
    if left.since is None or await locks.others_are_here():
        return ""
    restorer = Restorer(log, store, locks)
    known, since = {*await log.batch_ids()}, left.since - SLACK_SECONDS
    for batch_id in await store.batch_ids():
        is_new = batch_id not in known or await asyncio.to_thread(_is_new, store, batch_id, since)
        if is_new and await restorer.is_behind(batch_id):
            await restorer.restore(batch_id)
    report = restorer.report
    if not report.batches:
        return ""
    logger.warning("The log had lost events of %d batches", report.batches)
    return later(
        "The last entries of the database were lost. The batch folders brought them back: "
        "{batches} batches with {images} images.",
        batches=report.batches,
        images=report.images,
    )


def _is_new(store: ImageStore, batch_id: str, since: float) -> bool:
    """Whether the batch's own file was written after ``since``, or lies in the trash."""
    with suppress(OSError):
        return (store.folder(batch_id) / BATCH_FILE).stat().st_mtime > since
    return True
