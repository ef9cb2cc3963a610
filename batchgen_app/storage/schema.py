"""The shape of ``batchgen.db``, step by step. A step that was released is never changed. The number
of the last step done stands in the file itself (``PRAGMA user_version``).

Every row has a checksum: bytes that changed on the disk show, whatever they look like now.
SQLite looks after its pages, not after what stands in them (sqlite.org, "PRAGMA
integrity_check").
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

_ANEW = (
    "DELETE FROM gallery_images",
    "DELETE FROM gallery_summaries",
    "DELETE FROM gallery_workflows",
    "DELETE FROM gallery_batches",
    "UPDATE gallery_seen SET seq = 0",
)
"""The gallery is read from the log again."""
_WORDS = """
    CREATE VIRTUAL TABLE gallery_words USING fts5 (
        {columns},
        content = 'gallery_texts', content_rowid = 'text_id',
        tokenize = 'ascii', columnsize = 0, prefix = '1 2'
    )
"""

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

WORKFLOW_USES = (
    # A graph is told from others by what it says, not by how it is written.
    *_ANEW,
    "CREATE INDEX gallery_by_workflow ON gallery_summaries (workflow, batch_id)",
)

ORIGINS = (
    # Which batch one came from. What is damaged came from none, and keeps no database from opening.
    """
    CREATE INDEX gallery_by_origin ON gallery_summaries
        (CASE WHEN json_valid(summary) THEN summary ->> '$.basedOn.batchId' END, batch_id)
    """,
)

SEARCH = (
    *_ANEW,
    # When it was made, as a number that no other batch has (search_rows.place_from).
    "ALTER TABLE gallery_batches ADD COLUMN place INTEGER",
    "CREATE UNIQUE INDEX gallery_by_place ON gallery_batches (place)",
    "DROP INDEX gallery_shown",
    """
    CREATE INDEX gallery_shown ON gallery_batches
        (deleted, batch_id, created_at, model, favourites, images, bytes, place)
    """,
    # What pictures of a batch are found by, folded; mostly, they share it, and it is stored once.
    """
    CREATE TABLE gallery_texts (
        text_id INTEGER PRIMARY KEY,
        place INTEGER NOT NULL,
        prompt TEXT NOT NULL,
        negative TEXT NOT NULL,
        model TEXT NOT NULL,
        loras TEXT NOT NULL,
        sampler TEXT NOT NULL,
        workflow TEXT NOT NULL,
        tags TEXT NOT NULL,
        tag_names TEXT NOT NULL,
        checksum INTEGER
    ) STRICT
    """,
    "CREATE INDEX gallery_texts_by_place ON gallery_texts (place)",
    "CREATE INDEX gallery_texts_by_prompt ON gallery_texts (substr(prompt, 1, 100), place DESC)",
    "CREATE INDEX gallery_texts_by_model ON gallery_texts (model, place DESC)",
    "CREATE INDEX gallery_texts_tagged ON gallery_texts (tag_names) WHERE tag_names <> '[]'",
    # One row for each picture, and one (at position 0) for the batch itself; narrow, because where
    # no index helps, a search reads all of it. The id is place * 128 + position: newest is largest.
    """
    CREATE TABLE gallery_finds (
        id INTEGER PRIMARY KEY,
        text_id INTEGER NOT NULL,
        shown INTEGER NOT NULL,
        favourite INTEGER,
        rating INTEGER,
        rejected INTEGER,
        seed INTEGER,
        steps INTEGER,
        width INTEGER,
        height INTEGER,
        bytes INTEGER NOT NULL,
        checksum INTEGER
    ) STRICT
    """,
    # With what is counted or left out, so that the rows themselves are not read for it. None of
    # them begins with what most rows have in common: SQLite would read them in its order.
    "CREATE INDEX gallery_finds_by_text ON gallery_finds (text_id, shown, bytes)",
    "CREATE INDEX gallery_finds_by_rating ON gallery_finds (rating DESC, id DESC, shown)",
    "CREATE INDEX gallery_finds_by_seed ON gallery_finds (seed, id DESC, shown)",
    _WORDS.format(columns="prompt, negative, model, loras, sampler, workflow, tags"),
    "CREATE VIRTUAL TABLE gallery_vocabulary USING fts5vocab (gallery_words, col)",
)

PICTURES_BY_CONTENT = (
    # Whether a file is a picture that is here already. What is damaged keeps no database closed.
    """
    CREATE INDEX events_by_picture ON events
        (CASE WHEN json_valid(data) THEN data ->> '$.sha256' END, batch_id)
        WHERE type = 'image_completed'
    """,
)

MORE_ORDERS = (
    """
    CREATE INDEX gallery_finds_by_steps ON gallery_finds (ifnull(steps, 0) DESC, id DESC, shown)
    """,
    """
    CREATE INDEX gallery_finds_by_size ON gallery_finds
        (ifnull(width * height, 0) DESC, id DESC, shown)
    """,
    "CREATE INDEX gallery_texts_by_sampler ON gallery_texts (sampler, place DESC)",
    "CREATE INDEX gallery_texts_by_workflow ON gallery_texts (workflow, model, place DESC)",
)
"""Of pictures."""

ONE_FOLDING = (
    # Prompts are sorted as they are found, and a name has one space between its words.
    "INSERT INTO gallery_words (gallery_words) VALUES ('delete-all')",
    "DELETE FROM gallery_texts",
    "DELETE FROM gallery_finds",
    *_ANEW,
)

IMPORTED = (
    # A picture from elsewhere is found by its program and by what its file was called.
    "DROP TABLE gallery_vocabulary",
    "DROP TABLE gallery_words",
    *ONE_FOLDING[1:],
    "ALTER TABLE gallery_texts ADD COLUMN imported TEXT NOT NULL DEFAULT ''",
    _WORDS.format(columns="prompt, negative, model, loras, sampler, workflow, tags, imported"),
    "CREATE VIRTUAL TABLE gallery_vocabulary USING fts5vocab (gallery_words, col)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    EVENT_LOG,
    GALLERY,
    GALLERY_ORDERS,
    CHECKSUMS,
    FOLDERS,
    WORKFLOWS,
    WORKFLOW_USES,
    ORIGINS,
    SEARCH,
    PICTURES_BY_CONTENT,
    MORE_ORDERS,
    ONE_FOLDING,
    IMPORTED,
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
