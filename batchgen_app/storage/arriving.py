"""A file on its way to the disk that is too large to be held: it is written as it comes, hidden in
its batch's folder, and gets its name when it is whole.
"""

import asyncio
import hashlib
import os
import secrets
import shutil
from contextlib import suppress
from typing import BinaryIO

from batchgen_app.core.errors import DiskTrouble
from batchgen_app.language.message import later
from batchgen_app.storage import atomic_files
from batchgen_app.storage.batch_folder import BatchFolder, OpenFile
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.open_folder import OpenFolder
from batchgen_app.storage.seen_folders import SeenFolders

KEPT_FREE = 200_000_000
"""Bytes that a large file leaves free: the log and the next pictures need room, too."""
AT_ONCE = 8 * 2**20
"""Bytes that are written in one go."""

NO_ROOM = later(
    "{name} has {size} MB, and the disk with {folder} has {free} MB left, of which {kept} MB are "
    "kept free. Free some space: the file is on the server until then."
)


class ArrivingFile:
    """The one that a server calls ``said``, in ``folder``, which is where it will stay. ``let_go``
    ends it, in place or not.
    """

    def __init__(self, folder: BatchFolder, folders: SeenFolders, said: str) -> None:
        self._folder, self._folders, self.said = folder, folders, said
        self.name = f".{secrets.token_hex(4)}{atomic_files.PARTIAL}"
        self._file: BinaryIO | None = None
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        self.size = 0

    def __len__(self) -> int:
        return self.size

    @property
    def digest(self) -> str:
        """The SHA-256 of what has come."""
        return self._hash.hexdigest()

    async def begin(self, size: int) -> None:
        """It will have so many bytes, 0 where that is not known; what came before is dropped.
        Raises StorageError, a DiskTrouble where it has no room.
        """
        await asyncio.to_thread(self._begin, size)

    async def add(self, piece: bytes) -> None:
        """More has come. Raises StorageError."""
        self._waiting += piece
        if len(self._waiting) >= AT_ONCE:
            await asyncio.to_thread(self._write)

    async def end(self) -> None:
        """All has come. Raises StorageError."""
        await asyncio.to_thread(self._end)

    async def let_go(self) -> None:
        """What still has no name of its own goes away."""
        await asyncio.to_thread(self._let_go)

    def opened(self) -> OpenFile:
        """What has come, to be looked into. Raises OSError."""
        return self._folder.open(self.name)

    def check_free(self, folder: OpenFolder, name: str) -> None:
        """Raises FileExistsError where something else has that name."""
        atomic_files.check_same(folder, name, self.size, self.digest)

    def give_name(self, folder: OpenFolder, name: str) -> None:
        """Have its own name, in the folder that it was made for. The same file again is fine.
        Raises FileExistsError where another one has that name, OSError.
        """
        atomic_files.give_name(folder, self.name, name, self.size, self.digest)

    def _begin(self, size: int) -> None:
        self._let_go()
        self._check_room(size)
        writing = self._folders.writing(self._folder, self.said)
        with writing, self._folder.at(self.name, make=True) as (there, last):
            self._file = there.new_file(last, 0o666)

    def _write(self) -> None:
        assert self._file, "it was begun"
        self._check_room(len(self._waiting))
        with in_words(self._folder.path / self.said):
            self._file.write(self._waiting)
        self._hash.update(self._waiting)
        self.size += len(self._waiting)
        self._waiting.clear()

    def _end(self) -> None:
        self._write()
        assert self._file, "it was begun"
        with in_words(self._folder.path / self.said):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def _let_go(self) -> None:
        if self._file:
            with suppress(OSError):  # what could not be written is not wanted any more
                self._file.close()
            with suppress(OSError), self._folder.opened() as there:
                there.unlink(self.name)
        self._file, self._hash, self.size = None, hashlib.sha256(), 0
        self._waiting.clear()

    def _check_room(self, size: int) -> None:
        root = next(p for p in (self._folder.path, *self._folder.path.parents) if p.exists())
        with in_words(root, root):
            free = shutil.disk_usage(root).free
        if size + KEPT_FREE > free:
            about = {"size": size // 10**6, "free": free // 10**6, "kept": KEPT_FREE // 10**6}
            raise DiskTrouble(later(NO_ROOM, name=self.said, folder=root, **about))
