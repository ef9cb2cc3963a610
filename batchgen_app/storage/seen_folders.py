"""SeenFolders: a folder that was there and is gone is told, and not made anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.faults import in_words


class SeenFolders:
    """Those seen since the app was started: ``root``, which holds the batch folders of an output
    folder, and these.
    """

    def __init__(self, output_dir: Path, root: Path) -> None:
        self._output_dir = output_dir
        self._root = root
        self._seen: set[Path] = set()

    def expect(self, folder: Path) -> None:
        """It is there: if it is not, it is not made anew."""
        self._seen.add(folder)

    @contextmanager
    def writing(self, folder: BatchFolder, name: str) -> Iterator[None]:
        """Raises StorageError, also where a folder was and is not any more: an unplugged drive may
        leave an empty place on another disk, which must not be filled.
        """
        folders = {self._root, folder.path}
        for there in folders & self._seen:
            with in_words(there, there):
                there.stat()
        with in_words(folder.path / name, self._output_dir):
            yield
        self._seen |= folders
