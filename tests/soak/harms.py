"""What can befall a database: each harm with some luck in it."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from batchgen_app.storage.storage import DATABASE_NAME

PAGE = 4096
TABLES = (
    "events",
    "gallery_batches",
    "gallery_summaries",
    "gallery_workflows",
    "gallery_images",
    "gallery_texts",
    "gallery_finds",
    "gallery_seen",
)
BROKEN_TEXTS = (b"\x00\x00\x00\x00", b"\xff\xfe\xfd\xfc", b"}}}}", b'""""', b"\xed\xa0\x80{")


class Victim:
    """A database that is going to be harmed, and copies of it from earlier."""

    def __init__(self, path: Path, earlier: Path, rng: random.Random) -> None:
        self.path = path
        self.earlier = earlier / DATABASE_NAME
        self.rng = rng

    def part(self, ending: str) -> Path:
        return beside(self.path, ending)

    def any_part(self) -> Path:
        """The database, or what SQLite has written beside it."""
        parts = [part for part in map(self.part, ("", "-wal", "-shm")) if part.exists()]
        return self.rng.choice(parts)

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """For whoever goes behind the app's back."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            triggers = list(
                connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            )
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            for _, statement in triggers:
                connection.execute(statement)


Harm = Callable[[Victim], None]


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def overwrite(path: Path, place: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(data)


def four_bytes_anywhere(victim: Victim) -> None:
    path = victim.any_part()
    if size := path.stat().st_size:
        overwrite(path, victim.rng.randrange(size), victim.rng.randbytes(4))


def four_bytes_of_the_head(victim: Victim) -> None:
    overwrite(victim.path, victim.rng.randrange(100), victim.rng.randbytes(4))


def many_bytes(victim: Victim) -> None:
    path = victim.any_part()
    size = path.stat().st_size
    for _ in range(victim.rng.randrange(2, 200)):
        overwrite(path, victim.rng.randrange(size), victim.rng.randbytes(1))


def a_page_of_garbage(victim: Victim) -> None:
    pages = victim.path.stat().st_size // PAGE
    garbage = victim.rng.choice((bytes(PAGE), victim.rng.randbytes(PAGE)))
    overwrite(victim.path, PAGE * victim.rng.randrange(pages), garbage)


def a_page_in_the_place_of_another(victim: Victim) -> None:
    data = victim.path.read_bytes()
    one, other = (PAGE * victim.rng.randrange(len(data) // PAGE) for _ in range(2))
    overwrite(victim.path, one, data[other : other + PAGE])


def broken_text_in_rows(victim: Victim) -> None:
    """The b-tree stays whole."""
    column = {"events": "data", "gallery_summaries": "summary", "gallery_images": "details"}
    table = victim.rng.choice(list(column))
    with victim.opened() as connection:
        for _ in range(victim.rng.randrange(1, 4)):
            place, text = victim.rng.random(), victim.rng.choice(BROKEN_TEXTS)
            select = f"SELECT rowid, CAST({column[table]} AS BLOB) FROM {table}"
            rowid, data = victim.rng.choice(connection.execute(select).fetchall())
            start = int(place * len(data))
            broken = data[:start] + text + data[start + len(text) :]
            update = f"UPDATE {table} SET {column[table]} = CAST(? AS TEXT) WHERE rowid = ?"
            connection.execute(update, (broken, rowid))


def other_values_in_rows(victim: Victim) -> None:
    """Everything can still be read, but it is not what was written."""
    changes = (
        "UPDATE events SET type = 'image_cancelled' WHERE seq = {}",
        "UPDATE events SET batch_id = 'nobody' WHERE seq = {}",
        "UPDATE events SET data = replace(data, '\"index\":2', '\"index\":3') WHERE seq >= {}",
        "UPDATE events SET data = replace(data, '.png', '.jpg') WHERE seq >= {}",
        "UPDATE events SET checksum = checksum + 1 WHERE seq = {}",
        "UPDATE gallery_batches SET deleted = 1 - deleted WHERE rowid = {}",
        "UPDATE gallery_images SET batch_id = (SELECT max(batch_id) FROM gallery_batches)",
        "UPDATE gallery_finds SET rating = 5 WHERE rowid % 2 = {} % 2",
        "UPDATE gallery_texts SET prompt = prompt || ' fox' WHERE text_id = {}",
        "UPDATE gallery_seen SET seq = seq + {}",
        "INSERT INTO gallery_seen VALUES ({})",
    )
    with victim.opened() as connection:
        ((end,),) = connection.execute("SELECT max(seq) FROM events")
        place = victim.rng.randint(1, end)
        connection.execute(victim.rng.choice(changes).format(place))


def rows_that_are_gone(victim: Victim) -> None:
    table = victim.rng.choice(TABLES)
    with victim.opened() as connection:
        rows = [rowid for (rowid,) in connection.execute(f"SELECT rowid FROM {table}")]
        for rowid in victim.rng.sample(rows, min(len(rows), victim.rng.randrange(1, 5))):
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))


def a_part_of_the_schema_is_gone(victim: Victim) -> None:
    with closing(sqlite3.connect(victim.path)) as connection, connection:
        select = "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL"
        kind, name = victim.rng.choice(connection.execute(select).fetchall())
        connection.execute(f"DROP {kind} {name}")


def nonsense_in_the_schema(victim: Victim) -> None:
    with closing(sqlite3.connect(victim.path)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        rows = [row for (row,) in connection.execute("SELECT rowid FROM sqlite_schema")]
        change = victim.rng.choice(("sql = 'CREATE nonsense'", "rootpage = 9999", "name = 'x'"))
        connection.execute(
            f"UPDATE sqlite_schema SET {change} WHERE rowid = ?", (victim.rng.choice(rows),)
        )


def cut_off(victim: Victim) -> None:
    path = victim.any_part()
    with path.open("r+b") as file:
        file.truncate(victim.rng.randrange(path.stat().st_size + 1))


def nothing_in_it(victim: Victim) -> None:
    victim.any_part().write_bytes(b"")


def gone(victim: Victim) -> None:
    victim.any_part().unlink()


def all_gone(victim: Victim) -> None:
    for ending in ("", "-wal", "-shm"):
        victim.part(ending).unlink(missing_ok=True)


def garbage_in_its_place(victim: Victim) -> None:
    path = victim.any_part()
    path.write_bytes(victim.rng.randbytes(victim.rng.randrange(1, 60_000)))


def an_older_copy(victim: Victim) -> None:
    all_gone(victim)
    for ending in ("", "-wal"):
        if beside(victim.earlier, ending).exists():
            shutil.copyfile(beside(victim.earlier, ending), victim.part(ending))


def the_side_files_of_an_older_copy(victim: Victim) -> None:
    ending = victim.rng.choice(("-wal", "-shm", ""))
    if beside(victim.earlier, ending).exists():
        shutil.copyfile(beside(victim.earlier, ending), victim.part(ending))


def parts_that_changed_places(victim: Victim) -> None:
    one, other = victim.any_part(), victim.any_part()
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


HARMS: tuple[Harm, ...] = (
    broken_text_in_rows,
    four_bytes_anywhere,
    other_values_in_rows,
    rows_that_are_gone,
    four_bytes_of_the_head,
    many_bytes,
    a_page_of_garbage,
    a_page_in_the_place_of_another,
    a_part_of_the_schema_is_gone,
    nonsense_in_the_schema,
    cut_off,
    nothing_in_it,
    gone,
    all_gone,
    garbage_in_its_place,
    an_older_copy,
    the_side_files_of_an_older_copy,
    parts_that_changed_places,
)
