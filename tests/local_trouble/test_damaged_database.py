"""A database that breaks while a batch runs."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from batchgen_app.demo import Hold, Moment
from batchgen_app.storage.memory import DATABASE_NAME
from tests.studio import studio

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
