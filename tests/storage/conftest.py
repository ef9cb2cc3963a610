"""A database and what is kept in it, for stories about storage."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.event_log import EventLog
from tests.storage.diary import Diary
from tests.storage.rooms import Rooms, opened


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """A new database, ``batchgen.db`` in the test's own folder."""
    async with await open_database(tmp_path / "batchgen.db") as database:
        yield database


@pytest.fixture
def log(db: Database) -> EventLog:
    return EventLog(db)


@pytest.fixture
def diary(db: Database) -> Diary:
    return Diary(db)


@pytest.fixture
async def before(tmp_path: Path) -> AsyncIterator[Rooms]:
    """With the database that is going to be lost."""
    async for rooms in opened(tmp_path, "before.db"):
        yield rooms


@pytest.fixture
async def after(tmp_path: Path) -> AsyncIterator[Rooms]:
    """With the same folders and a new database."""
    async for rooms in opened(tmp_path, "after.db"):
        yield rooms
