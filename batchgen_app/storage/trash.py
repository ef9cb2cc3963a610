"""Trash: ``<output-dir>/trash/<batchId>/``, a whole batch in ``batch``, its pictures in ``images``.

Things get there and back by being renamed within one disk, never over something else. To be removed
for good they are set aside first, so that nothing is ever half there. Everything here blocks, and
may raise OSError.
"""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from batchgen_app.storage import files

TRASH = "trash"
"""The folder in that of all pictures."""
BATCH, PICTURES, ASIDE = "batch", "images", ".emptied"
THUMBNAIL = "thumbnails/{index:03d}.webp"


@dataclass(frozen=True)
class Trashed:
    """What lies here of one batch: all of it, or files of single pictures; since when (UTC)."""

    batch_id: str
    is_whole: bool
    filenames: frozenset[str]
    bytes: int
    since: datetime

    @property
    def stems(self) -> frozenset[str]:
        """What the files of single pictures are called, without their endings."""
        return frozenset(Path(name).stem for name in self.filenames)


class Trash:
    """Where deleted things lie until somebody wants them back."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def batch_folder(self, batch_id: str) -> Path:
        """Where a deleted batch has its files."""
        return self._root / batch_id / BATCH

    def batch_ids(self) -> list[str]:
        """The batches that are here as a whole."""
        return [folder.parent.name for folder in self._root.glob(f"*/{BATCH}")]

    def take_batch(self, folder: Path) -> None:
        """A batch folder, with what is in it."""
        files.move(folder, self.batch_folder(folder.name))

    def give_back_batch(self, folder: Path) -> None:
        """Into its place, if it is here."""
        files.move(self.batch_folder(folder.name), folder)
        self._clear_away(folder.name)

    def take_files(self, folder: Path, patterns: Sequence[str]) -> None:
        """Some files of a batch folder, those of the last pattern first."""
        for pattern in reversed(patterns):
            _move_all(pattern, folder, self._pictures(folder))

    def give_back_files(self, folder: Path, patterns: Sequence[str]) -> None:
        """Those of them that are here, those of the last pattern last."""
        for pattern in patterns:
            _move_all(pattern, self._pictures(folder), folder)
        self._clear_away(folder.name)

    def contents(self) -> list[Trashed]:
        """Everything that is here, what came last first."""
        homes = (home for home in self._root.glob("*") if home.name != ASIDE and home.is_dir())
        return sorted(map(_trashed, homes), key=lambda trashed: trashed.since, reverse=True)

    def thumbnail(self, batch_id: str, index: int) -> bytes | None:
        """That of a picture that lies here, alone or with its batch."""
        name = THUMBNAIL.format(index=index)
        for part in (PICTURES, BATCH):
            with suppress(FileNotFoundError):
                return (self._root / batch_id / part / name).read_bytes()
        return None

    def set_aside(self, batch_id: str) -> None:
        """Everything of a batch that is here, in one step: it cannot come back by itself."""
        files.move(self._root / batch_id, self._root / ASIDE / batch_id)

    def left_aside(self) -> list[str]:
        """The batches that were set aside and not removed."""
        return sorted(home.name for home in (self._root / ASIDE).glob("*"))

    def put_back(self, batch_id: str) -> None:
        """What was set aside, into the trash again."""
        files.move(self._root / ASIDE / batch_id, self._root / batch_id)

    def remove_set_aside(self) -> None:
        """For good."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._root / ASIDE)

    def _pictures(self, folder: Path) -> Path:
        return self._root / folder.name / PICTURES

    def _clear_away(self, batch_id: str) -> None:
        """Folders that hold nothing any more."""
        home = self._root / batch_id
        folders = sorted((path for path in home.rglob("*") if path.is_dir()), reverse=True)
        for folder in (*folders, home):
            with suppress(OSError):
                folder.rmdir()


def _move_all(pattern: str, source: Path, target: Path) -> None:
    for path in sorted(source.glob(pattern)):
        files.move(path, target / path.relative_to(source))


def _trashed(home: Path) -> Trashed:
    pictures = home / PICTURES
    return Trashed(
        batch_id=home.name,
        is_whole=(home / BATCH).is_dir(),
        filenames=frozenset(path.name for path in pictures.glob("*") if path.is_file()),
        bytes=sum(path.stat().st_size for path in home.rglob("*") if path.is_file()),
        since=datetime.fromtimestamp(_last_change(home, pictures), UTC),
    )


def _last_change(*folders: Path) -> float:
    return max(folder.stat().st_mtime for folder in folders if folder.exists())
