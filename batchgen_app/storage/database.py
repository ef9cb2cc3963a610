"""One SQLite file for the event log and the gallery, safe to share between processes.

Two connections, each with a thread of its own: one writes, one transaction at a time, and one
reads, so that nobody sees what is not yet committed and no reader waits for a disk to sync.
"""

import asyncio
import math
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeAlias, TypeVar

import aiosqlite

from batchgen_app.adapters.aiosqlite import at_once
from batchgen_app.core.errors import DatabaseDamaged, StorageError
from batchgen_app.core.signal import Signal
from batchgen_app.storage.checkup import check_heads, check_pages, check_version
from batchgen_app.storage.connections import connect, immediate, migrate, require_full_text_search
from batchgen_app.storage.faults import DAMAGED, database_in_words
from batchgen_app.storage.integrity import Integrity
from batchgen_app.storage.lock_watch import LockWatch, locked_in_words
from batchgen_app.storage.locks import Lockout, once_free
from batchgen_app.storage.schema import of_columns

TIMEOUT_SECONDS = 10.0
"""How long it is waited for in all, unless the one who opens the database says otherwise."""
TRY_SECONDS = 0.1

_SEAL = """
    UPDATE events SET checksum =
        checksum(seq, CAST(batch_id AS BLOB), CAST(type AS BLOB), CAST(data AS BLOB))
    WHERE checksum IS NULL
"""

Row: TypeAlias = Sequence[Any]
T = TypeVar("T")
Work: TypeAlias = Callable[[sqlite3.Connection], T]


async def open_database(path: Path, lockout: Lockout | None = None) -> "Database":
    """The database at ``path``, made or brought up to date, every page of it looked at. Where
    another program has locked it, ``lockout`` tells, and it is waited for. Raises DatabaseDamaged
    or another StorageError.
    """
    lockout = lockout or Lockout()
    await asyncio.to_thread(require_full_text_search)
    with database_in_words(path):
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        database = await once_free(
            lambda: _open(path, lockout),
            lock_timeout=lambda: math.inf,
            when_long=lambda: lockout.begin(locked_in_words(path)),
        )
    lockout.end()
    return database


class Database:
    """An open database; every fault of SQLite comes out as a StorageError. As long as it is locked,
    ``lockout`` tells so; then ``when_free`` is done, whatever else is wanted meanwhile.
    ``damaged``: something in it could not be read, or is gone.
    """

    def __init__(
        self,
        path: Path,
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        integrity: Integrity,
        lockout: Lockout,
    ) -> None:
        self.path = path
        self.lockout = lockout
        self.lock_timeout = TIMEOUT_SECONDS
        """Seconds that a transaction waits for that of another process; then it raises InUse."""
        self.when_free: list[Callable[[], Awaitable[object]]] = []
        self.damaged = Signal[[]]()
        self._writer = writer
        self._reader = reader
        self._integrity = integrity
        self._turn = asyncio.Lock()
        self._look_turn = asyncio.Lock()
        self._missing: DatabaseDamaged | None = None
        self._is_there = asyncio.Event()
        self._is_there.set()
        self._lock_watch = LockWatch(path, lockout, self._do_what_waits)
        self._file = _file(path)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._lock_watch.end()
        with database_in_words(self.path):
            await self._close_connections()

    async def renew(self, opened: Callable[[], Awaitable["Database"]]) -> None:
        """Let go of the file, and go on with the one that ``opened`` gives. Whoever wants something
        meanwhile waits. Where ``opened`` fails, so does everybody until it is done again.
        """
        async with self._turn:
            self._is_there.clear()
            try:
                with suppress(StorageError), database_in_words(self.path):
                    await self._close_connections()
                self._writer, self._reader, self._integrity = (await opened()).connections
                self._missing, self._file = None, _file(self.path)
            except StorageError as error:
                self._missing = DatabaseDamaged(error.message)
                raise
            finally:
                self._is_there.set()

    def is_replaced(self) -> bool:
        """Whether another file has its place, because another process has repaired it."""
        return _file(self.path) not in {self._file, None}

    @property
    def connections(self) -> tuple[aiosqlite.Connection, aiosqlite.Connection, Integrity]:
        """The one that writes and the one that reads, for whoever goes on with them, and what the
        first is known to have seen.
        """
        return self._writer, self._reader, self._integrity

    async def _close_connections(self) -> None:
        try:
            await self._reader.close()
        finally:
            await self._writer.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """All of it or nothing; no other process writes meanwhile; durable once it is left."""
        async with self._turn:
            with self._lock_watch.noticing(), self._in_words():
                async with immediate(self._writer, self._begin):
                    yield self._writer

    async def write(self, work: Callable[[], Work[T]]) -> T:
        """What the work gives, as a transaction of its own: a single way to the connection's thread
        and back. ``work`` is asked for it when nobody else in this process writes any more. Whoever
        stops waiting does not end it.
        """
        async with self._turn:
            with self._lock_watch.noticing(), self._in_words():
                fits, result = await self._once_free(partial(self._written, work()))
        self._tell_of_harm(fits=fits)
        return result

    def _written(self, work: Work[T], connection: sqlite3.Connection) -> tuple[bool, T]:
        try:
            fits = self._begun(connection)
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()  # harmless where BEGIN failed
            raise
        return fits, result

    def expect(self, end: int) -> None:
        """Note that the log has an event of this number: one that ends before it has lost some."""
        self._integrity.expect(end)

    async def look(self) -> None:
        """Notice whether another program has taken something away: ``damaged`` tells. Every
        transaction does so itself when it begins, and is not waited for.
        """
        async with self._look_turn:
            # A transaction is under way, which has looked itself.
            if self._turn.locked():
                return
            async with self._turn:
                with suppress(StorageError), self._in_words():
                    await self._check()

    def _check_place(self) -> None:
        """Raises DatabaseDamaged where the file has lost its name: what is written into it then
        would never be found again.
        """
        if _file(self.path) != self._file:
            gone = FileNotFoundError("the file is gone")
            raise DAMAGED.error(self.path, self.path.parent, gone)

    async def _check(self) -> None:
        """Raises DatabaseDamaged where nothing may be written into what is left."""
        self._tell_of_harm(fits=await at_once(self._writer, self._integrity.check))

    def _tell_of_harm(self, *, fits: bool) -> None:
        if not fits:
            self.damaged.emit()

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query over what is committed."""
        await self._is_there.wait()
        with self._in_words():
            return list(await self._reader.execute_fetchall(sql, parameters))

    async def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row of a query, if there is one."""
        return next(iter(await self.rows(sql, parameters)), None)

    async def seal(self) -> None:
        """Give a checksum to the events of an earlier version, once they have been checked."""
        async with self.transaction() as connection:
            await connection.create_function("checksum", -1, of_columns, deterministic=True)
            await connection.execute_fetchall(_SEAL)

    async def _begin(self) -> None:
        """Take the write lock, and see that what it protects is still there. Raises InUse,
        DatabaseDamaged where nothing may be written into what is left.
        """
        self._tell_of_harm(fits=await self._once_free(self._begun))

    async def _once_free(self, work: Work[T]) -> T:
        """What ``work`` gives, begun anew as long as another process has the lock."""
        return await once_free(
            lambda: at_once(self._writer, work),
            lock_timeout=lambda: self.lock_timeout,
            when_long=self._lock_watch.begin,
        )

    def _begun(self, connection: sqlite3.Connection) -> bool:
        self._check_place()
        connection.execute("BEGIN IMMEDIATE")
        return self._integrity.check(connection)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            with database_in_words(self.path):
                if self._missing:
                    raise self._missing
                yield
        except DatabaseDamaged:
            self.damaged.emit()
            raise

    async def _do_what_waits(self) -> None:
        async with self.transaction():
            pass
        for work in self.when_free:
            await work()


def _file(path: Path) -> tuple[int, int] | None:
    """Which file that is; None where there is none."""
    with suppress(OSError):
        # By number, not by name: another file may have been put in its place.
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


async def _open(path: Path, lockout: Lockout) -> Database:
    await asyncio.to_thread(check_heads, path)
    # SQLite waits only briefly by itself: once_free() goes on, where a person is told of it.
    writer = await connect(path, TRY_SECONDS)
    try:
        await asyncio.to_thread(check_pages, path)
        await asyncio.to_thread(check_version, path)
        await migrate(writer, path)
        integrity = Integrity(path)
        await at_once(writer, integrity.begin)
        return Database(path, writer, await connect(path, TIMEOUT_SECONDS), integrity, lockout)
    except BaseException:
        await writer.close()
        raise
