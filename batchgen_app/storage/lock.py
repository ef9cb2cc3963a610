"""Who works on what in a data folder: on a batch, or as the app itself.

The locks are the operating system's. A process that ends lets go of what it held, however it ends.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from batchgen_app.core.errors import AlreadyRunning
from batchgen_app.storage import files
from batchgen_app.storage.doorplate import LOCKS, Doorplate
from batchgen_app.storage.faults import in_words

APP = "app"
"""Held by the one copy of the app that serves pages for a data folder."""


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

    async def let_go(self, name: str) -> None:
        """Harmless if it is not held."""
        async with self._turn:
            if lock := self._held.pop(name, None):
                await asyncio.to_thread(_unlock, lock)

    async def others_are_here(self) -> bool:
        """Whether another process holds anything in this data folder."""
        return await asyncio.to_thread(self._others_are_here)

    def _others_are_here(self) -> bool:
        theirs = (path for path in self._folder.glob("*.lock") if path.stem not in self._held)
        return not all(_is_free(path) for path in theirs)

    @asynccontextmanager
    async def only_app(self) -> AsyncIterator[Doorplate]:
        """Be the one copy of the app in this data folder. Raises AlreadyRunning, StorageError."""
        doorplate = Doorplate.of(self._folder.parent)
        if not await self.take(APP):
            raise AlreadyRunning(self._folder.parent, await doorplate.read())
        await doorplate.clear()
        try:
            yield doorplate
        finally:
            await doorplate.clear()
            await self.let_go(APP)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"


def _locked(path: Path) -> FileLock | None:
    lock = FileLock(path, thread_local=False)
    with in_words(path), suppress(Timeout):
        files.make_folder(path.parent)
        lock.acquire(blocking=False)
        return lock
    return None


def _unlock(lock: FileLock) -> None:
    with suppress(OSError):  # where an open file cannot be removed, an empty one stays behind
        Path(lock.lock_file).unlink()
    lock.release()


def _is_free(path: Path) -> bool:
    if lock := _locked(path):
        _unlock(lock)
    return lock is not None
