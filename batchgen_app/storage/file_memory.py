"""The files of a folder, and what was made of them for as long as they stay as they are."""

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from batchgen_app.storage.faults import in_words

T = TypeVar("T")
Stamp: TypeAlias = tuple[int, int, int, int]


class FileMemory(Generic[T]):
    """Reads a file once and again only where another one has its name, or its size or times are
    others. What is raised at reading is not remembered.
    """

    def __init__(self, read: Callable[[Path], T]) -> None:
        self._read = read
        self._known: dict[Path, tuple[Stamp, T]] = {}

    def of(self, path: Path) -> T:
        """What was read, now or earlier; raises what reading does."""
        stamp = stamp_of(path)  # before it is read: what changes meanwhile is seen the next time
        known = self._known.get(path)
        if known and known[0] == stamp:
            return known[1]
        made = self._read(path)
        if stamp:
            self._known[path] = stamp, made
        return made

    def forget_all_but(self, paths: Collection[Path]) -> None:
        """Of these and no others something stays in memory."""
        for path in set(self._known) - set(paths):
            self._known.pop(path, None)


def files_in(folder: Path, endings: tuple[str, ...] = ("",)) -> list[Path]:
    """Sorted, without those that systems hide, and put beside the files of others; none where there
    is no folder. Raises StorageError.
    """
    with in_words(folder):
        there = list(folder.iterdir()) if folder.is_dir() else []
        return sorted(
            path
            for path in there
            if path.name.lower().endswith(endings) and path.name[0] != "." and path.is_file()
        )


def stamp_of(path: Path) -> Stamp | None:
    """Another one where the file is; None where there is none."""
    with suppress(OSError):
        status = path.stat()
        return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
    return None
