"""The shape of ``batchgen.db``, step by step. A step that was released is never changed.

The number of the last step done stands in the file itself (``PRAGMA user_version``).
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

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    EVENT_LOG,
    GALLERY,
    GALLERY_ORDERS,
    CHECKSUMS,
    FOLDERS,
    WORKFLOWS,
)
"""The statements of step 1, of step 2, …"""
