"""A large library out of a small one: every batch of it so often, each time a little later, under
an id of its own and with files of its own; all else, words and marks too, is as it was.

What is written is what the app itself wrote of the small one, row by row. Indices and triggers go
first and come last, and so does the full text search, which then reads all texts at once.
"""

import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from batchgen_app.core.ids import new_batch_id, time_of
from batchgen_app.storage.database import Database
from batchgen_app.storage.event_log import _APPEND, _END
from batchgen_app.storage.gallery_follower import SEEN
from batchgen_app.storage.gallery_query import sortable
from batchgen_app.storage.gallery_rows import WRITE_BATCH, WRITE_IMAGE, WRITE_SUMMARY
from batchgen_app.storage.schema import sealed
from batchgen_app.storage.search_rows import (
    LAST_TEXT,
    POSITIONS,
    WRITE_FIND,
    WRITE_TEXT,
    place_from,
)

AT_ONCE = 2_000
"""Batches that are written in one transaction."""
BATCHES = """
    SELECT batch_id, deleted, created_at, model, favourites, images, bytes, prompt, place
    FROM gallery_batches ORDER BY batch_id
"""
SUMMARY = "SELECT summary, workflow FROM gallery_summaries WHERE batch_id = ?"
EVENTS = "SELECT type, data FROM events WHERE batch_id = ? ORDER BY seq"
IMAGES = """
    SELECT position, model, width, height, steps, seconds, details
    FROM gallery_images WHERE batch_id = ? ORDER BY position
"""
TEXTS = """
    SELECT text_id, prompt, negative, model, loras, sampler, workflow, tags, imported, tag_names
    FROM gallery_texts WHERE place = ? ORDER BY text_id
"""
FINDS = """
    SELECT id - ?1, text_id, shown, favourite, rating, rejected, seed, steps, width, height, bytes
    FROM gallery_finds WHERE id >= ?1 AND id < ?1 + ?2
"""
EXTRAS = """
    SELECT name, type, sql FROM sqlite_master
    WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
"""
FILL_WORDS = "INSERT INTO gallery_words (gallery_words) VALUES ('rebuild')"
CHECKSUM = re.compile(r'(?<="sha256":")[0-9a-f]{6}')

Row = tuple[Any, ...]


@dataclass(frozen=True)
class _Original:
    """What the small library has of one batch."""

    batch: Row
    summary: Row
    events: list[Row]
    images: list[Row]
    texts: list[Row]
    finds: list[Row]

    @property
    def at(self) -> datetime:
        """When it was made; all that happened to it happened then."""
        at = time_of(self.batch[0])
        assert at
        return at


async def multiplied(db: Database, small: Path, times: int, apart: timedelta) -> list[str]:
    """Fill an empty ``db`` with as many copies of the library in the database ``small``, the copies
    of a batch so far ``apart``; gives the ids of all batches.
    """
    extras = await db.write(lambda: _stripped)
    ids: list[str] = []
    copies = _copies(small, times, apart)
    while some := [*islice(copies, AT_ONCE)]:
        ids += [name for name, _, _, _ in some]
        await db.write(partial(partial, _write, some))
    await db.write(lambda: partial(_completed, extras))
    return ids


def _copies(
    small: Path, times: int, apart: timedelta
) -> Iterator[tuple[str, datetime, int, _Original]]:
    """Id, time, number of the copy, and what it is one of."""
    rng = random.Random(times)
    with closing(sqlite3.connect(small)) as connection:
        originals = [_original(connection, row) for row in connection.execute(BATCHES).fetchall()]
    for original in originals:
        for number in range(times):
            at = original.at + number * apart
            yield new_batch_id(at, rng), at, number, original


def _original(connection: sqlite3.Connection, batch: Row) -> _Original:
    def rows(statement: str, *values: object) -> list[Row]:
        return connection.execute(statement, values).fetchall()

    name, place = batch[0], batch[-1]
    (summary,) = rows(SUMMARY, name)
    return _Original(
        batch,
        summary,
        rows(EVENTS, name),
        rows(IMAGES, name),
        rows(TEXTS, place),
        rows(FINDS, place * POSITIONS, POSITIONS),
    )


def _stripped(connection: sqlite3.Connection) -> list[str]:
    """Without indices and triggers, which the statements bring back."""
    extras = connection.execute(EXTRAS).fetchall()
    for name, kind, _ in extras:
        connection.execute(f"DROP {kind} {name}")
    return [statement for _, _, statement in extras]


def _completed(extras: list[str], connection: sqlite3.Connection) -> None:
    for statement in extras:
        connection.execute(statement)
    connection.execute(FILL_WORDS)
    connection.execute(SEEN, connection.execute(_END).fetchone())


def _write(
    copies: list[tuple[str, datetime, int, _Original]], connection: sqlite3.Connection
) -> None:
    """In the order of what refers to what."""
    ((seq,),) = connection.execute(_END).fetchall()
    ((text,),) = connection.execute(LAST_TEXT).fetchall()
    rows: dict[str, list[Row]] = {
        statement: []
        for statement in (
            _APPEND, WRITE_BATCH, WRITE_SUMMARY, WRITE_IMAGE, WRITE_TEXT, WRITE_FIND,
        )
    }  # fmt: skip
    for name, at, number, original in copies:
        renamed = _renaming(original, name, at)
        for kind, data in original.events:
            seq += 1
            told = CHECKSUM.sub(f"{number:06x}", renamed(data))
            rows[_APPEND].append((seq, name, kind, told))
        _, deleted, _, *rest, _ = original.batch
        created, place = sortable(at), place_from(at)
        rows[WRITE_BATCH].append((name, deleted, created, *rest, place))
        summary, workflow = original.summary
        rows[WRITE_SUMMARY].append((name, renamed(summary), workflow))
        for position, *made, details in original.images:
            image = f"{name}-{position:03d}"
            rows[WRITE_IMAGE].append((image, name, position, created, *made, renamed(details)))
        texts = {}
        for own, *words in original.texts:
            text += 1
            texts[own] = text
            rows[WRITE_TEXT].append((text, place, *words))
        for position, own, *values in original.finds:
            rows[WRITE_FIND].append((place * POSITIONS + position, texts[own], *values))
    for statement, written in rows.items():
        connection.executemany(statement, map(sealed, written))


def _renaming(original: _Original, name: str, at: datetime) -> Callable[[str], str]:
    """To what a text says of the copy."""
    old, then, now = original.batch[0], _as_json(original.at), _as_json(at)
    return lambda text: text.replace(old, name).replace(then, now)


def _as_json(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
