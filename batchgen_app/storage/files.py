"""Whole files or none: written under another name, synced, then renamed."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PARTIAL = ".partial"


def write_new(path: Path, data: bytes) -> None:
    """Make a file that must not change any more; durable when it returns.

    The same file again is fine. Raises FileExistsError where another one has that name.
    """
    with _partial(path, data) as partial:
        try:
            _rename_to_free(partial, path)
        except FileExistsError:
            check_free(path, data)


def check_free(path: Path, data: bytes) -> None:
    """Raises FileExistsError where something else than ``data`` has that name."""
    if path.exists() and path.read_bytes() != data:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def write_over(path: Path, data: bytes, *, is_private: bool = False) -> None:
    """Make a file or replace it in one step; durable when it returns. Only its owner can read a
    private one.
    """
    with _partial(path, data, mode=0o600 if is_private else 0o666) as partial:
        partial.replace(path)


def move(source: Path, target: Path) -> None:
    """Give a file or folder another place in one step; durable when it returns.

    Harmless where there is nothing at ``source``: it was moved before. Raises FileExistsError where
    something else has that place.
    """
    if not source.exists():
        return
    if target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    make_folder(target.parent)
    source.rename(target)
    for folder in (target.parent, source.parent):
        _sync_folder(folder)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; durable when it returns."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def sweep(folder: Path) -> None:
    """Remove what a process that was killed in the middle of writing has left."""
    for leftover in folder.rglob(f".*{PARTIAL}"):
        leftover.unlink(missing_ok=True)


@contextmanager
def _partial(path: Path, data: bytes, mode: int = 0o666) -> Iterator[Path]:
    """``data`` whole and synced in a hidden file beside ``path``; afterwards it is gone."""
    make_folder(path.parent)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PARTIAL}")
    try:
        with open(partial, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield partial
    finally:
        partial.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _rename_to_free(source: Path, target: Path) -> None:
    """Rename unless the name is taken; raises FileExistsError."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: memory cards, some network drives
        if target.exists():
            raise FileExistsError(errno.EEXIST, "taken", str(target)) from None
        source.rename(target)


def _sync_folder(folder: Path) -> None:
    """Make names durable, where a folder can be synced (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
