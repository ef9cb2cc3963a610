"""Whether everything in a database can be read: its heads, its pages, its schema, its rows.

SQLite passes over some damage without a word: a write-ahead log that it does not know, a row whose
text is broken. Everything here blocks, changes nothing, and raises DatabaseDamaged where something
is not as it was written.
"""

import sqlite3
import stat
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from batchgen_app.core.errors import DatabaseDamaged, StorageError
from batchgen_app.core.events import Event, read_event
from batchgen_app.language.message import english
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.progress import ProgressCallback, silent
from batchgen_app.storage.schema import MIGRATIONS, is_whole
from batchgen_app.storage.word_check import do_words_fit

TIMEOUT_SECONDS = 0.1
WAL_MAGIC = 0x377F0682
"""First word of a write-ahead log; its lowest bit is the order of bytes (sqlite.org,
"WAL-mode File Format").
"""
CHECKING = "The database is checked"
STRIDE = 10_000
"""Events after which somebody may be told."""
PARTS = ("-wal", "-shm", "-journal", "")
"""What SQLite may write beside a database; the database itself last."""
MAGIC = b"SQLite format 3\0"
MOST_VERSIONS = 1000
"""A number of migrations beyond this is no newer app's."""
_HARM = frozenset(
    {
        sqlite3.SQLITE_ERROR,  # our statements are right, so what they speak of is not there
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_TOOBIG,
    }
)
_OF_OURS = "FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
_OBJECTS = f"SELECT type, name {_OF_OURS}"
_SCHEMA = f"SELECT type, name, sql {_OF_OURS}"
_EVENTS = "SELECT seq, batch_id, type, data, checksum FROM events ORDER BY seq"
_EARLIER_EVENTS = "SELECT seq, batch_id, type, data, NULL FROM events ORDER BY seq"
_GALLERY = {
    "gallery_batches": "batch_id, deleted, created_at, model, favourites, images, bytes, prompt,"
    " place",
    "gallery_summaries": "batch_id, summary, workflow",
    "gallery_workflows": "digest, graph",
    "gallery_images": "image_id, batch_id, position, created_at, model, width, height, steps,"
    " seconds, details",
    "gallery_texts": "text_id, place, prompt, negative, model, loras, sampler, workflow, tags,"
    " imported, tag_names",
    "gallery_finds": "id, text_id, shown, favourite, rating, rejected, seed, steps, width, height,"
    " bytes",
}
"""The columns that the checksum of a row is about."""
FITS = """
    SELECT seen.seq <= (SELECT ifnull(max(seq), 0) FROM events)
       AND (SELECT count(DISTINCT batch_id) FROM events WHERE +seq <= seen.seq)
         = (SELECT count(*) FROM gallery_batches)
       AND (SELECT count(*) FROM gallery_summaries) = (SELECT count(*) FROM gallery_batches)
       AND (SELECT count(*) FROM gallery_images)
         = (SELECT ifnull(sum(images), 0) FROM gallery_batches)
       AND (SELECT count(*) FROM gallery_finds)
         = (SELECT ifnull(sum(images + 1), 0) FROM gallery_batches)
       AND NOT EXISTS (SELECT 1 FROM gallery_summaries WHERE workflow IS NOT NULL
                       AND workflow NOT IN (SELECT digest FROM gallery_workflows))
    FROM gallery_seen AS seen
"""
"""Whether the gallery holds all that it has seen of the log. The + keeps SQLite to the index of the
batches, which holds all that is asked and is a tenth of the log.
"""


def check_heads(path: Path) -> None:
    """What stands at the beginning of the file and of its write-ahead log, before SQLite sees it:
    a wrong number there makes it read-only, or empty; and whether all parts are files. The database
    itself may be reached over a link, its side files may not (SQLite follows none). Raises OSError.
    """
    for part in PARTS:
        _check_kind(path.with_name(path.name + part), may_be_link=not part)
    wal = path.with_name(path.name + "-wal")
    # Both lengths are those of SQLite's formats: 100 bytes of a database, 32 of a log.
    head = _start(path, 100)
    if head.startswith(MAGIC) and not _is_head(head):
        raise DatabaseDamaged(english(f"{path} is damaged: its head makes no sense."))
    head = _start(wal, 32)
    if head and not _is_wal_head(head):
        raise DatabaseDamaged(english(f"{wal} is damaged."))


def check_pages(path: Path) -> None:
    """Every page and every index, and whether the file is BatchGen's at all."""
    with reading(path) as connection:
        ((verdict,),) = connection.execute("PRAGMA integrity_check(1)")
        objects = set(connection.execute(_OBJECTS))
        if verdict != "ok" or (objects and ("table", "events") not in objects):
            raise DatabaseDamaged(english(f"{path} is damaged or not BatchGen's: {verdict}."))


def check_version(path: Path) -> None:
    """Whether the number of migrations can be right for what is there: StorageError where the file
    is a newer app's. One that took more steps than we know has another schema than ours.
    """
    with reading(path) as connection:
        ((done,),) = connection.execute("PRAGMA user_version")
        schema = set(connection.execute(_SCHEMA))
    if bool(schema) != bool(done) or (done > len(MIGRATIONS) and schema == _made(_SCHEMA)):
        raise DatabaseDamaged(english(f"{path} is damaged: its version makes no sense."))
    if done > len(MIGRATIONS):
        raise newer(path)


def check_rows(path: Path, progress: ProgressCallback = silent) -> bool:
    """Every row, in a database that was brought up to date; whether rows of an earlier version are
    still without a checksum. A large log takes a while: ``progress`` is told, in this thread.
    """
    with reading(path) as connection:
        missing = _made(_OBJECTS) - set(connection.execute(_OBJECTS))
        if missing:
            kind, name = min(missing)
            raise DatabaseDamaged(english(f"{path} is damaged: its {kind} {name} is missing."))
        # Checksums are of bytes, and a text that is no UTF-8 must not stop the reading.
        connection.text_factory = bytes
        unsealed = _check_events(connection, path, progress=progress)
        _check_gallery(connection, path)
        return unsealed


def look_over(path: Path) -> str:
    """All of it, as it lies there; gives what it holds, in words. Raises StorageError."""
    with in_words(path):
        check_heads(path)
        if not path.exists():
            return "none yet; it is made at the first start"
        check_pages(path)
        check_version(path)
        done = _steps_done(path)
        if done == 0:
            return "empty; the batch folders fill it at the next start"
        if done == len(MIGRATIONS):
            check_rows(path)
        else:
            _check_rows_of_earlier(path)
    return "everything in it can be read"


def is_harm(error: sqlite3.Error | UnicodeDecodeError) -> bool:
    """Whether that shows damage. Without a code it is Python's own: a text that is none."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _HARM


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The database as it lies there; all that is read in here is of one moment. Raises
    DatabaseDamaged, or sqlite3.Error.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=TIMEOUT_SECONDS)) as connection:
        # Else Python begins transactions of its own where it thinks that one is needed.
        connection.isolation_level = None
        try:
            connection.execute("BEGIN")
            yield connection
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if is_harm(error):
                raise DatabaseDamaged(english(f"{path} is damaged: {error}.")) from error
            raise


def newer(path: Path) -> StorageError:
    """The database is beyond this version of the app."""
    return StorageError(english(f"{path} was made by a newer BatchGen. Update the app."))


def _steps_done(path: Path) -> int:
    with reading(path) as connection:
        ((version,),) = connection.execute("PRAGMA user_version")
    return int(version)


def event_in(row: Sequence[object]) -> Event | None:
    """The event in a row (seq, batch id, type, data, checksum) with texts as bytes; None where it
    is not what was written.
    """
    try:
        event = read_event(row[3])
    except ValidationError:
        return None
    if row[4] is None:
        is_right = row[1:3] == (event.batch_id.encode(), event.type.encode())
    else:
        is_right = is_whole(row)
    return event if is_right else None


def _check_rows_of_earlier(path: Path) -> None:
    """In a database that was not brought up to date, the log alone."""
    with reading(path) as connection:
        connection.text_factory = bytes
        _check_events(connection, path, _EARLIER_EVENTS)


def _check_events(
    connection: sqlite3.Connection,
    path: Path,
    events: str = _EVENTS,
    progress: ProgressCallback = silent,
) -> bool:
    unsealed = False
    ((end,),) = connection.execute("SELECT ifnull(max(seq), 0) FROM events")
    for place, row in enumerate(connection.execute(events), start=1):
        if place % STRIDE == 1:
            progress(CHECKING, place - 1, end)
        is_sealed = row[4] is not None
        if row[0] != place or not (is_whole(row) if is_sealed else event_in(row)):
            raise DatabaseDamaged(english(f"{path} is damaged: event {place} cannot be read."))
        unsealed = unsealed or not is_sealed
    progress(CHECKING, end, end)
    return unsealed


def _check_gallery(connection: sqlite3.Connection, path: Path) -> None:
    rows = chain.from_iterable(
        connection.execute(f"SELECT {columns}, checksum FROM {table}")  # noqa: S608 - our own names
        for table, columns in _GALLERY.items()
    )
    is_all = all(map(is_whole, rows)) and list(connection.execute(FITS)) == [(1,)]
    if not (is_all and do_words_fit(connection)):
        raise DatabaseDamaged(english(f"{path} is damaged: the gallery in it cannot be read."))


@cache
def _made(objects: str) -> set[tuple[str, ...]]:
    """What a query finds in what the migrations make."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in chain.from_iterable(MIGRATIONS):
            connection.execute(statement)
        return set(connection.execute(objects))


def _check_kind(part: Path, *, may_be_link: bool) -> None:
    try:
        kind = part.lstat().st_mode
    except FileNotFoundError:
        return
    leads_to_file = may_be_link and stat.S_ISLNK(kind) and part.is_file()
    if not (stat.S_ISREG(kind) or leads_to_file):
        raise DatabaseDamaged(english(f"{part} is no file."))


def _start(path: Path, length: int) -> bytes:
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(length)


def _is_head(head: bytes) -> bool:
    """The numbers of the head that SQLite knows only few values of (sqlite.org, "Database File
    Format", section 1.3), and ours.
    """
    if len(head) < 100:
        return False
    writes, reads, *fractions = struct.unpack(">2B1x3B", head[18:24])
    (schema_format,) = struct.unpack(">I", head[44:48])
    encoding, version = struct.unpack(">2I", head[56:64])
    return (
        {writes, reads} <= {1, 2}
        and fractions == [64, 32, 32]
        and schema_format <= 4
        and encoding <= 1
        and version <= MOST_VERSIONS
    )


def _is_wal_head(head: bytes) -> bool:
    if len(head) < 32:
        return False
    magic, *told = struct.unpack(">I20x2I", head)
    order = ">" if magic & 1 else "<"
    first = second = 0
    for one, other in struct.iter_unpack(f"{order}2I", head[:24]):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return magic & ~1 == WAL_MAGIC and told == [first, second]
