"""A checksum for every row: bytes that changed on the disk show, whatever they look like now.

SQLite looks after its pages, not after what stands in them (sqlite.org, "PRAGMA integrity_check").
"""

from collections.abc import Iterable, Sequence
from zlib import crc32


def checksum(values: Iterable[object]) -> int:
    """Of the values of a row, text given as such or as its bytes."""
    return crc32(b"\0".join([v if v.__class__ is bytes else _bytes(v) for v in values]))


def sealed(row: Sequence[object]) -> Sequence[object]:
    """A row with its checksum behind it."""
    return (*row, checksum(row))


def is_whole(row: Sequence[object]) -> bool:
    """Whether a row is as it was sealed."""
    return row[-1] == checksum(row[:-1])


def of_columns(*values: object) -> int:
    """The same, as a function of SQL."""
    return checksum(values)


def _bytes(value: object) -> bytes:
    if isinstance(value, int):
        return b"%d" % value
    return value.encode() if isinstance(value, str) else repr(value).encode()
