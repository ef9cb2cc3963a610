"""A whole batch that was made elsewhere gets its folder, in one step: it is written under a name
that no batch has, and then has its own. Everything here blocks, and may raise OSError.
"""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from batchgen_app.core.ids import is_new_batch_id
from batchgen_app.core.wire import JsonObject
from batchgen_app.storage import batch_json
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.folder_pictures import thumbnail_name

MARK = ".import-"
"""How the folder of one begins that is still being written."""


@dataclass(frozen=True)
class NewPicture:
    """A picture, byte for byte, with its thumbnail and the text beside it."""

    filename: str
    data: bytes
    thumbnail: bytes
    text: str


def take_in(
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
        clear(root, batch_id)
        raise


def take_back(root: Path, batch_id: str) -> None:
    """Have no such folder after all: nobody has heard of it."""
    BatchFolder(root, batch_id).move_all(BatchFolder(root, MARK + batch_id))
    clear(root, batch_id)


def left_over(root: Path) -> list[str]:
    """The batches that a process which was killed has not written to the end. What is called
    otherwise is somebody else's.
    """
    with suppress(FileNotFoundError):
        names = (path.name.removeprefix(MARK) for path in root.glob(f"{MARK}*"))
        return sorted(filter(is_new_batch_id, names))
    return []


def clear(root: Path, batch_id: str) -> None:
    """Remove what was written of one that has not its own name."""
    shutil.rmtree(root / (MARK + batch_id), ignore_errors=True)
