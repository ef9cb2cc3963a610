"""What can still be read of a damaged database's log. Everything here blocks."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from batchgen_app.core.events import Logged
from batchgen_app.storage.checkup import event_in

SMALLEST_ROW = 100
"""Bytes that an event takes at least."""
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""The second, where the words of the first are broken, too."""
MARKS = frozenset({b"image_favourited", b"image_rated", b"image_rejected", b"image_tagged"})
# NOT INDEXED: an index may be damaged where the rows are whole.
_ROWS = "SELECT * FROM events NOT INDEXED WHERE seq BETWEEN ? AND ?"

RawRow: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Salvage:
    """The events that are whole, oldest first; how many are known to be missing among them, and
    of which batches these were somebody's marks.
    """

    events: tuple[Logged, ...] = ()
    lost: int = 0
    marked: frozenset[str] = frozenset()


def salvage(path: Path) -> Salvage:
    """Of the database at ``path``, whatever state it is in. Raises OSError."""
    size = sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
    with (
        suppress(*UNREADABLE),
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
    ):
        connection.text_factory = bytes
        connection.execute("PRAGMA writable_schema = ON")  # goes on where one entry is broken
        return _sorted_out(_rows(connection, 1, _end(connection, size // SMALLEST_ROW)))
    return Salvage()


def _sorted_out(rows: Iterable[RawRow]) -> Salvage:
    """Where pages changed places, rows come twice and in any order."""
    events: dict[int, Logged] = {}
    marked, end = set(), 0
    for row in rows:
        end = max(end, row[0])
        if event := event_in(row):
            events[row[0]] = Logged(row[0], event)
        elif row[2] in MARKS and isinstance(row[1], bytes):
            marked.add(row[1].decode(errors="replace"))
    in_order = tuple(events[seq] for seq in sorted(events))
    return Salvage(in_order, end - len(in_order), frozenset(marked))


def _end(connection: sqlite3.Connection, most: int) -> int:
    """The last place that a row may have. Raises sqlite3.Error where there is no log at all."""
    # Raises where there is no such table; an error below only means that pages are damaged.
    connection.execute("SELECT * FROM events LIMIT 0")
    try:
        ((end,),) = connection.execute("SELECT max(seq) FROM events NOT INDEXED")
    except UNREADABLE:
        return most
    return min(end or 0, most)


def _rows(connection: sqlite3.Connection, first: int, last: int) -> Iterator[RawRow]:
    """Those from ``first`` to ``last`` that lie on pages that can be read."""
    try:
        found = list(connection.execute(_ROWS, (first, last)))
    except UNREADABLE:
        if first < last:
            middle = (first + last) // 2
            yield from _rows(connection, first, middle)
            yield from _rows(connection, middle + 1, last)
        return
    yield from map(_with_checksum, found)


def _with_checksum(row: RawRow) -> RawRow:
    """A database that was not brought up to date has none."""
    return (*row, None)[:5]
