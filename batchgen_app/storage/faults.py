"""What the disk and the database complain about, in words that say what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from batchgen_app.core.errors import StorageError

FULL = "There is no space left for {path}. Free some disk space, then resume."
READ_ONLY = "{path} cannot be written. Allow writing there or choose another folder."
GONE = "{path} is not there any more. Bring the folder or drive back or choose another folder."
SHUT = "{path} cannot be opened. See that its folder is there and can be written."
IN_USE = "{path} is in use by another program. Close it, then try again."
DAMAGED = (
    "{path} is damaged. Move this file away and run batchgen reindex: "
    "the batch folders bring everything back."
)
TAKEN = "{path} is already there with something else in it. Move it away, then try again."
OTHER = "{path} cannot be used: {error}."

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
    errno.EBUSY: IN_USE,
}

_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: SHUT,
    sqlite3.SQLITE_BUSY: IN_USE,
    sqlite3.SQLITE_LOCKED: IN_USE,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what goes wrong with ``path`` in here into a StorageError; the cause stays attached."""
    try:
        yield
    except FileExistsError as error:
        raise StorageError(TAKEN.format(path=error.filename)) from error
    except (OSError, sqlite3.Error) as error:
        raise StorageError(_pattern(error).format(path=path, error=error)) from error


def _pattern(error: OSError | sqlite3.Error) -> str:
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, OTHER)
    # The lowest byte is the kind of error, the rest its shade.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _BY_SQLITE_CODE.get(code, OTHER)
