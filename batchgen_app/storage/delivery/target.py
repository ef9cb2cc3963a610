"""Where an export goes: a folder or a ZIP. Nothing of somebody else's is ever written over, a file
is there only when it is whole, and what is there already is not written again. Everything here
blocks and may raise OSError.
"""

import filecmp
import hashlib
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.language.message import later
from batchgen_app.storage.archive import zip_date
from batchgen_app.storage.delivery.parcel import SUMS, Item

PARTIAL = (".batchgen-", ".partial")
"""How a file begins and ends that is not whole yet."""
LEFT_BEHIND = 3600.0
"""Seconds after which such a file is nobody's any more."""


class Target(Protocol):
    """A place for files; each has its name in it, with slashes."""

    def may_have(self, item: Item) -> bool:
        """Whether the name is free for it, or has just this file."""

    def put(self, item: Item) -> bool:
        """Write a file; gives whether it was not there before. Raises InvalidRequest where another
        one is in its place.
        """


class Folder:
    """One on disk; what an earlier pack put there, and nobody has changed, may be renewed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(parents=True, exist_ok=True)
        self._ours = _sums_in(path / SUMS)
        _sweep(path)

    def may_have(self, item: Item) -> bool:
        path = self._path / item.name
        return not os.path.lexists(path) or _is_same(path, item)

    def put(self, item: Item) -> bool:
        path = self._path / item.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with _partial(path.parent) as (partial, descriptor):
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(item.chunks())
                file.flush()
                os.fsync(file.fileno())
            os.utime(partial, (item.written, item.written))
            if os.path.lexists(path):
                return self._renew(path, partial, item.name)
            _settle(partial, path)
        return True

    def _renew(self, path: Path, partial: Path, name: str) -> bool:
        if path.is_file() and filecmp.cmp(path, partial, shallow=False):
            return False
        if not self._is_ours(path, name):
            raise in_the_way(path)
        partial.replace(path)
        return True

    def _is_ours(self, path: Path, name: str) -> bool:
        if name == SUMS:
            return bool(self._ours)
        return path.is_file() and self._ours.get(name) == _digest(path)


class Zip:
    """A ZIP in the making; it has its name when all is in it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def may_have(self, item: Item) -> bool:
        return True

    def put(self, item: Item) -> bool:
        entry = zipfile.ZipInfo(item.name, zip_date(item.written))
        entry.external_attr = 0o100644 << 16
        try:
            with self._archive.open(entry, "w", force_zip64=item.size > 2**31 - 1) as file:
                for chunk in item.chunks():
                    file.write(chunk)
        except BaseException:
            # Half a file is none: its bytes stay, and nobody finds them.
            self._archive.filelist.remove(entry)
            self._archive.NameToInfo.pop(item.name, None)
            raise
        return True


@contextmanager
def opened(path: Path) -> Iterator[Target]:
    """The target that ``path`` stands for: a ZIP by its ending, else a folder. Raises
    InvalidRequest where something else is there.
    """
    if path.suffix.lower() != ".zip" or path.is_dir():
        if os.path.lexists(path) and not path.is_dir():
            raise in_the_way(path)
        yield Folder(path)
        return
    if os.path.lexists(path):
        raise in_the_way(path)
    with _partial(path.parent) as (partial, descriptor):
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                yield Zip(archive)
            file.flush()
            os.fsync(file.fileno())
        _settle(partial, path)


def in_the_way(path: Path) -> InvalidRequest:
    """That something lies there which the export must not touch."""
    message = later(
        "{path} is there already and something else. Nothing was written over: choose another "
        "place, or move it away.",
        path=path,
    )
    return InvalidRequest.of("to", "in_the_way", message)


@contextmanager
def _partial(folder: Path) -> Iterator[tuple[Path, int]]:
    """A file that is gone afterwards, unless it was given its name."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=PARTIAL[0], suffix=PARTIAL[1])
    partial = Path(name)
    try:
        with suppress(OSError):
            partial.chmod(0o644)
        yield partial, descriptor
    finally:
        partial.unlink(missing_ok=True)


def _settle(partial: Path, path: Path) -> None:
    """Give a file its name. Raises InvalidRequest where that was taken meanwhile."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise in_the_way(path) from None
    except OSError:  # a disk without hard links
        if os.path.lexists(path):
            raise in_the_way(path) from None
        partial.rename(path)


def _sweep(folder: Path) -> None:
    """What an export that was killed has left there."""
    begins, ends = PARTIAL
    for left in folder.rglob(f"{begins}*{ends}"):
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime > LEFT_BEHIND:
                left.unlink()


def _is_same(path: Path, item: Item) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != item.size:
        return False
    with path.open("rb") as file:
        return all(file.read(len(chunk)) == chunk for chunk in item.chunks()) and not file.read(1)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sums_in(path: Path) -> dict[str, str]:
    """The checksums of an earlier pack, by name."""
    with suppress(OSError, ValueError):
        lines = path.read_text(encoding="utf-8").splitlines()
        return {line[66:]: line[:64] for line in lines}
    return {}
