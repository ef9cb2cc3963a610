"""GalleryFollower: the gallery follows the log. Each batch is shown as its events leave it."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterable
from functools import partial

from batchgen_app.adapters.aiosqlite import at_once
from batchgen_app.core.errors import LifecycleError
from batchgen_app.core.events import Event, Logged
from batchgen_app.core.state import BatchState
from batchgen_app.storage.database import Database
from batchgen_app.storage.event_log import EventLog, replay
from batchgen_app.storage.gallery_rows import Rows
from batchgen_app.storage.progress import ProgressCallback, silent

logger = logging.getLogger(__name__)

FILLING = "The gallery is filled"
STRIDE = 1000
"""Events that are caught up with in one transaction."""
AT_ONCE = 50
"""Batches whose histories are read at once."""


class GalleryFollower:
    """Shows in the gallery's tables what happened to batches, in this process and in others."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._turn = asyncio.Lock()

    async def apply(self, batch: BatchState, logged: Logged) -> None:
        """Show ``batch``, to which ``logged`` happened, and what other processes logged before it;
        a second time is harmless.
        """
        async with self._turn:  # of those who wait here, the first shows what happened for all
            if not await self._take(batch, logged.seq):
                await self.catch_up(EventLog(self._db))

    async def catch_up(self, log: EventLog, progress: ProgressCallback = silent) -> None:
        """Show all that ``log`` holds and the gallery has not seen."""
        seen = start = await self.seen()
        while seen < (end := await log.end()):
            progress(FILLING, seen - start, end - start)
            await self._advance(log)
            seen = await self.seen()
        if seen > start:
            progress(FILLING, seen - start, seen - start)

    async def seen(self) -> int:
        """The number of the last event that is shown."""
        ((seq,),) = await self._db.rows("SELECT seq FROM gallery_seen")
        return int(seq)

    async def _take(self, batch: BatchState, seq: int) -> bool:
        """Show ``batch`` without reading its history, if event ``seq`` was not shown, and if it is
        all that is new and knows all of it: another process may have had a say.
        """
        # No event can be logged from then on, so this is the batch as the log has it.
        return await self._db.write(lambda: partial(_show_known, seq, batch.events, Rows(batch)))

    async def _advance(self, log: EventLog) -> None:
        """One stride. Nobody can append meanwhile, so a batch is shown as it is, not as it was."""
        async with self._db.transaction() as connection:
            seen = await self.seen()
            until = min(seen + STRIDE, await log.end())
            batch_ids = await log.batch_ids(seen, until)
            for place in range(0, len(batch_ids), AT_ONCE):
                shown = await log.of_batches(batch_ids[place : place + AT_ONCE], _rows_of)
                await at_once(connection, partial(_put, [*filter(None, shown.values())]))
            await connection.execute_fetchall(SEEN, (until,))


def _rows_of(batch_id: str, events: list[Event]) -> Rows | None:
    try:
        return Rows(replay(events)) if events else None
    except LifecycleError:
        logger.exception("Batch %s is left out of the gallery: its events contradict", batch_id)
        return None


def _put(shown: Iterable[Rows], connection: sqlite3.Connection) -> None:
    for rows in shown:
        rows.put(connection)


def _show_known(seq: int, known: int, rows: Rows, connection: sqlite3.Connection) -> bool:
    """Whether event ``seq`` is shown: it was, or the ``known`` events of a batch are all that it
    has, and all that is new: then it is shown as ``rows`` say.
    """
    ((seen,),) = connection.execute("SELECT seq FROM gallery_seen").fetchall()
    if seq <= seen:
        return True
    ((events, last),) = connection.execute(KNOWN, (rows.batch_id,)).fetchall()
    ((others,),) = connection.execute(OTHERS, (rows.batch_id, last)).fetchall()
    if is_all := (events, others) == (known, 0):
        rows.put(connection)
        connection.execute(SEEN, (last,))
    return is_all


SEEN = "UPDATE gallery_seen SET seq = max(seq, ?)"
"""Never back: another process may have seen more since this one looked."""
KNOWN = "SELECT count(*), max(seq) FROM events WHERE batch_id = ?"
"""How many events a batch has, and which is the last."""
OTHERS = """
    SELECT count(*) FROM events, gallery_seen AS seen
    WHERE batch_id <> ? AND events.seq > seen.seq AND events.seq < ?
"""
"""How many events before that one were not yet seen and are about other batches."""
