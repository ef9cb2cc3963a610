"""Mover: the pictures to another folder. Everything is copied and read back, while the old folder
stays as it is and in use; then a start catches up with what changed meanwhile, before anything
else, and uses the new one. The old files go only when a person says so, each only if its copy is
the same. Blocks; every verb raises StorageError, and can be done again after it, or after a death.

Only ordinary files are copied: links are not followed, devices not opened.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from batchgen_app.core.errors import StorageError
from batchgen_app.storage import atomic_files
from batchgen_app.storage.atomic_files import PARTIAL
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.faults import GONE, in_words
from batchgen_app.storage.housekeeping.belongings import walk
from batchgen_app.storage.housekeeping.copying import copy, is_equal, is_same
from batchgen_app.storage.housekeeping.move_checks import (
    MARKER,
    check_empty,
    check_places,
    check_room,
    half_marked,
    is_marked,
)
from batchgen_app.storage.open_folder import NotUsed, OpenFolder, is_file
from batchgen_app.storage.trash import ASIDE, BATCH, PICTURES, TRASH

BATCHES = "batches"
DOCUMENT = "batch.json"
DEEPEST = 8
Told = Callable[[int, int], object]
"""Is told how many bytes of how many are done; may raise, to stop."""


def unheard(done: int, total: int) -> None:
    """For whoever does not want to know."""


@dataclass(frozen=True)
class Left:
    """What stays in the old folder: it is not in the new one, or it is another there."""

    files: int = 0
    bytes: int = 0


class Mover:
    """From ``source`` to ``target``."""

    def __init__(self, source: Path, target: Path, told: Told = unheard) -> None:
        self.source = source
        self.target = target
        self._told = told
        self._done = self._total = 0

    def begin(self) -> None:
        """See that it can be done, and mark the new folder."""
        check_places(self.source, self.target)
        check_empty(self.source, self.target)
        check_room(self.source, self.target, self._missing_bytes())
        with in_words(self.target, self.target):
            atomic_files.make_folder(self.target)
            atomic_files.write_over(self.target / MARKER, str(self.source).encode())
            for left_over in half_marked(self.target):
                left_over.unlink(missing_ok=True)

    def copy(self) -> int:
        """Copy what is not there yet; gives how many files that were."""
        self._require_target()
        self._done, self._total = 0, self.source_bytes()
        copied = 0
        for name, status in self._files(self.source):
            with self._looking_after(name):
                copied += self._copied(name, status)
            self._told(self._done, self._total)
        return copied

    def catch_up(self) -> None:
        """Make the new folder like the old one, while nobody is at work in either."""
        self._require_source()
        self.copy()
        there = {name for name, _ in self._files(self.source)}
        for name in [name for name, _ in self._files(self.target) if name not in there]:
            if self._is_stale(name, there):
                with in_words(self.target / name), self._at(self.target, name) as (folder, last):
                    folder.unlink(last)
        with in_words(self.target):
            for part in (BATCHES, TRASH):
                BatchFolder(self.target, part).sweep()
        self._clear_away(self.target)

    def unmark(self) -> None:
        """The new folder is used: it is one like any other."""
        with suppress(OSError):
            (self.target / MARKER).unlink()

    def free(self) -> Left:
        """Remove from the old folder what is the same in the new one; gives what stays."""
        self._done, self._total = 0, self.source_bytes()
        files = size = 0
        for name, status in list(self._files(self.source)):
            if self._has_copy(name):
                with in_words(self.source / name), self._at(self.source, name) as (folder, last):
                    folder.unlink(last)
            else:
                files, size = files + 1, size + status.st_size
            self._done += status.st_size
            self._told(self._done, self._total)
        self._clear_away(self.source)
        return Left(files, size)

    def source_bytes(self) -> int:
        """What the old folder holds."""
        return sum(status.st_size for _, status in self._files(self.source))

    def _missing_bytes(self) -> int:
        there = {name: status.st_size for name, status in self._files(self.target)}
        return sum(s.st_size for n, s in self._files(self.source) if there.get(n) != s.st_size)

    def _copied(self, name: str, status: os.stat_result) -> bool:
        before = self._done
        with (
            self._at(self.source, name) as (here, last),
            self._at(self.target, name, make=True) as (there, _),
        ):
            is_there = is_same(here, there, last, status)
            if not is_there:
                copy(here, there, last, self._add)
        self._done = before + status.st_size
        return not is_there

    def _add(self, count: int) -> None:
        self._done += count
        self._told(self._done, self._total)

    @contextmanager
    def _looking_after(self, name: str) -> Iterator[None]:
        """What is gone from the old folder since it was listed was moved, and is met where it is
        now; but not where one of the folders themselves is gone.
        """
        self._require_target()
        try:
            with in_words(self.target / name, self.target):
                yield
        except StorageError as error:
            if not isinstance(error.__cause__, FileNotFoundError | NotUsed):
                raise
            self._require_target()
            self._require_source()
            if os.path.lexists(self.source / name):
                raise

    def _require_target(self) -> None:
        if not is_marked(self.source, self.target):
            gone = FileNotFoundError("the marker is gone")
            raise GONE.error(self.target, self.target, gone)

    def _require_source(self) -> None:
        """An unplugged disk leaves an empty place, and nothing may be taken for deleted then."""
        with in_words(self.source, self.source):
            is_there = self.source.is_dir() and any(self.source.iterdir())
            has_copies = any(True for _ in self._files(self.target))
        if has_copies and not (is_there and (self.source / BATCHES).is_dir()):
            gone = FileNotFoundError("nothing is there")
            raise GONE.error(self.source, self.source, gone)

    def _is_stale(self, name: str, there: set[str]) -> bool:
        """Whether a copy is out of place: what it was copied from lies elsewhere by now, or the
        trash that it lay in was emptied.
        """
        if any(other in there for other in _elsewhere(name)):
            return True
        return name.startswith(f"{TRASH}/")

    def _has_copy(self, name: str) -> bool:
        """Whether the file is in the new folder, in its place or where it was moved since. A
        batch's own file is written anew there with each mark.
        """
        places = (name, *_elsewhere(name))
        if any(self._is_copy(name, place) for place in places):
            return True
        is_document = PurePosixPath(name).name == DOCUMENT
        return is_document and any(BatchFolder(self.target).has_file(place) for place in places)

    def _is_copy(self, name: str, other: str) -> bool:
        with (
            suppress(OSError),  # what cannot be compared stays
            self._at(self.source, name) as (here, last),
            self._at(self.target, other) as (there, new),
        ):
            return is_equal(here, last, there, new)
        return False

    @staticmethod
    def _files(root: Path) -> Iterator[tuple[str, os.stat_result]]:
        for part in (BATCHES, TRASH):
            with in_words(root / part), ExitStack() as stack:
                try:
                    folder = stack.enter_context(BatchFolder(root, part).opened())
                except (FileNotFoundError, NotUsed):
                    continue
                for name, status in walk(folder, DEEPEST):
                    is_set_aside = part == TRASH and name.startswith(f"{ASIDE}/")
                    if is_file(status) and not (is_set_aside or name.endswith(PARTIAL)):
                        yield f"{part}/{name}", status

    @staticmethod
    @contextmanager
    def _at(root: Path, name: str, *, make: bool = False) -> Iterator[tuple[OpenFolder, str]]:
        with BatchFolder(root).at(name, make=make) as found:
            yield found

    @staticmethod
    def _clear_away(root: Path) -> None:
        for part in (BATCHES, TRASH):
            for inner in sorted((root / part).glob("*")) if (root / part).is_dir() else ():
                BatchFolder(root, part, inner.name).clear_away()


def _elsewhere(name: str) -> tuple[str, ...]:
    """Where a file lies that is moved to the trash, alone or with its batch, or back."""
    part, batch_id, *rest = name.split("/")
    if not rest:
        return ()
    if part == BATCHES:
        inner = "/".join(rest)
        return f"{TRASH}/{batch_id}/{BATCH}/{inner}", f"{TRASH}/{batch_id}/{PICTURES}/{inner}"
    way, *inner_parts = rest
    inner = "/".join(inner_parts)
    other = PICTURES if way == BATCH else BATCH
    return f"{BATCHES}/{batch_id}/{inner}", f"{TRASH}/{batch_id}/{other}/{inner}"
