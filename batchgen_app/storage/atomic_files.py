"""Whole files or none: written under another name, synced, then renamed.

In a ``OpenFolder``, where nobody can lead the way elsewhere; and by path, for folders that a person
chose.
"""

import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from batchgen_app.storage.open_folder import BY_DESCRIPTOR, OpenFolder, is_file, is_folder

PARTIAL = ".partial"
LEFT_OVER = re.compile(r"\..+\.[0-9a-f]{8}\.partial")
LEFT_OVER_SECONDS = 60
"""Since it was written to; nobody takes as long between that and its rename."""


def write_new(folder: OpenFolder, name: str, data: bytes) -> None:
    """Make a file that must not change any more; durable when it returns.

    The same file again is fine. Raises FileExistsError where another one has that name.
    """
    with _partial(folder, name, data) as partial:
        try:
            _rename_to_free(folder, partial, name)
        except FileExistsError:
            check_free(folder, name, data)


def check_free(folder: OpenFolder, name: str, data: bytes) -> None:
    """Raises FileExistsError where something else than ``data`` has that name."""
    if folder.has(name) and not _holds(folder, name, data):
        raise _taken(folder.path / name)


def check_same(folder: OpenFolder, name: str, size: int, digest: str) -> None:
    """Raises FileExistsError where something else than so many bytes with this SHA-256 has that
    name.
    """
    if folder.has(name) and not _is_same(folder, name, size, digest):
        raise _taken(folder.path / name)


def give_name(folder: OpenFolder, partial: str, name: str, size: int, digest: str) -> None:
    """The name of its own for a hidden file that is whole and synced: it must not change any more.
    Durable when it returns. The same file again is fine. Raises FileExistsError where another one
    has that name.
    """
    try:
        _rename_to_free(folder, partial, name)
    except FileExistsError:
        check_same(folder, name, size, digest)
    folder.unlink(partial)
    folder.sync()


def put(folder: OpenFolder, name: str, data: bytes, *, mode: int = 0o666) -> None:
    """Make a file or replace it in one step; durable when it returns."""
    with _partial(folder, name, data, mode) as partial:
        folder.rename(partial, folder, name)


def move_within(source: OpenFolder, name: str, target: OpenFolder, new: str) -> None:
    """Give a file or folder another place in one step; durable when it returns.

    Harmless where there is nothing of that name: it was moved before. Raises FileExistsError where
    something else has that place.
    """
    if not source.has(name):
        return
    if target.has(new):
        raise _taken(target.path / new)
    source.rename(name, target, new)
    for folder in (target, source):
        folder.sync()


def sweep(folder: OpenFolder) -> None:
    """Remove what a process that was killed in the middle of writing has left."""
    for name, status in list(folder.entries()):
        if name.startswith(".") and name.endswith(PARTIAL) and not is_folder(status):
            folder.unlink(name)


def sweep_shared(path: Path) -> None:
    """The same in a folder into which other processes may be writing, and people: only files of
    such a name, after a while. It may be missing. Raises OSError.
    """
    if not path.is_dir():
        return
    oldest = time.time() - LEFT_OVER_SECONDS
    with OpenFolder.open(path) as folder:
        for name, status in list(folder.entries()):
            if LEFT_OVER.fullmatch(name) and is_file(status) and status.st_mtime < oldest:
                folder.unlink(name)


def write_over(path: Path, data: bytes, *, is_private: bool = False) -> None:
    """Make a file or replace it in one step; durable when it returns. Only its owner can read a
    private one.
    """
    make_folder(path.parent)
    with OpenFolder.open(path.parent) as folder:
        put(folder, path.name, data, mode=0o600 if is_private else 0o666)


def move(source: Path, target: Path) -> None:
    """``move_within``, by path."""
    if not os.path.lexists(source):
        return
    make_folder(target.parent)
    with OpenFolder.open(source.parent) as here, OpenFolder.open(target.parent) as there:
        move_within(here, source.name, there, target.name)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; durable when it returns."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    if BY_DESCRIPTOR:
        with OpenFolder.open(folder.parent) as above:
            above.sync()


@contextmanager
def _partial(folder: OpenFolder, name: str, data: bytes, mode: int = 0o666) -> Iterator[str]:
    """``data`` whole and synced in a hidden file beside ``name``; afterwards it is gone."""
    partial = f".{name}.{secrets.token_hex(4)}{PARTIAL}"
    try:
        with folder.new_file(partial, mode) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield partial
    finally:
        folder.unlink(partial)
    folder.sync()


def _holds(folder: OpenFolder, name: str, data: bytes) -> bool:
    """Whether a file is there that has just this content."""
    status = folder.status(name)
    if not is_file(status) or status.st_size != len(data):
        return False
    with folder.file(name) as file:
        return file.read(len(data) + 1) == data


def _is_same(folder: OpenFolder, name: str, size: int, digest: str) -> bool:
    status = folder.status(name)
    if not is_file(status) or status.st_size != size:
        return False
    with folder.file(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _rename_to_free(folder: OpenFolder, name: str, new: str) -> None:
    """Rename unless the name is taken; raises FileExistsError."""
    try:
        # A second name and not a rename, which would silently replace what has that name.
        folder.link(name, new)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: memory cards, some network drives
        if folder.has(new):
            raise _taken(folder.path / new) from None
        folder.rename(name, folder, new)


def _taken(path: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
