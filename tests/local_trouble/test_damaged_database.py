"""A database that breaks while a batch runs, and one that somebody else keeps for himself."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from batchgen_app.core.batch import BatchStatus
from batchgen_app.demo import Hold, Moment
from batchgen_app.storage import database
from batchgen_app.storage.memory import DATABASE_NAME
from tests.studio import studio, until

COUNT = 4


def break_log(folder: Path) -> None:
    """The table of events points to where nothing is, as after a fault of the disk."""
    with closing(sqlite3.connect(folder / "data" / DATABASE_NAME)) as other, other:
        other.execute("PRAGMA writable_schema = ON")
        other.execute("UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'events'")
        ((version,),) = other.execute("PRAGMA schema_version")
        other.execute(f"PRAGMA schema_version = {version + 1}")


async def test_the_batch_stops_in_words_and_the_next_start_brings_everything_back(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=3, moment=Moment.VIEWED)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(batchCount=COUNT)
        await hold.reached.wait()
        await asyncio.to_thread(break_log, tmp_path)
        hold.released.set()
        await here.end(batch)
        assert batch.interrupted
        assert "is damaged. Start BatchGen again" in (batch.ended_because or "")
    async with studio(tmp_path) as here:
        assert any("The database was damaged" in notice for notice in here.app.notices)
        found = await here.end(await here.app.desk.batch(batch.batch_id))
        assert (found.seeds, found.completed_images, found.interrupted) == (batch.seeds, 3, True)
        await here.app.desk.resume(batch.batch_id)
        assert (await here.end(found)).completed_images == COUNT
        assert (await here.app.memory.log.of_batch(batch.batch_id))[-1].event.type == (
            "batch_completed"
        )


async def test_a_database_that_another_program_locks_is_waited_for_visibly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(batchCount=COUNT)
        await hold.reached.wait()
        path = tmp_path / "data" / DATABASE_NAME
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            hold.released.set()
            await until(lambda: "in use by another program" in (batch.server_trouble or ""))
            other.execute("ROLLBACK")
        assert (await here.end(batch)).status is BatchStatus.COMPLETE
        assert batch.completed_images == COUNT
