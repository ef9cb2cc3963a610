"""One SQLite file for the event log and the gallery, safe to share between processes.

Two connections, each with a thread of its own: one writes, one transaction at a time, and one
reads, so that nobody sees what is not yet committed and no reader waits for a disk to sync.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Self, TypeAlias

import aiosqlite
import stamina

from batchgen_app.core.errors import DatabaseDamaged, StorageError
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.migrations import MIGRATIONS

BUSY_SECONDS = 10.0
"""How long a transaction waits for another process to finish its own."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # what is committed survives a power cut
    "PRAGMA fullfsync = ON",  # the same on macOS, where a plain sync does not reach the disk
    "PRAGMA foreign_keys = ON",
)

_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"

Row: TypeAlias = Sequence[Any]


async def open_database(path: Path) -> "Database":
    """The database at ``path``, made or brought up to date, every page of it looked at. Raises
    DatabaseDamaged or another StorageError.
    """
    with in_words(path):
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        writer = await _connect(path)
        try:
            await _check(writer, path)
            await _migrate(writer, path)
            return Database(path, writer, await _connect(path))
        except BaseException:
            await writer.close()
            raise


class Database:
    """An open database; every fault of SQLite comes out as a StorageError."""

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection
    ) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        with in_words(self.path):
            try:
                await self._reader.close()
            finally:
                await self._writer.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """All of it or nothing; no other process writes meanwhile; durable once it is left."""
        async with self._turn:
            with in_words(self.path):
                async with _immediate(self._writer):
                    yield self._writer

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query over what is committed."""
        with in_words(self.path):
            return list(await self._reader.execute_fetchall(sql, parameters))

    async def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row of a query, if there is one."""
        return next(iter(await self.rows(sql, parameters)), None)


async def _connect(path: Path) -> aiosqlite.Connection:
    """A connection, set up. Switching to WAL does not wait for another transaction, so it is tried
    again.
    """
    async for attempt in stamina.retry_context(
        on=_is_busy, attempts=None, timeout=BUSY_SECONDS, wait_initial=0.01, wait_max=0.2
    ):
        with attempt:
            return await _connect_once(path)
    raise AssertionError("the loop only ends by returning or raising")


def _is_busy(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & 0xFF == sqlite3.SQLITE_BUSY


async def _connect_once(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        for pragma in PRAGMAS:
            await connection.execute_fetchall(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _check(connection: aiosqlite.Connection, path: Path) -> None:
    """Raises DatabaseDamaged where pages make no sense, or where it is some other app's."""
    ((verdict,),) = await connection.execute_fetchall("PRAGMA quick_check(1)")
    tables = {name for (name,) in await connection.execute_fetchall(_TABLES)}
    if verdict != "ok" or (tables and "events" not in tables):
        raise DatabaseDamaged(f"{path} is damaged or not BatchGen's: {verdict}.")


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Bring the file's shape up to date; of several processes one does it, the others wait."""
    async with _immediate(connection):
        done = await _version(connection)
        if done > len(MIGRATIONS):
            raise StorageError(f"{path} was made by a newer BatchGen. Update the app.")
        for statement in chain.from_iterable(MIGRATIONS[done:]):
            await connection.execute_fetchall(statement)
        await connection.execute_fetchall(f"PRAGMA user_version = {len(MIGRATIONS)}")


async def _version(connection: aiosqlite.Connection) -> int:
    ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
    return int(version)


@asynccontextmanager
async def _immediate(connection: aiosqlite.Connection) -> AsyncIterator[None]:
    """A transaction that has the write lock from its first moment."""
    try:
        await connection.execute_fetchall("BEGIN IMMEDIATE")
        yield
        await connection.execute_fetchall("COMMIT")
    except BaseException:
        # Harmless where BEGIN failed or, after a cancellation, COMMIT came through.
        await connection.rollback()
        raise
