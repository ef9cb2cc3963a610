"""The shape of ``batchgen.db``, step by step. A step that was released is never changed. The number
of the last step done stands in the file itself (``PRAGMA user_version``).

Every row has a checksum: bytes that changed on the disk show, whatever they look like now.
SQLite looks after its pages, not after what stands in them (sqlite.org, "PRAGMA
integrity_check").
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

EVENT_LOG = (
    """
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        batch_id TEXT NOT NULL,
        type TEXT NOT NULL,
        data TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX events_by_batch ON events (batch_id, seq, type)",
    # Append-only is a rule of the file, not a habit of the code.
    """
    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
    """,
    """
    CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
    """,
)

GALLERY = (
    # Narrow, because a search reads all of it; the rest stands in gallery_summaries.
    """
    CREATE TABLE gallery_batches (
        batch_id TEXT PRIMARY KEY,
        deleted INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        model TEXT,
        favourites INTEGER NOT NULL,
        images INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        prompt TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE INDEX gallery_shown ON gallery_batches
        (deleted, batch_id, created_at, model, favourites, images, bytes)
    """,
    """
    CREATE TABLE gallery_summaries (
        batch_id TEXT PRIMARY KEY REFERENCES gallery_batches,
        summary TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE gallery_images (
        image_id TEXT PRIMARY KEY,
        batch_id TEXT NOT NULL REFERENCES gallery_batches,
        position INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        model TEXT,
        width INTEGER,
        height INTEGER,
        steps INTEGER,
        seconds REAL,
        details TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX gallery_images_by_batch ON gallery_images (batch_id, position)",
    """
    CREATE INDEX gallery_images_by_kind ON gallery_images
        (model, width, height, steps, created_at, seconds) WHERE seconds IS NOT NULL
    """,
    "CREATE TABLE gallery_seen (seq INTEGER NOT NULL) STRICT",
    "INSERT INTO gallery_seen VALUES (0)",
)

GALLERY_ORDERS = (
    "CREATE INDEX gallery_by_images ON gallery_batches (deleted, images, batch_id)",
    "CREATE INDEX gallery_by_model ON gallery_batches (deleted, ifnull(model, ''), batch_id DESC)",
    "CREATE INDEX gallery_by_prompt ON gallery_batches (deleted, prompt, batch_id DESC)",
)
"""One for each order that is not that of the ids."""

CHECKSUMS = (
    "ALTER TABLE events ADD COLUMN checksum INTEGER",
    "DROP TRIGGER events_are_never_changed",
    # What was written before there were checksums gets its own once, when it has been read.
    """
    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
        WHEN old.checksum IS NOT NULL OR new.seq IS NOT old.seq OR new.type IS NOT old.type
            OR new.batch_id IS NOT old.batch_id OR new.data IS NOT old.data
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
    """,
    "DELETE FROM gallery_images",
    "DELETE FROM gallery_summaries",
    "DELETE FROM gallery_batches",
    "UPDATE gallery_seen SET seq = 0",
    "ALTER TABLE gallery_batches ADD COLUMN checksum INTEGER",
    "ALTER TABLE gallery_summaries ADD COLUMN checksum INTEGER",
    "ALTER TABLE gallery_images ADD COLUMN checksum INTEGER",
)

FOLDERS = (
    # How each batch folder was when the log was last seen to know all that it knows.
    "CREATE TABLE folders_seen (batch_id TEXT PRIMARY KEY, stamp TEXT NOT NULL) STRICT",
    # Up to which event what was deleted is known to lie in the trash.
    "CREATE TABLE folders_settled (seq INTEGER NOT NULL) STRICT",
    "INSERT INTO folders_settled VALUES (0)",
)

WORKFLOWS = (
    # A graph is large, and most batches use one that others used: it is stored once.
    """
    CREATE TABLE gallery_workflows (
        digest TEXT PRIMARY KEY,
        graph TEXT NOT NULL,
        checksum INTEGER
    ) STRICT
    """,
    "DELETE FROM gallery_images",
    "DELETE FROM gallery_summaries",
    "DELETE FROM gallery_batches",
    "UPDATE gallery_seen SET seq = 0",
    "ALTER TABLE gallery_summaries ADD COLUMN workflow TEXT REFERENCES gallery_workflows",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    EVENT_LOG,
    GALLERY,
    GALLERY_ORDERS,
    CHECKSUMS,
    FOLDERS,
    WORKFLOWS,
)
"""The statements of step 1, of step 2, …"""


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
