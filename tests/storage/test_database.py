"""One SQLite file that survives power cuts, other processes and mistakes."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from batchgen_app.core.errors import InUse, StorageError
from batchgen_app.storage import connections
from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.locks import Lockout
from batchgen_app.storage.schema import MIGRATIONS
from tests.storage.locker import locked
from tests.studio import until

COUNT = "SELECT count(*) FROM gallery_seen"
ADD = "INSERT INTO gallery_seen VALUES (7)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "batchgen.db"


async def count(db: Database) -> int:
    ((number,),) = await db.rows(COUNT)
    return int(number)


async def add_and(db: Database, statement: str) -> None:
    async with db.transaction() as connection:
        await connection.execute_fetchall(ADD)
        await connection.execute_fetchall(statement)


def add_when_free(db: Database) -> asyncio.Event:
    """Tells when that is done."""
    done = asyncio.Event()

    async def add() -> None:
        await add_and(db, "SELECT 1")
        done.set()

    db.when_free.append(add)
    return done


async def test_a_new_database_is_made_with_its_folder_and_keeps_what_it_is_told(
    path: Path,
) -> None:
    async with await open_database(path) as db, db.transaction() as connection:
        await connection.execute_fetchall(ADD)
    async with await open_database(path) as db:
        assert await count(db) == 2


async def test_what_is_committed_survives_a_power_cut_and_keys_are_checked(path: Path) -> None:
    async with await open_database(path) as db:
        pragmas = ["journal_mode", "synchronous", "foreign_keys"]
        assert [await db.row(f"PRAGMA {name}") for name in pragmas] == [("wal",), (2,), (1,)]


async def test_the_file_says_how_far_it_was_brought(path: Path) -> None:
    async with await open_database(path) as db:
        assert await db.row("PRAGMA user_version") == (len(MIGRATIONS),)


async def test_an_older_file_is_brought_up_to_date_and_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await open_database(path) as db, db.transaction() as connection:
        await connection.execute_fetchall(ADD)
    newer = (*MIGRATIONS, ("CREATE TABLE notes (text TEXT)", "CREATE INDEX i ON notes (text)"))
    monkeypatch.setattr(connections, "MIGRATIONS", newer)
    async with await open_database(path) as db:
        assert await db.rows("SELECT * FROM notes") == []
        assert await count(db) == 2


async def test_a_step_that_fails_leaves_the_older_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await open_database(path):
        pass
    newer = (*MIGRATIONS, ("CREATE TABLE notes (text TEXT)", "CREATE TABLE events (seq INTEGER)"))
    monkeypatch.setattr(connections, "MIGRATIONS", newer)
    with pytest.raises(StorageError):
        await open_database(path)
    monkeypatch.undo()
    async with await open_database(path) as db:
        assert await db.rows("SELECT name FROM sqlite_schema WHERE name = 'notes'") == []


async def test_a_file_of_a_newer_app_is_not_touched(path: Path) -> None:
    async with await open_database(path):
        pass
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE colours (name TEXT)")
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StorageError, match="Update the app"):
        await open_database(path)


async def test_many_may_open_a_new_file_at_the_same_moment(path: Path) -> None:
    opened = await asyncio.gather(*(open_database(path) for _ in range(8)))
    assert [await count(db) for db in opened] == [1] * 8
    for db in opened:
        await db.close()


async def test_who_opens_a_new_file_waits_for_whoever_is_setting_it_up(tmp_path: Path) -> None:
    path, lockout = tmp_path / "batchgen.db", Lockout()
    async with locked(path) as let_go:
        opening = asyncio.create_task(open_database(path, lockout))
        await until(lambda: "in use by another program" in lockout.words)
        assert not opening.done()
        let_go()
        async with asyncio.timeout(30), await opening as db:
            assert await count(db) == 1
            assert not lockout.words


async def test_what_is_up_to_date_can_be_opened_while_another_process_writes(path: Path) -> None:
    async with await open_database(path):
        pass
    async with locked(path), asyncio.timeout(30), await open_database(path) as db:
        assert await count(db) == 1
        assert not db.lockout.words


async def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    async with await open_database(path) as db:
        with pytest.raises(StorageError):
            await add_and(db, "no SQL at all")
        assert await count(db) == 1


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(path: Path) -> None:
    async with await open_database(path) as db:
        inside = asyncio.Event()

        async def linger() -> None:
            async with db.transaction() as connection:
                await connection.execute_fetchall(ADD)
                inside.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(linger())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await count(db) == 1
        async with asyncio.timeout(5), db.transaction() as connection:
            await connection.execute_fetchall(ADD)
        assert await count(db) == 2


async def test_nobody_sees_what_is_not_yet_committed(path: Path) -> None:
    async with await open_database(path) as db:
        async with db.transaction() as connection:
            await connection.execute_fetchall(ADD)
            assert await count(db) == 1
        assert await count(db) == 2


async def test_transactions_take_turns(path: Path) -> None:
    async with await open_database(path) as db:

        async def add_one() -> None:
            async with db.transaction() as connection:
                ((before,),) = await connection.execute_fetchall(COUNT)
                await connection.execute_fetchall("INSERT INTO gallery_seen VALUES (?)", (before,))

        await asyncio.gather(*(add_one() for _ in range(20)))
        rows = await db.rows("SELECT seq FROM gallery_seen ORDER BY rowid")
        assert [seq for (seq,) in rows] == [0, *range(1, 21)]


@pytest.fixture
def something_else(tmp_path: Path) -> Path:
    path = tmp_path / "batchgen.db"
    path.write_bytes(b"this is no database, but it is long enough to be read as one" * 100)
    return path


async def test_a_file_that_is_no_database_is_called_damaged(something_else: Path) -> None:
    with pytest.raises(StorageError, match="as soon as no batch runs") as refusal:
        await open_database(something_else)
    assert isinstance(refusal.value.__cause__, sqlite3.DatabaseError)


async def test_a_database_that_somebody_keeps_locked_is_in_use_until_it_is_free(
    path: Path,
) -> None:
    async with await open_database(path) as db:
        told: list[str] = []
        db.lock_timeout = 0.05
        db.lockout.changed.subscribe(lambda: told.append(db.lockout.words))
        add_later = add_when_free(db)
        async with locked(path):
            for _ in range(2):
                with pytest.raises(InUse, match="in use by another program"):
                    async with db.transaction():
                        pytest.fail("two may not write")
            assert len(told) == 1
        async with asyncio.timeout(30):
            await add_later.wait()
        assert told[1:] == [""]
        assert await count(db) == 2


async def test_somebody_who_is_patient_waits_and_everybody_can_know(path: Path) -> None:
    async with await open_database(path) as db:
        async with locked(path) as let_go:
            adding = asyncio.create_task(add_and(db, "SELECT 1"))
            await until(lambda: bool(db.lockout.words))
            assert not adding.done()
            let_go()
            async with asyncio.timeout(30):
                await adding
        assert not db.lockout.words
        assert await count(db) == 2


async def test_a_folder_that_cannot_be_made_is_told_in_words(something_else: Path) -> None:
    with pytest.raises(StorageError, match=r"batchgen\.db is already there"):
        await open_database(something_else / "batchgen.db")


async def test_a_folder_in_the_place_of_the_file_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is no file"):
        await open_database(tmp_path)
