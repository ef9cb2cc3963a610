"""Several files as one ZIP that is made while it is read. Pictures are stored as they are, or as
clean copies: they hardly shrink.
"""

import asyncio
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from batchgen_app.adapters.zipstream import Date, DatedZip
from batchgen_app.core.errors import InvalidRequest, NotFound, PictureBroken
from batchgen_app.language.message import later
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.batch_folder import FolderFile
from batchgen_app.storage.metadata.cleaning import cannot
from batchgen_app.storage.pictures import MOST_BYTES

CHUNK = 64 * 1024
_EARLIEST: Date = (1980, 1, 1, 0, 0, 0)
_LATEST: Date = (2107, 12, 31, 23, 59, 58)
LEFT_OUT = "left-out.txt"
"""In an archive of clean copies: which files are not in it, and why."""
NO_CLEAN_COPIES = later(
    "None of these files can be given without its settings: that is done for PNG, JPEG and WebP "
    "pictures that are whole. Download them with their settings."
)


@dataclass(frozen=True)
class Archive:
    """Exactly ``size`` bytes in small ``chunks``, read once, outside the event loop, or closed.

    A file that goes away or changes in the meantime breaks the reading off.
    """

    size: int
    chunks: Generator[bytes]


async def pack(
    files: Sequence[FolderFile], names: Sequence[str] | None = None, *, clean: bool = False
) -> Archive:
    """A ZIP of ``files`` under ``names``, or their own; of clean copies if that is asked: those
    that cannot be had are named in it instead. Raises NotFound if one is missing, InvalidRequest
    where no file has a clean copy, StorageError.
    """
    called = names or [file.path.name for file in files]
    return await asyncio.to_thread(_pack_clean if clean else _pack, files, called)


def _pack(files: Sequence[FolderFile], names: Sequence[str]) -> Archive:
    stream = DatedZip()
    for file, name in zip(files, names, strict=True):
        with folder_pictures.opened(file) as opened:
            size, written = opened.status.st_size, opened.status.st_mtime
        stream.add_dated(_content(file), name, size, zip_date(written))
    return Archive(len(stream), iter(stream))


def _pack_clean(files: Sequence[FolderFile], names: Sequence[str]) -> Archive:
    """Each is cleaned twice, to be measured and to be sent: all of them at once may be large."""
    stream, left_out, written = DatedZip(), [], 0.0
    for file, name in zip(files, names, strict=True):
        try:
            with folder_pictures.clean_copy(file) as copy:
                size, written = copy.status.st_size, copy.status.st_mtime
        except PictureBroken:
            left_out.append(name)
        else:
            stream.add_dated(_clean_content(file), name, size, zip_date(written))
    if len(left_out) == len(files):
        raise InvalidRequest.of("metadata", "no_clean_copies", NO_CLEAN_COPIES)
    if left_out:
        note = "".join(f"{cannot(name)}\n" for name in left_out).encode()
        stream.add_dated([note], LEFT_OUT, len(note), zip_date(written))
    return Archive(len(stream), iter(stream))


def has_clean_copies(files: Iterable[FolderFile]) -> bool:
    """Whether one of them can be had without its settings; no more are read than it takes to know.
    Blocks. Raises StorageError.
    """
    for file in files:
        with suppress(NotFound, PictureBroken), folder_pictures.clean_copy(file):
            return True
    return False


def zip_date(written: float) -> Date:
    """Of seconds since 1970, the nearest date that a ZIP can tell."""
    return min(max(_EARLIEST, time.localtime(written)[:6]), _LATEST)


def _content(file: FolderFile) -> Iterator[bytes]:
    """All of it in small pieces."""
    # Opened when its turn comes: there may be thousands.
    with file.open(MOST_BYTES) as opened:
        while chunk := opened.file.read(CHUNK):
            yield chunk


def _clean_content(file: FolderFile) -> Iterator[bytes]:
    with folder_pictures.clean_copy(file) as copy:
        while chunk := copy.file.read(CHUNK):
            yield chunk
