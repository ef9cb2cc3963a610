"""OpenFolder: a name in it means what lies in that very folder, whatever becomes of its path
meanwhile; and what is not an ordinary file or folder of its own is never opened: a link
leads anywhere, a pipe never answers, a device never ends.

Where a system cannot open folders (Windows), names are looked at before they are used; only
somebody who is quicker than that could still slip a link in between.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Self

from batchgen_app.language.message import Message, later

BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether this system opens folders, and names in them."""

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
# O_NONBLOCK, because to open a pipe would be to wait for its writer; files know no difference.
_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_FOLDER = {errno.ENOTDIR, errno.ELOOP}
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_LINKS = {
    getattr(stat, "IO_REPARSE_TAG_SYMLINK", None),
    getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None),
} - {None}
"""What Windows marks links and junctions with."""


class NotUsed(OSError):
    """Something lies there that is not opened or not read; ``words`` say why and what to do."""

    def __init__(self, words: Message) -> None:
        super().__init__(errno.ELOOP, words)
        self.words = words


class OpenFolder:
    """A context manager: closed in the end. Every verb may raise OSError."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self.descriptor = descriptor

    @classmethod
    def open(cls, path: Path) -> Self:
        """One that a person chose: its path may lead over links. Raises FileNotFoundError, NotUsed
        where it leads to no folder, or in a circle.
        """
        try:
            if BY_DESCRIPTOR:
                return cls(path, os.open(path, _FOLDER))
            _check_is_folder(path)
            return cls(path, None)
        except OSError as error:
            if error.errno in _NO_FOLDER:
                raise NotUsed(_something_else(path)) from error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)

    def inner(self, name: str) -> "OpenFolder":
        """The folder of that name; raises FileNotFoundError, NotUsed."""
        if not is_folder(self.status(name)):
            raise _not_used(self.path / name, self.status(name))
        if self.descriptor is None:
            return OpenFolder(self.path / name, None)
        # What was a folder a moment ago may be a link by now: then the system refuses.
        flags = _FOLDER | _NO_LINK
        return OpenFolder(self.path / name, os.open(name, flags, dir_fd=self.descriptor))

    def made(self, name: str) -> "OpenFolder":
        """The same, made if it is missing; durable."""
        with suppress(FileExistsError):
            os.mkdir(self.name_of(name), dir_fd=self.descriptor)
            self.sync()
        return self.inner(name)

    def status(self, name: str) -> os.stat_result:
        """Of what has that name, a link itself; raises FileNotFoundError."""
        return os.stat(self.name_of(name), dir_fd=self.descriptor, follow_symlinks=False)

    def has(self, name: str) -> bool:
        """Whether anything has that name."""
        with suppress(FileNotFoundError):
            self.status(name)
            return True
        return False

    def file(self, name: str) -> BufferedReader:
        """An ordinary file, to be read; raises FileNotFoundError, NotUsed."""
        if not is_file(self.status(name)):
            raise _not_used(self.path / name, self.status(name))
        descriptor = os.open(self.name_of(name), _FILE | _NO_LINK, dir_fd=self.descriptor)
        # Looked at again, now that it is open: it may have been exchanged since.
        status = os.fstat(descriptor)
        if not is_file(status):
            os.close(descriptor)
            raise _not_used(self.path / name, status)
        return os.fdopen(descriptor, "rb")

    def new_file(self, name: str, mode: int) -> BinaryIO:
        """An empty one, to be written; raises FileExistsError."""
        return os.fdopen(os.open(self.name_of(name), _NEW, mode, dir_fd=self.descriptor), "wb")

    def entries(self) -> Iterator[tuple[str, os.stat_result]]:
        """All that is here, by name, with what each of them is."""
        with os.scandir(self.path if self.descriptor is None else self.descriptor) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    yield entry.name, entry.stat(follow_symlinks=False)

    def link(self, name: str, new: str) -> None:
        """Give a file a second name; raises FileExistsError."""
        here = self.descriptor
        os.link(self.name_of(name), self.name_of(new), src_dir_fd=here, dst_dir_fd=here)

    def rename(self, name: str, target: "OpenFolder", new: str) -> None:
        """Give it another place; what has that place is replaced, if that is possible."""
        os.replace(
            self.name_of(name),
            target.name_of(new),
            src_dir_fd=self.descriptor,
            dst_dir_fd=target.descriptor,
        )

    def unlink(self, name: str) -> None:
        """Remove a file or a link, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self.name_of(name), dir_fd=self.descriptor)

    def remove_empty(self, name: str) -> None:
        """Remove a folder that holds nothing."""
        os.rmdir(self.name_of(name), dir_fd=self.descriptor)

    def sync(self) -> None:
        """Make its names durable, where that can be done (not on Windows)."""
        if self.descriptor is not None:
            os.fsync(self.descriptor)

    def name_of(self, name: str) -> str:
        """What the system is told, beside the ``descriptor``."""
        return name if self.descriptor is not None else str(self.path / name)


def is_file(status: os.stat_result) -> bool:
    """Whether it is an ordinary one."""
    return stat.S_ISREG(status.st_mode) and not _is_link(status)


def is_folder(status: os.stat_result) -> bool:
    """Whether it is one, and no link to one."""
    return stat.S_ISDIR(status.st_mode) and not _is_link(status)


def _check_is_folder(path: Path) -> None:
    if not stat.S_ISDIR(path.stat().st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def _is_link(status: os.stat_result) -> bool:
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", None) in _LINKS


def _not_used(path: Path, status: os.stat_result) -> NotUsed:
    if _is_link(status):
        return NotUsed(
            later(
                "{path} is a link, and links in a batch's folder are not followed. Move it away.",
                path=path,
            )
        )
    return NotUsed(_something_else(path))


def _something_else(path: Path) -> Message:
    return later("{path} is something else than BatchGen keeps there. Move it away.", path=path)
