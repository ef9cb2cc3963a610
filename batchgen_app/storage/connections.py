"""Connections to the database: opened, their file brought up to date, their transactions."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from functools import cache
from itertools import chain
from pathlib import Path

import aiosqlite

from batchgen_app.core.errors import DatabaseDamaged, StorageError
from batchgen_app.language.message import english, later
from batchgen_app.storage.checkup import newer
from batchgen_app.storage.schema import MIGRATIONS

FULL_TEXT = "CREATE VIRTUAL TABLE words USING fts5 (word)"
NO_FULL_TEXT = later(
    "SQLite {version} of this Python has no full text search (FTS5), so the database cannot be "
    "opened. Your pictures are untouched. Use a Python from python.org or from your system."
)
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # what is committed survives a power cut
    "PRAGMA fullfsync = ON",  # the same on macOS, where a plain sync does not reach the disk
    "PRAGMA foreign_keys = ON",
)


async def connect(path: Path, lock_timeout: float) -> aiosqlite.Connection:
    """A connection that waits ``lock_timeout`` seconds for a lock. Raises sqlite3.Error."""
    # No isolation level: Python begins no transactions of its own, immediate() begins ours.
    connection = await aiosqlite.connect(path, timeout=lock_timeout, isolation_level=None)
    try:
        for pragma in PRAGMAS:
            await connection.execute_fetchall(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


@cache
def require_full_text_search() -> None:
    """Raises StorageError where the SQLite of this Python was built without."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute(FULL_TEXT)
        except sqlite3.Error as error:
            raise StorageError(later(NO_FULL_TEXT, version=sqlite3.sqlite_version)) from error


async def migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Bring the file's shape up to date; of several processes one does it, the others wait. What is
    up to date can be opened while another program writes.
    """
    if await _version(connection) == len(MIGRATIONS):
        return
    async with immediate(connection, lambda: begin(connection)):
        # Asked again under the lock: another process may have done it meanwhile.
        done = await _version(connection)
        if done > len(MIGRATIONS):
            raise newer(path)
        await _take_steps(connection, path, done)
        await connection.execute_fetchall(f"PRAGMA user_version = {len(MIGRATIONS)}")


async def _take_steps(connection: aiosqlite.Connection, path: Path, done: int) -> None:
    """Those that are not ``done``; what stands in their way is not what the file says it is."""
    try:
        for statement in chain.from_iterable(MIGRATIONS[done:]):
            await connection.execute_fetchall(statement)
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            raise DatabaseDamaged(english(f"{path} is damaged: {error}.")) from error
        raise


async def _version(connection: aiosqlite.Connection) -> int:
    ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
    return int(version)


async def begin(connection: aiosqlite.Connection) -> None:
    """Take the write lock. Raises sqlite3.Error."""
    await connection.execute_fetchall("BEGIN IMMEDIATE")


@asynccontextmanager
async def immediate(
    connection: aiosqlite.Connection, begin: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """A transaction that has the write lock from its first moment."""
    try:
        await begin()
        yield
        await connection.execute_fetchall("COMMIT")
    except BaseException:
        # Harmless where BEGIN failed or, after a cancellation, COMMIT came through.
        await connection.rollback()
        raise
