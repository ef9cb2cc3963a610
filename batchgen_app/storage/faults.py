"""What the disk and the database complain about, in words that say what to do; also where folders
of batches are missing: moved, on a drive that is not connected, or the database belongs to
others.
"""

import errno
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.core.errors import DatabaseDamaged, DiskTrouble, InUse, StorageError
from batchgen_app.language.message import Message, later
from batchgen_app.storage.open_folder import NotUsed


@dataclass(frozen=True)
class Fault:
    """A kind of error, and its words about a path, its folder and the room left there."""

    kind: type[StorageError]
    words: Message

    def error(self, path: Path, folder: Path, reason: Exception) -> StorageError:
        """The error to raise for ``reason``."""
        left = _left(folder) if "{left}" in self.words else ""
        about = {"path": path, "folder": folder, "left": left, "error": reason}
        return self.kind(later(self.words, **about))


FULL = Fault(DiskTrouble, later("The disk with {folder} is full{left}. Free some space."))
READ_ONLY = Fault(DiskTrouble, later("{folder} cannot be written. Allow writing there."))
GONE = Fault(DiskTrouble, later("{folder} is not there any more. Bring the folder or drive back."))
SHUT = Fault(
    DiskTrouble, later("{path} cannot be opened. See that its folder is there and can be used.")
)
IN_USE = Fault(
    InUse,
    later(
        "{path} is locked: in use by another program. Close that program, or wait: BatchGen goes "
        "on by itself."
    ),
)
SICK = Fault(DiskTrouble, later("The disk with {folder} does not answer: {error}. Look after it."))
DAMAGED = Fault(
    DatabaseDamaged,
    later(
        "{path} is damaged. The batch folders bring everything back as soon as no batch runs: try "
        "again then."
    ),
)
MOVED = Fault(
    StorageError,
    later("{path} was moved or removed while it was used. Put it back and start BatchGen again."),
)
TAKEN = Fault(
    StorageError,
    later("{path} is already there with something else in it. Move it away, then try again."),
)
OTHER = Fault(StorageError, later("{path} cannot be used: {error}."))

_BY_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.ENOENT: GONE,
    errno.ENOTDIR: GONE,
    errno.ENODEV: GONE,
    errno.ENXIO: GONE,
    errno.ESTALE: GONE,
    errno.ENOTCONN: GONE,
    errno.EBUSY: IN_USE,
    errno.EIO: SICK,
}

_BY_SQLITE_CODE = {
    sqlite3.SQLITE_READONLY_DBMOVED: MOVED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: SHUT,
    sqlite3.SQLITE_BUSY: IN_USE,
    sqlite3.SQLITE_LOCKED: IN_USE,
    sqlite3.SQLITE_IOERR_SHORT_READ: DAMAGED,  # what should be there was cut off
    sqlite3.SQLITE_IOERR_SHMSIZE: FULL,  # no room for what its users share, 32 KB beside it
    sqlite3.SQLITE_IOERR: SICK,
    sqlite3.SQLITE_ERROR: DAMAGED,  # our statements are right: what they speak of is not there
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


@contextmanager
def in_words(path: Path, folder: Path | None = None) -> Iterator[None]:
    """Turn what goes wrong with ``path`` in here into a StorageError; the cause stays attached.
    ``folder`` is what the person knows of it, if that is not the folder it lies in.
    """
    try:
        yield
    except NotUsed as error:
        raise StorageError(error.words) from error
    except FileExistsError as error:
        raise TAKEN.error(Path(error.filename), path.parent, error) from error
    except (OSError, sqlite3.Error) as error:
        raise _fault(error).error(path, folder or path.parent, error) from error


@contextmanager
def database_in_words(path: Path) -> Iterator[None]:
    """The same for a database. Where SQLite's own complaint, or a text in it, is no UTF-8, that is
    damage, too.
    """
    with in_words(path):
        try:
            yield
        except UnicodeDecodeError as error:
            raise DAMAGED.error(path, path.parent, error) from error


def _fault(error: OSError | sqlite3.Error) -> Fault:
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, OTHER)
    # The lowest byte is the kind of error, the rest its shade.
    code = getattr(error, "sqlite_errorcode", 0)
    return _BY_SQLITE_CODE.get(code) or _BY_SQLITE_CODE.get(code & 0xFF, OTHER)


def _left(folder: Path) -> str:
    """How much room there is, if that can be known."""
    try:
        free = shutil.disk_usage(folder).free / 1000**2
        return later(" ({free} MB left)", free=f"{free:.1f}")
    except OSError:
        return ""


def told_of_absent(known: Collection[str], there: Collection[str], folder: Path) -> str:
    """For a person, where of the batches that are ``known`` to have pictures not all are ``there``;
    empty if they are.
    """
    absent = set(known) - set(there)
    if not absent:
        return ""
    about = {"count": len(absent), "total": len(known), "folder": folder}
    if len(absent) == len(known):
        return later(
            "The pictures of this gallery are not in {folder}: not one of the {total} batches that "
            "the database knows has its folder there. Connect the drive that they lie on, or "
            "choose their folder in the settings, and start BatchGen again. Nothing is forgotten "
            "meanwhile.",
            **about,
        )
    return later(
        "Of {total} batches, {count} have no folder in {folder}, so their pictures cannot be "
        "shown. Bring those folders back, or delete these batches in the gallery if they are not "
        "wanted any more. Nothing is forgotten meanwhile.",
        **about,
    )


def folder_missing(batch_id: str, folder: Path) -> Message:
    """That a batch has no folder, in words for a person."""
    return later(
        "The folder of batch {id} is not in {folder}, so its pictures cannot be shown. Connect the "
        "drive that it lies on, or bring the folder back. Nothing is forgotten meanwhile.",
        id=batch_id,
        folder=folder,
    )
