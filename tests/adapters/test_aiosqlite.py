"""aiosqlite 0.22.1 has a queue to its connection's thread, into which any work can be put."""

import sqlite3
import threading
from pathlib import Path

import aiosqlite
import pytest

from batchgen_app.adapters.aiosqlite import at_once


async def test_work_has_the_connection_to_itself_in_its_thread(tmp_path: Path) -> None:
    async with aiosqlite.connect(tmp_path / "some.db", isolation_level=None) as connection:

        def work(raw: sqlite3.Connection) -> tuple[int, str]:
            raw.execute("CREATE TABLE prompts (text TEXT)")
            raw.execute("INSERT INTO prompts VALUES ('a red fox')")
            ((count,),) = raw.execute("SELECT count(*) FROM prompts").fetchall()
            return count, threading.current_thread().name

        count, name = await at_once(connection, work)
        assert count == 1
        assert name != threading.current_thread().name
        assert list(await connection.execute_fetchall("SELECT text FROM prompts")) == [
            ("a red fox",)
        ]


async def test_what_goes_wrong_comes_back(tmp_path: Path) -> None:
    async with aiosqlite.connect(tmp_path / "some.db") as connection:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await at_once(connection, lambda raw: raw.execute("SELECT * FROM forests"))
    with pytest.raises(ValueError, match="no active connection"):
        await at_once(connection, lambda raw: raw.execute("SELECT 1"))
