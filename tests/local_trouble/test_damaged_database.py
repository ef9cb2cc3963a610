"""A database that breaks while the app runs."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from batchgen_app.core.errors import StorageError
from batchgen_app.storage.storage import DATABASE_NAME
from tests.faulty_engine import Hold, Moment
from tests.storage.test_damaged_rows import spoil
from tests.studio import studio, until

COUNT = 4


def break_log(folder: Path) -> None:
    """The table of events points to where nothing is, as after a fault of the disk."""
    with closing(sqlite3.connect(folder / "data" / DATABASE_NAME)) as other, other:
        other.execute("PRAGMA writable_schema = ON")
        other.execute("UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'events'")
        ((version,),) = other.execute("PRAGMA schema_version")
        other.execute(f"PRAGMA schema_version = {version + 1}")


def empty_log(folder: Path) -> None:
    """Another program has taken all that has happened away."""
    with closing(sqlite3.connect(folder / "data" / DATABASE_NAME)) as other, other:
        other.execute("DROP TRIGGER events_are_never_removed")
        other.execute("DELETE FROM events")


async def test_a_batch_whose_entries_break_says_so_and_is_brought_back(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch_id = (await here.make()).batch_id
        await until(lambda: not here.app.queue.is_busy)
        here.app.batch_service.forget()  # it has to be read again
        await asyncio.to_thread(spoil, tmp_path / "data", 1, b'"\x00\xff{')
        mended = asyncio.Event()
        here.app.live_repair.done.subscribe(mended.set)
        with pytest.raises(StorageError, match="as soon as no batch runs"):
            await here.app.batch_service.batch(batch_id)
        await mended.wait()
        assert (await here.app.batch_service.batch(batch_id)).completed_images == 3
    async with studio(tmp_path) as here:
        assert (await here.app.batch_service.batch(batch_id)).completed_images == 3


@pytest.mark.parametrize("harm", [break_log, empty_log])
async def test_the_batch_stops_in_words_and_everything_is_brought_back(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    hold, last = Hold(prompt=3, moment=Moment.VIEWED), Hold(prompt=4, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold, last) as here:
        batch = await here.start(batchCount=COUNT)
        for reached in (hold.reached, last.reached):
            await reached.wait()
        await until(lambda: batch.completed_images == 2)  # only the third is left to be stored
        await asyncio.to_thread(harm, tmp_path)
        mended = asyncio.Event()
        here.app.live_repair.done.subscribe(mended.set)
        hold.released.set()
        await here.end(batch)
        assert batch.interrupted
        assert "is damaged. The batch folders" in (batch.ended_because or "")
        await mended.wait()
        last.released.set()
        assert any("The database was damaged" in notice for notice in here.app.notices)
        found = await here.app.batch_service.batch(batch.batch_id)
        assert (found.seeds, found.completed_images, found.interrupted) == (batch.seeds, 3, True)
        await here.app.batch_service.resume(batch.batch_id)
        assert (await here.end(found)).completed_images == COUNT
        assert (await here.app.storage.log.of_batch(batch.batch_id))[-1].event.type == (
            "batch_completed"
        )


@pytest.mark.parametrize("harm", [break_log, empty_log])
async def test_what_was_made_before_the_log_broke_is_no_interruption_afterwards(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    hold = Hold(prompt=3, moment=Moment.VIEWED)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(batchCount=COUNT)
        await until(lambda: batch.completed_images == COUNT - 1)
        await asyncio.to_thread(harm, tmp_path)
        mended = asyncio.Event()
        here.app.live_repair.done.subscribe(mended.set)
        hold.released.set()
        await here.end(batch)
        assert batch.interrupted
        await mended.wait()
        found = await here.app.batch_service.batch(batch.batch_id)
        assert (found.completed_images, found.interrupted) == (COUNT, False)
        assert (await here.events(found))[-1] == "batch_completed"
    async with studio(tmp_path) as here:
        assert (await here.app.batch_service.batch(batch.batch_id)).completed_images == COUNT
