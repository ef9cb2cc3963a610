"""EventLog: what happened, in order, for good. Everything else can be rebuilt from it."""

import asyncio
import json
import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from batchgen_app.core.errors import LifecycleError
from batchgen_app.core.events import BatchQueued, Event, Logged, read_event
from batchgen_app.core.state import BatchState
from batchgen_app.storage.database import Database, Row
from batchgen_app.storage.schema import sealed

logger = logging.getLogger(__name__)

T = TypeVar("T")
FOLLOW_SECONDS = 0.2
"""How often ``follow`` looks whether any process has appended something: one index look-up."""
FOLLOW_CHUNK = 500
PAGE_BYTES = 1_000_000
"""Characters of the events that are handed out at once."""


class EventLog:
    """The append-only log in a database; ``seq`` counts 1, 2, 3 … without a gap."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def append(self, event: Event) -> Logged:
        """Durable when it returns; raises StorageError, and then nothing was logged.

        Cancelled while it waits, it may have logged the event or not.
        """
        (logged,) = await self.append_all([event])
        return logged

    async def append_all(self, events: Sequence[Event]) -> list[Logged]:
        """Append all of them, next to each other, or none; durable when it returns."""
        logged = await self._db.write(lambda: partial(_appended, events))
        if logged:
            self._db.expect(logged[-1].seq)
        return logged

    async def read(self, after: int = 0, limit: int | None = None) -> list[Logged]:
        """The events that follow ``after``, oldest first; what cannot be read is passed over."""
        rows = await self._db.rows(_READ, (after, -1 if limit is None else limit))
        return await self._entries(rows)

    async def page(self, after: int, limit: int) -> list[Logged]:
        """The same, up to ``PAGE_BYTES`` and one at least: an event may carry a workflow."""
        rows = await self._rows_of_page(after, limit)
        found = await self._entries(rows)
        return found if found or not rows else await self.page(rows[-1][0], limit)

    async def _rows_of_page(self, after: int, limit: int) -> list[Row]:
        page: list[Row] = []
        # Few at first, then more: one event may be larger than a page.
        size, step = 0, 8
        while len(page) < limit and size < PAGE_BYTES:
            start = page[-1][0] if page else after
            rows = await self._db.rows(_READ, (start, min(step, limit - len(page))))
            for row in rows:
                size += len(row[1])
                if size < PAGE_BYTES or not page:
                    page.append(row)
            if len(rows) < step:
                break
            step *= 2
        return page

    async def of_batch(self, batch_id: str) -> list[Logged]:
        """The events of one batch, oldest first; what cannot be read is passed over."""
        return await self._entries(await self._db.rows(_OF_BATCH, (batch_id,)))

    async def of_batches(
        self, batch_ids: Sequence[str], make: Callable[[str, list[Event]], T]
    ) -> dict[str, T]:
        """What ``make`` makes of the events of each of these batches, by its id, outside the event
        loop: for whoever goes through many. What cannot be read is passed over.
        """
        rows = await self._db.rows(_OF_BATCHES, (json.dumps(batch_ids),))

        def made() -> tuple[int, dict[str, T]]:
            events: dict[str, list[Event]] = {batch_id: [] for batch_id in batch_ids}
            for batch_id, *row in rows:
                events[batch_id] += (entry.event for entry in _logged([row]))
            read = sum(map(len, events.values()))
            return read, {batch_id: make(batch_id, told) for batch_id, told in events.items()}

        read, found = await asyncio.to_thread(made)
        if read < len(rows):
            self._db.damaged.emit()
        return found

    async def end(self) -> int:
        """The ``seq`` of the last event, 0 for an empty log."""
        ((end,),) = await self._db.rows(_END)
        return int(end)

    async def last_time(self) -> datetime | None:
        """When the last event happened; None for an empty log."""
        entries = await self.read(after=await self.end() - 1)
        return entries[-1].event.at if entries else None

    async def follow(self, after: int = 0) -> AsyncGenerator[Logged, None]:
        """The events that follow ``after``, then new ones as any process commits them; no end,
        unless another database takes the place of this one.
        """
        while not await asyncio.to_thread(self._db.is_replaced):
            found = await self.page(after, FOLLOW_CHUNK)
            for entry in found:
                yield entry
                after = entry.seq
            if not found:
                await asyncio.sleep(FOLLOW_SECONDS)

    async def batch_ids(self, after: int = 0, until: int | None = None) -> list[str]:
        """The batches that events after ``after``, up to ``until``, are about; in that order."""
        rows = await self._db.rows(
            "SELECT batch_id FROM events WHERE seq > ? AND seq <= ifnull(?, seq)"
            " GROUP BY batch_id ORDER BY min(seq)",
            (after, until),
        )
        return [batch_id for (batch_id,) in rows]

    async def unended(self) -> list[str]:
        """The batches that have not come to an end, in the order they were queued or resumed."""
        rows = await self._db.rows(_UNENDED)
        return [batch_id for (batch_id,) in rows]

    async def with_picture(self, sha256: str) -> list[tuple[str, int]]:
        """Batches and numbers of the images that have, or had, a file with this checksum, oldest
        first.
        """
        rows = await self._db.rows(_WITH_PICTURE, (sha256,))
        return [(batch_id, index) for batch_id, index in rows if isinstance(index, int)]

    async def checksums(self, batch_id: str) -> dict[int, str]:
        """The SHA-256 of the file that each image of a batch got last, by its index."""
        rows = await self._db.rows(_CHECKSUMS, (batch_id,))
        return {index: digest for index, digest in rows if isinstance(index, int) and digest}

    async def state(self, batch_id: str, kind: type[BatchState] = BatchState) -> BatchState | None:
        """The batch as its events leave it, or None if the log does not know it."""
        logged = await self.of_batch(batch_id)
        return replay((entry.event for entry in logged), kind) if logged else None

    async def deleted_in(self, after: int) -> list[str]:
        """The batches of which something was deleted after ``after``, or brought back."""
        rows = await self._db.rows(_MOVED, (after,))
        return [batch_id for (batch_id,) in rows]

    async def _entries(self, rows: Sequence[Row]) -> list[Logged]:
        """Parsed outside the event loop: there may be many."""
        found = await asyncio.to_thread(lambda: list(_logged(rows)))
        if len(found) < len(rows):
            self._db.damaged.emit()
        return found


def replay(events: Iterable[Event], kind: type[BatchState] = BatchState) -> BatchState:
    """The state that one batch's events lead to; raises LifecycleError where they cannot be."""
    first, *rest = events
    if not isinstance(first, BatchQueued):
        raise LifecycleError(f"A batch begins with batch_queued, not with {first.type}")
    batch = kind.queued(first)
    for event in rest:
        batch.apply(event)
    return batch


# As bytes: a text that is no UTF-8 would fail the whole query, not its own row.
_READ = "SELECT seq, CAST(data AS BLOB) FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
_OF_BATCH = "SELECT seq, CAST(data AS BLOB) FROM events WHERE batch_id = ? ORDER BY seq"
_OF_BATCHES = """
    SELECT batch_id, seq, CAST(data AS BLOB) FROM events
    WHERE batch_id IN (SELECT value FROM json_each(?)) ORDER BY batch_id, seq
"""
_MOVED = """
    SELECT DISTINCT batch_id FROM events WHERE seq > ?
    AND type IN ('batch_deleted', 'batch_restored', 'image_deleted', 'image_restored')
"""
# Letter for letter as in the index (``schema.PICTURES_BY_CONTENT``), or that would not be used.
_WITH_PICTURE = """
    SELECT DISTINCT batch_id, data ->> '$.index' FROM events WHERE type = 'image_completed'
    AND CASE WHEN json_valid(data) THEN data ->> '$.sha256' END = ? ORDER BY batch_id
"""
_CHECKSUMS = """
    SELECT data ->> '$.index', data ->> '$.sha256' FROM events
    WHERE batch_id = ? AND type = 'image_completed' AND json_valid(data) ORDER BY seq
"""
_APPEND = "INSERT INTO events (seq, batch_id, type, data, checksum) VALUES (?, ?, ?, ?, ?)"
_END = "SELECT ifnull(max(seq), 0) FROM events"

# A bare column beside max() comes from the row of the maximum (sqlite.org, "SELECT", section 2.5).
_UNENDED = """
    SELECT batch_id FROM (
        SELECT batch_id, type, max(seq) AS last FROM events
        WHERE type IN ('batch_queued', 'batch_resumed', 'batch_completed', 'batch_failed',
                       'batch_cancelled', 'batch_interrupted')
        GROUP BY batch_id
    )
    WHERE type IN ('batch_queued', 'batch_resumed') ORDER BY last
"""


def _appended(events: Sequence[Event], connection: sqlite3.Connection) -> list[Logged]:
    ((end,),) = connection.execute(_END).fetchall()
    logged = [Logged(seq, event) for seq, event in enumerate(events, start=end + 1)]
    connection.executemany(_APPEND, [sealed(_row(entry)) for entry in logged])
    return logged


def _row(entry: Logged) -> Row:
    event = entry.event
    return entry.seq, event.batch_id, event.type, event.model_dump_json(by_alias=True)


def _logged(rows: Iterable[Sequence[Any]]) -> Iterator[Logged]:
    for seq, data in rows:
        try:
            yield Logged(seq, read_event(data))
        except ValidationError:
            logger.warning("Event %d cannot be read", seq)
