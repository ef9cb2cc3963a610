"""Who works on what in a data folder: on a batch, or as the app itself; and waiting for another
program that keeps the database locked, for everybody to know.

The locks are the operating system's. A process that ends lets go of what it held, however it ends.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Self, TypeVar

from filelock import FileLock, Timeout

from batchgen_app.core.errors import AlreadyRunning
from batchgen_app.core.signal import Signal
from batchgen_app.storage import atomic_files
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.running_instance import LOCKS, RunningInstance

FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1
"""Seconds between two tries at what is locked."""
T = TypeVar("T")

APP = "app"
"""Held by the one copy of the app that serves pages for a data folder."""
IMPORTING = "import"
"""Held while pictures are compared with those that there are, and taken in."""


class Locks:
    """The names that this process holds in a data folder; no two processes hold the same. An async
    context manager: in the end every batch is let go.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / LOCKS
        self._held: dict[str, FileLock] = {}
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for name in self._held.keys() - {APP}:
            await self.let_go(name)

    async def take(self, name: str) -> bool:
        """Whether this process holds ``name`` from now on; False where another one does. Raises
        StorageError.
        """
        async with self._turn:  # what is just being let go is nobody else's
            if name not in self._held:
                lock = await asyncio.to_thread(_locked, self._path(name))
                if lock is None:
                    return False
                self._held[name] = lock
            return True

    def is_free(self, name: str) -> bool:
        """Whether nobody holds ``name``, this process neither; where a lock was left behind, it may
        be free all the same. Blocks.
        """
        return not self._path(name).exists()

    async def let_go(self, name: str) -> None:
        """Harmless if it is not held."""
        async with self._turn:
            if lock := self._held.pop(name, None):
                await asyncio.to_thread(_unlock, lock)

    @asynccontextmanager
    async def held(self, name: str) -> AsyncIterator[None]:
        """Hold ``name`` for a while, as soon as no other process does. Raises StorageError."""
        while not await self.take(name):  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(FIRST_PAUSE)
        try:
            yield
        finally:
            await self.let_go(name)

    async def others_are_here(self) -> bool:
        """Whether another process holds anything in this data folder."""
        return await asyncio.to_thread(self._others_are_here)

    def _others_are_here(self) -> bool:
        theirs = (path for path in self._folder.glob("*.lock") if path.stem not in self._held)
        return not all(_is_free(path) for path in theirs)

    @asynccontextmanager
    async def only_app(self) -> AsyncIterator[RunningInstance]:
        """Be the one copy of the app in this data folder. Raises AlreadyRunning, StorageError."""
        running_instance = RunningInstance.of(self._folder.parent)
        if not await self.take(APP):
            raise AlreadyRunning(self._folder.parent, await running_instance.read())
        await running_instance.clear()
        try:
            yield running_instance
        finally:
            await running_instance.clear()
            await self.let_go(APP)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"


def _locked(path: Path) -> FileLock | None:
    # Taken in one thread of the pool and let go in another.
    lock = FileLock(path, thread_local=False)
    with in_words(path), suppress(Timeout):
        atomic_files.make_folder(path.parent)
        lock.acquire(blocking=False)
        return lock
    return None


def _unlock(lock: FileLock) -> None:
    # While it is held: after the release it may be another process's, which would lose its name.
    with suppress(OSError):  # where an open file cannot be removed, an empty one stays behind
        Path(lock.lock_file).unlink()
    lock.release()


def _is_free(path: Path) -> bool:
    if lock := _locked(path):
        _unlock(lock)
    return lock is not None


TELL_SECONDS = 0.4
"""How long another process's transaction is waited for without a word."""


class Lockout:
    """Not locked at first. ``tell`` is called with the words when that begins, ``changed``: that
    has begun or is over.
    """

    def __init__(self, tell: Callable[[str], object] = str) -> None:
        self._tell = tell
        self.words = ""
        """What is locked and what to do, for a person; empty while nothing is."""
        self.changed = Signal[[]]()

    def begin(self, words: str) -> None:
        """Harmless while it is known already."""
        if not self.words:
            self._tell(words)
            self._change(words)

    def end(self) -> None:
        """Harmless where nothing is locked."""
        if self.words:
            self._change("")

    def _change(self, words: str) -> None:
        self.words = words
        self.changed.emit()


async def once_free(
    work: Callable[[], Awaitable[T]],
    *,
    lock_timeout: Callable[[], float],
    when_long: Callable[[], None],
) -> T:
    """What ``work`` gives, begun anew as long as another process has the database; if that is long,
    ``when_long`` is called.
    """
    began, pause = time.monotonic(), FIRST_PAUSE
    while True:
        try:
            return await work()
        except sqlite3.Error as error:
            passed = time.monotonic() - began
            if not _is_busy(error) or passed >= lock_timeout():
                raise
        if passed >= TELL_SECONDS:
            when_long()
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _is_busy(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & 0xFF == sqlite3.SQLITE_BUSY
