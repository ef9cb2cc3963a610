"""Trash: ``<output-dir>/trash/<batchId>/``, a whole batch in ``batch``, its pictures in ``images``.

Things get there and back by being renamed within one disk, never over something else. To be
removed for good they are set aside first, so that nothing is ever half there. Everything here
blocks, and may raise OSError.
"""

import logging
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from batchgen_app.storage import atomic_files
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.open_folder import NotUsed, OpenFolder, is_folder
from batchgen_app.storage.pictures import MAX_THUMBNAIL_BYTES

logger = logging.getLogger(__name__)

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

    def batch_folder(self, batch_id: str) -> BatchFolder:
        """Where a deleted batch has its files."""
        return BatchFolder(self._root, batch_id, BATCH)

    def pictures(self, batch_id: str) -> BatchFolder:
        """Where the single pictures of a batch lie that were deleted."""
        return BatchFolder(self._root, batch_id, PICTURES)

    def has(self, batch_id: str) -> bool:
        """Whether anything of a batch is here."""
        return os.path.lexists(self._root / batch_id)

    def batch_ids(self) -> list[str]:
        """The batches that are here as a whole."""
        return [name for name in self._names() if self.batch_folder(name).is_there()]

    def take_batch(self, folder: BatchFolder) -> None:
        """A batch folder, with what is in it."""
        folder.move_all(self.batch_folder(folder.path.name))

    def give_back_batch(self, folder: BatchFolder) -> None:
        """Into its place, if it is here."""
        self.batch_folder(folder.path.name).move_all(folder)
        self._clear_away(folder)

    def take_files(self, folder: BatchFolder, patterns: Sequence[str]) -> None:
        """Some files of a batch folder, those of the last pattern first."""
        # The picture first: what is left of it then is not shown.
        for pattern in reversed(patterns):
            _move_matching(pattern, folder, self.pictures(folder.path.name))

    def give_back_files(self, folder: BatchFolder, patterns: Sequence[str]) -> None:
        """Those of them that are here, those of the last pattern last."""
        for pattern in patterns:
            _move_matching(pattern, self.pictures(folder.path.name), folder)
        self._clear_away(folder)

    def contents(self) -> list[Trashed]:
        """Everything that is here, what came last first. What cannot be looked at is left out."""
        found = filter(None, map(self._trashed, self._names()))
        return sorted(found, key=lambda trashed: trashed.since, reverse=True)

    def thumbnail(self, batch_id: str, index: int) -> bytes | None:
        """That of a picture that lies here, alone or with its batch."""
        name = THUMBNAIL.format(index=index)
        for part in (PICTURES, BATCH):
            with suppress(FileNotFoundError, NotUsed):
                return BatchFolder(self._root, batch_id, part).read(name, MAX_THUMBNAIL_BYTES)
        return None

    def set_aside(self, batch_id: str) -> None:
        """Everything of a batch that is here, in one step: it cannot come back by itself."""
        atomic_files.move(self._root / batch_id, self._root / ASIDE / batch_id)

    def left_aside(self) -> list[str]:
        """The batches that were set aside and not removed."""
        return sorted(home.name for home in (self._root / ASIDE).glob("*"))

    def put_back(self, batch_id: str) -> None:
        """What was set aside, into the trash again."""
        atomic_files.move(self._root / ASIDE / batch_id, self._root / batch_id)

    def remove_set_aside(self) -> None:
        """For good."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._root / ASIDE)

    def _names(self) -> list[str]:
        try:
            with OpenFolder.open(self._root) as root:
                folders = (name for name, status in root.entries() if is_folder(status))
                return sorted(name for name in folders if name != ASIDE)
        except FileNotFoundError:
            return []
        except NotUsed as error:
            logger.warning("%s Nothing can be deleted meanwhile.", error.words)
            return []

    def _clear_away(self, folder: BatchFolder) -> None:
        """Folders that hold nothing any more."""
        BatchFolder(self._root, folder.path.name).clear_away()

    def _trashed(self, batch_id: str) -> Trashed | None:
        try:
            found = BatchFolder(self._root, batch_id).all_files()
            alone = (PurePosixPath(name) for name, _ in found)
            return Trashed(
                batch_id=batch_id,
                is_whole=self.batch_folder(batch_id).is_there(),
                filenames=frozenset(name.name for name in alone if str(name.parent) == PICTURES),
                bytes=sum(status.st_size for _, status in found),
                since=datetime.fromtimestamp(self._last_change(batch_id), UTC),
            )
        except (OSError, ValueError) as error:
            logger.warning("%s in the trash cannot be looked at: %s", batch_id, error)
            return None

    def _last_change(self, batch_id: str) -> float:
        # Of the folders, not of the files: these keep their own time when they are moved.
        folders = (self._root / batch_id, self._root / batch_id / PICTURES)
        return max(path.lstat().st_mtime for path in folders if os.path.lexists(path))


def _move_matching(pattern: str, source: BatchFolder, target: BatchFolder) -> None:
    for name in source.matching(pattern):
        source.move(name, target)
