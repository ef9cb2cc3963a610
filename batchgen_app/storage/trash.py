"""Trash: ``<output-dir>/trash/<batchId>/``, a whole batch in ``batch``, its pictures in ``images``.

Things get there and back by being renamed within one disk, never over something else. Everything
here blocks, and may raise OSError.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from batchgen_app.storage import files

BATCH, PICTURES = "batch", "images"


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

    def take_files(self, folder: Path, names: Sequence[Path]) -> None:
        """Some files of a batch folder, the last one first."""
        for name in reversed(names):
            files.move(folder / name, self._pictures(folder) / name)

    def give_back_files(self, folder: Path, names: Sequence[Path]) -> None:
        """Those of them that are here, the last one last."""
        for name in names:
            files.move(self._pictures(folder) / name, folder / name)
        self._clear_away(folder.name)

    def _pictures(self, folder: Path) -> Path:
        return self._root / folder.name / PICTURES

    def _clear_away(self, batch_id: str) -> None:
        """Folders that hold nothing any more."""
        home = self._root / batch_id
        folders = sorted((path for path in home.rglob("*") if path.is_dir()), reverse=True)
        for folder in (*folders, home):
            with suppress(OSError):
                folder.rmdir()
