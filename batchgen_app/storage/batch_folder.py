"""BatchFolder: the one way to what lies in a batch's folder, for reading and for writing.

Folders of batches come from anywhere: from another disk, out of an archive, from a friend. So
nothing in them leads out of them: only ordinary files are opened, in folders that are no links,
and only as much is read as fits. The folder of all batches is a person's own choice and may well
be a link, to a larger disk for instance; that of one batch may not: what is reached by it would
be somebody else's files, read, written and removed as if they were pictures.
"""

import fnmatch
import io
import os
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import Protocol, Self

from batchgen_app.language.message import later
from batchgen_app.storage import atomic_files
from batchgen_app.storage.open_folder import NotUsed, OpenFolder, is_file, is_folder

DEEPEST = 6
"""Levels of folders that are looked into; ours are three deep."""


@dataclass(frozen=True)
class OpenFile:
    """An ordinary file, open for reading; whoever is handed it closes it."""

    name: str
    file: io.BufferedReader | io.BytesIO
    status: os.stat_result

    @classmethod
    def of(cls, name: str, data: bytes, made_at: int | None = None) -> Self:
        """One that lies nowhere, made just now, or at a time in seconds since 1970."""
        at = int(time.time()) if made_at is None else made_at
        fields = (stat.S_IFREG | 0o600, 0, 0, 1, 0, 0, len(data), *(at,) * 3)
        return cls(name, io.BytesIO(data), os.stat_result(fields))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


@dataclass(frozen=True)
class FolderFile:
    """A file in a batch's folder, there or not."""

    folder: "BatchFolder"
    name: str

    @property
    def path(self) -> Path:
        """For people and messages, not for opening."""
        return self.folder.path / self.name

    def open(self, most: int) -> OpenFile:
        """One of at most so many bytes. Raises FileNotFoundError, NotUsed, OSError."""
        there = self.folder.open(self.name)
        if there.status.st_size > most:
            there.file.close()
            raise _too_large(self.path, most)
        return there


class Arrived(Protocol):
    """What was too large to be held lies in the folder already, hidden."""

    def check_free(self, folder: OpenFolder, name: str) -> None:
        """As ``atomic_files.check_free``."""

    def give_name(self, folder: OpenFolder, name: str) -> None:
        """As ``atomic_files.write_new``."""


class BatchFolder:
    """``parts`` below ``root``. The root may be reached over links, the rest not. A ``name`` is
    relative, with slashes. Every verb blocks, and may raise OSError.
    """

    def __init__(self, root: Path, *parts: str) -> None:
        self._root = root
        self._parts = parts
        self.path = root.joinpath(*parts)

    def below(self, *parts: str) -> "BatchFolder":
        """A folder in it."""
        return BatchFolder(self._root, *self._parts, *parts)

    def open(self, name: str) -> OpenFile:
        """Raises FileNotFoundError, NotUsed."""
        with self.at(name) as (folder, last):
            file = folder.file(last)
        return OpenFile(last, file, os.fstat(file.fileno()))

    def read(self, name: str, most: int) -> bytes:
        """All of a file; raises FileNotFoundError, and NotUsed if it has over ``most`` bytes."""
        with self.open(name) as opened:
            if opened.status.st_size <= most and len(data := opened.file.read(most + 1)) <= most:
                return data
        raise _too_large(self.path / name, most)

    def has_file(self, name: str) -> bool:
        """Whether an ordinary one is there."""
        with suppress(FileNotFoundError, NotUsed), self.at(name) as (folder, last):
            return is_file(folder.status(last))
        return False

    def is_there(self) -> bool:
        """Whether it is a folder."""
        with suppress(FileNotFoundError, NotUsed), self.opened():
            return True
        return False

    def matching(self, pattern: str) -> list[str]:
        """What lies there, of whatever kind; only the last part of the pattern may have stars."""
        with suppress(FileNotFoundError, NotUsed), self.at(pattern) as (folder, last):
            names = sorted(fnmatch.filter((name for name, _ in folder.entries()), last))
            return [str(PurePosixPath(pattern).with_name(name)) for name in names]
        return []

    def all_files(self) -> list[tuple[str, os.stat_result]]:
        """Every ordinary file in it, and in its folders."""
        with suppress(FileNotFoundError, NotUsed), self.opened() as folder:
            return list(_walk(folder, DEEPEST))
        return []

    def check_free(self, name: str, data: "bytes | Arrived") -> None:
        """Raises FileExistsError where something else than ``data`` has that name."""
        with suppress(FileNotFoundError, NotUsed), self.at(name) as (folder, last):
            if isinstance(data, bytes):
                atomic_files.check_free(folder, last, data)
            else:
                data.check_free(folder, last)

    def write_new(self, name: str, data: "bytes | Arrived") -> None:
        """``atomic_files.write_new``; folders are made."""
        with self.at(name, make=True) as (folder, last):
            if isinstance(data, bytes):
                atomic_files.write_new(folder, last, data)
            else:
                data.give_name(folder, last)

    def write_over(self, name: str, data: bytes) -> None:
        """Make a file or replace what has its name, in one step; folders are made."""
        with self.at(name, make=True) as (folder, last):
            atomic_files.put(folder, last, data)

    def put_aside(self, name: str, ending: str) -> str:
        """Give what lies there a name with another ending, which is free; gives it. Raises
        FileNotFoundError.
        """
        path = PurePosixPath(name)
        with self.at(name) as (folder, last):
            folder.status(last)
            tries = chain([""], (f".{number}" for number in count(2)))
            names = (f"{path.stem}{number}{ending}" for number in tries)
            new = next(free for free in names if not folder.has(free))
            folder.rename(last, folder, new)
        return str(path.with_name(new))

    def move(self, name: str, target: "BatchFolder") -> None:
        """To the same place in another folder; harmless if it is not there. Raises
        FileExistsError.
        """
        with suppress(FileNotFoundError), self.at(name) as (here, last):
            here.status(last)
            with target.at(name, make=True) as (there, _):
                atomic_files.move_within(here, last, there, last)

    def move_all(self, target: "BatchFolder") -> None:
        """The folder itself becomes ``target``; harmless if it is not there. A link in its place is
        what is moved, not what it leads to. Raises FileExistsError.
        """
        with suppress(FileNotFoundError), self.above() as (here, name):
            here.status(name)
            with target.above(make=True) as (there, new):
                atomic_files.move_within(here, name, there, new)

    def sweep(self) -> None:
        """Remove what a process that was killed in the middle of writing has left."""
        with suppress(FileNotFoundError), self.opened() as folder:
            _sweep(folder, DEEPEST)

    def clear_away(self) -> None:
        """Folders in it that hold nothing, and itself if it does not."""
        with suppress(OSError), self.above() as (above, name):
            _clear_away(above, name, DEEPEST)

    @contextmanager
    def opened(self, *, make: bool = False) -> Iterator[OpenFolder]:
        """The folder, open; made if that is asked."""
        with self.at("", make=make) as (folder, _):
            yield folder

    @contextmanager
    def above(self, *, make: bool = False) -> Iterator[tuple[OpenFolder, str]]:
        """The folder that it lies in, and its name there."""
        *above, name = self._parts
        with BatchFolder(self._root, *above).opened(make=make) as folder:
            yield folder, name

    @contextmanager
    def at(self, name: str, *, make: bool = False) -> Iterator[tuple[OpenFolder, str]]:
        """The folder that ``name`` lies in, and its last part."""
        *inner, last = name.split("/")
        with ExitStack() as stack:
            if make:
                atomic_files.make_folder(self._root)
            folder = stack.enter_context(OpenFolder.open(self._root))
            # Each from the open folder before it: a path could be led elsewhere meanwhile.
            for part in (*self._parts, *inner):
                folder = stack.enter_context(folder.made(part) if make else folder.inner(part))
            yield folder, last


def _too_large(path: Path, most: int) -> NotUsed:
    return NotUsed(
        later(
            "{path} is larger than {most} MB, so it is not read. Move it away.",
            path=path,
            most=most // 10**6,
        )
    )


def _walk(folder: OpenFolder, deepest: int) -> Iterator[tuple[str, os.stat_result]]:
    for name, status in list(folder.entries()):
        if is_file(status):
            yield name, status
        elif is_folder(status) and deepest:
            with suppress(OSError), folder.inner(name) as inner:
                for more, its in _walk(inner, deepest - 1):
                    yield f"{name}/{more}", its


def _sweep(folder: OpenFolder, deepest: int) -> None:
    atomic_files.sweep(folder)
    for name, status in list(folder.entries()):
        if is_folder(status) and deepest:
            with folder.inner(name) as inner:
                _sweep(inner, deepest - 1)


def _clear_away(above: OpenFolder, name: str, deepest: int) -> None:
    with above.inner(name) as folder:
        for inner, status in list(folder.entries()):
            if is_folder(status) and deepest:
                with suppress(OSError):
                    _clear_away(folder, inner, deepest - 1)
    above.remove_empty(name)
