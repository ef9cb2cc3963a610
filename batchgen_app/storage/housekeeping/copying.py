"""One file to another folder: under another name at first, synced, read back, and only then given
its name. So a file that has its name there is whole, whenever the way to it was cut. Blocks.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO

from batchgen_app.core.errors import DiskTrouble
from batchgen_app.language.message import later
from batchgen_app.storage.atomic_files import PARTIAL
from batchgen_app.storage.open_folder import OpenFolder

CHUNK = 1 << 20
_COPIED = f".copied{PARTIAL}"
"""Of any file: no name is too long for it. One after the other is copied."""
MTIME_SECONDS = 2.0
"""Some file systems keep times no better."""


def copy(
    here: OpenFolder, there: OpenFolder, name: str, told: Callable[[int], object] = lambda n: None
) -> None:
    """Make the file of that name, or replace it, with the time it was written at; durable. ``told``
    is told how many more bytes were written, and may raise. Raises OSError, and DiskTrouble where
    what was written reads back as something else.
    """
    there.unlink(_COPIED)
    try:
        with here.file(name) as source:
            status = os.fstat(source.fileno())
            with there.new_file(_COPIED, 0o666) as target:
                digest = _through(source, target, told)
                _flush(target)
        with there.file(_COPIED) as written:
            if hashlib.file_digest(written, "sha256").digest() != digest:
                raise DiskTrouble(
                    later(
                        "What was written to {path} reads back as something else. The pictures are "
                        "safe where they are; choose another disk.",
                        path=there.path / name,
                    )
                )
        _keep_time(there, _COPIED, status)
        there.rename(_COPIED, there, name)
        there.sync()
    finally:
        there.unlink(_COPIED)


def is_same(here: OpenFolder, there: OpenFolder, name: str, status: os.stat_result) -> bool:
    """Whether the copy is there already: by length and time, of a batch's own file by all it says:
    that one is written anew.
    """
    try:
        copied = there.status(name)
    except FileNotFoundError:
        return False
    if copied.st_size != status.st_size:
        return False
    is_as_old = abs(copied.st_mtime - status.st_mtime) <= MTIME_SECONDS
    if is_as_old and not name.endswith(".json"):
        return True
    return is_equal(here, name, there, name)


def is_equal(here: OpenFolder, name: str, there: OpenFolder, new: str) -> bool:
    """Whether two files are the same byte by byte. Raises OSError."""
    with here.file(name) as one, there.file(new) as other:
        if os.fstat(one.fileno()).st_size != os.fstat(other.fileno()).st_size:
            return False
        return all(part == other.read(CHUNK) for part in _parts(one))


def _through(source: BinaryIO, target: BinaryIO, told: Callable[[int], object]) -> bytes:
    digest = hashlib.sha256()
    for part in _parts(source):
        target.write(part)
        digest.update(part)
        told(len(part))
    return digest.digest()


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while part := file.read(CHUNK):
        yield part


def _flush(target: BinaryIO) -> None:
    """To the disk, and out of the memory, where the system can: so that it is read back from
    there.
    """
    target.flush()
    os.fsync(target.fileno())
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _keep_time(folder: OpenFolder, name: str, status: os.stat_result) -> None:
    times = (status.st_atime_ns, status.st_mtime_ns)
    os.utime(folder.name_of(name), ns=times, dir_fd=folder.descriptor)
