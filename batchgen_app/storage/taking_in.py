"""A whole batch that was made elsewhere gets its folder, in one step: it is written under a name
that no batch has, and then has its own.
"""

import asyncio
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from batchgen_app.core.ids import is_new_batch_id
from batchgen_app.core.wire import JsonObject
from batchgen_app.storage import batch_json
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.folder_pictures import thumbnail_name
from batchgen_app.storage.seen_folders import SeenFolders

MARK = ".import-"
"""How the folder of one begins that is still being written."""


@dataclass(frozen=True)
class NewPicture:
    """A picture, byte for byte, with its thumbnail and the text beside it."""

    filename: str
    data: bytes
    thumbnail: bytes
    text: str


class Imports:
    """Those below ``root``, of which ``folders`` knows which were seen."""

    def __init__(self, root: Path, folders: SeenFolders) -> None:
        self._root = root
        self._folders = folders

    async def take_in(
        self, batch_id: str, pictures: Sequence[NewPicture], document: JsonObject
    ) -> None:
        """Have the folder of a batch that was made elsewhere, with all that is in it, in one step.
        Raises StorageError.
        """
        await asyncio.to_thread(self._take_in, batch_id, pictures, document)

    async def take_back(self, batch_id: str) -> None:
        """Have it no longer: nobody has heard of it. What is in the way of that stays."""
        with suppress(OSError):
            await asyncio.to_thread(_take_back, self._root, batch_id)

    async def left_over(self) -> list[str]:
        """The batches of which a killed process has written a part. Raises StorageError."""
        with in_words(self._root):
            return await asyncio.to_thread(_left_over, self._root)

    async def clear(self, batch_id: str) -> None:
        """Remove that part."""
        await asyncio.to_thread(_clear, self._root, batch_id)

    def _take_in(self, batch_id: str, pictures: Sequence[NewPicture], document: JsonObject) -> None:
        with self._folders.writing(BatchFolder(self._root, batch_id), batch_json.NAME):
            _take_in(self._root, batch_id, pictures, document)


def _take_in(
    root: Path, batch_id: str, pictures: Sequence[NewPicture], document: JsonObject
) -> None:
    """Have the batch's folder below ``root``, with all that belongs to it. Raises FileExistsError
    where there is one.
    """
    writing = BatchFolder(root, MARK + batch_id)
    try:
        for picture in pictures:
            writing.write_new(thumbnail_name(picture.filename), picture.thumbnail)
            text = PurePosixPath(picture.filename).with_suffix(".txt").name
            writing.write_new(text, picture.text.encode())
            writing.write_new(picture.filename, picture.data)
        writing.write_new(batch_json.NAME, batch_json.written(document))
        writing.move_all(BatchFolder(root, batch_id))
    except OSError:
        _clear(root, batch_id)
        raise


def _take_back(root: Path, batch_id: str) -> None:
    """Have no such folder after all: nobody has heard of it."""
    BatchFolder(root, batch_id).move_all(BatchFolder(root, MARK + batch_id))
    _clear(root, batch_id)


def _left_over(root: Path) -> list[str]:
    """The batches that a process which was killed has not written to the end. What is called
    otherwise is somebody else's.
    """
    with suppress(FileNotFoundError):
        names = (path.name.removeprefix(MARK) for path in root.glob(f"{MARK}*"))
        return sorted(filter(is_new_batch_id, names))
    return []


def _clear(root: Path, batch_id: str) -> None:
    """Remove what was written of one that has not its own name."""
    shutil.rmtree(root / (MARK + batch_id), ignore_errors=True)
