"""LockWatch: a database that another program has locked, until it is free again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from batchgen_app.core.errors import InUse, StorageError
from batchgen_app.storage.faults import IN_USE
from batchgen_app.storage.locks import Lockout

LOOK_SECONDS = 0.5
"""Between two looks whether a locked database is free again."""


class LockWatch:
    """As long as the database at ``path`` is locked, ``lockout`` tells so, and ``work`` is tried:
    it raises StorageError until the database is free.
    """

    def __init__(self, path: Path, lockout: Lockout, work: Callable[[], Awaitable[object]]) -> None:
        self._path = path
        self._lockout = lockout
        self._work = work
        self._watcher: asyncio.Task[None] | None = None

    @contextmanager
    def noticing(self) -> Iterator[None]:
        """Notice by what is done in the database whether it is locked."""
        try:
            yield
        except InUse:
            self.begin()
            raise
        self._lockout.end()

    def begin(self) -> None:
        """It is locked: say so, and see to it that somebody notices when it is not any more."""
        self._lockout.begin(locked_in_words(self._path))
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch(), name="locked database")

    async def end(self) -> None:
        """Watch no longer."""
        if self._watcher:
            self._watcher.cancel()
            await asyncio.wait({self._watcher})

    async def _watch(self) -> None:
        is_free = False
        while not is_free:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(StorageError):
                await self._work()
                is_free = True
        self._watcher = None


def locked_in_words(path: Path) -> str:
    """What is wrong with it, for a person."""
    return IN_USE.words.format(path=path)
