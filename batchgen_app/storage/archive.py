"""Several files as one ZIP that is made while it is read. Pictures are stored as they are: they
hardly shrink.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from batchgen_app.adapters.zipstream import DatedZip
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.batch_folder import FolderFile
from batchgen_app.storage.pictures import MAX_BYTES

CHUNK = 64 * 1024


@dataclass(frozen=True)
class Archive:
    """Exactly ``size`` bytes in small ``chunks``, to be read once and outside the event loop.

    A file that goes away or changes in the meantime breaks the reading off.
    """

    size: int
    chunks: Iterable[bytes]


async def pack(files: Sequence[FolderFile]) -> Archive:
    """A ZIP of ``files`` under their names. Raises NotFound if one is missing, StorageError."""
    return await asyncio.to_thread(_pack, files)


def _pack(files: Sequence[FolderFile]) -> Archive:
    stream = DatedZip()
    for file in files:
        with folder_pictures.opened(file) as opened:
            size, written = opened.status.st_size, time.localtime(opened.status.st_mtime)
        stream.add_dated(_content(file), file.path.name, size, written[:6])
    return Archive(len(stream), iter(stream))


def _content(file: FolderFile) -> Iterator[bytes]:
    # Opened when its turn comes: there may be thousands.
    with file.open(MAX_BYTES) as opened:
        while chunk := opened.file.read(CHUNK):
            yield chunk
