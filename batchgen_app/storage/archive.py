"""Several files as one ZIP that is made while it is read. Pictures are stored as they are, or as
clean copies: they hardly shrink.
"""

import asyncio
import logging
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from batchgen_app.adapters.zipstream import Date, DatedZip, Lost
from batchgen_app.core.errors import (
    BatchGenError,
    InvalidRequest,
    NotFound,
    PictureBroken,
    StorageError,
)
from batchgen_app.language.message import later
from batchgen_app.language.texts import translated
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.batch_folder import FolderFile, OpenFile
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.metadata.cleaning import cannot

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
_FAULTS = (NotFound, PictureBroken, StorageError)
"""What keeps one file from being in it."""
_EARLIEST: Date = (1980, 1, 1, 0, 0, 0)
_LATEST: Date = (2107, 12, 31, 23, 59, 58)
LEFT_OUT = "left-out.txt"
"""In an archive: which files are not in it, and why."""
NOT_THERE = later("{name} is left out: its file is missing, or cannot be read.")
CHANGED = later("{name} is left out: its file changed while this was downloaded.")
NO_CLEAN_COPIES = later(
    "None of these files can be given without its settings: that is done for PNG, JPEG and WebP "
    "pictures that are whole. Download them with their settings."
)


@dataclass(frozen=True)
class Archive:
    """Exactly ``size`` bytes in small ``chunks``, read once, outside the event loop, or closed. A
    file that goes away or changes in the meantime is not in it, and named.
    """

    size: int
    chunks: Generator[bytes]


async def pack(
    files: Sequence[FolderFile], names: Sequence[str] | None = None, *, clean: bool = False
) -> Archive:
    """A ZIP of ``files`` under ``names``, or their own; of clean copies if that is asked: those
    that cannot be had are named in it instead. Raises NotFound or StorageError where none is left,
    InvalidRequest where none has a clean copy.
    """
    called = names or [file.path.name for file in files]
    return await asyncio.to_thread(_pack, files, called, clean=clean)


def _pack(files: Sequence[FolderFile], names: Sequence[str], *, clean: bool) -> Archive:
    """A clean copy is made twice, to be measured and to be sent: all at once may be large."""
    stream, faults, written = DatedZip(), dict[str, BatchGenError](), 0.0
    for file, name in zip(files, names, strict=True):
        try:
            with _opened(file, clean=clean) as there:
                size, written = there.status.st_size, there.status.st_mtime
        except _FAULTS as error:
            logger.warning("%s is left out of a download: %s", file.path, error)
            faults[name] = error
        else:
            content = _content(file, name, faults, clean=clean)
            stream.add_dated(content, name, size, zip_date(written))
    if len(faults) == len(files):
        raise _nothing(faults.values())
    stream.add_note(LEFT_OUT, zip_date(written), partial(_note, faults))
    return Archive(len(stream), iter(stream))


def _note(faults: Mapping[str, BatchGenError], lost: Iterable[str]) -> bytes:
    """A line for each file that is not there, or was lost on the way."""
    missing = {**faults, **{name: None for name in lost if name not in faults}}
    return "".join(f"{_left_out(name, why)}\n" for name, why in missing.items()).encode()


def fault_of_all(files: Iterable[FolderFile], *, clean: bool) -> BatchGenError | None:
    """What ``pack`` would raise; no more are read than it takes to know. Blocks."""
    faults: list[BatchGenError] = []
    for file in files:
        try:
            with _opened(file, clean=clean):
                return None
        except _FAULTS as error:
            faults.append(error)
    return _nothing(faults)


def _nothing(faults: Iterable[BatchGenError]) -> BatchGenError:
    """Why not one file is left, where these are wrong with them."""
    others = [fault for fault in faults if not isinstance(fault, PictureBroken)]
    if not others:
        return InvalidRequest.of("metadata", "no_clean_copies", NO_CLEAN_COPIES)
    return others[0]


def _left_out(name: str, why: BatchGenError | None) -> str:
    """In words that tell nothing of where the file was; without a fault it has changed."""
    match why:
        case None:
            return translated(later(CHANGED, name=name))
        case PictureBroken():
            return translated(cannot(name))
        case _:
            return translated(later(NOT_THERE, name=name))


def _opened(file: FolderFile, *, clean: bool) -> OpenFile:
    return folder_pictures.clean_copy(file) if clean else folder_pictures.opened(file)


def _content(
    file: FolderFile, name: str, faults: dict[str, BatchGenError], *, clean: bool
) -> Iterator[bytes]:
    """All of it in small pieces. Raises Lost where it cannot be had any more; why, it tells."""
    try:
        # Opened when its turn comes: there may be thousands.
        with _opened(file, clean=clean) as there, in_words(file.path):
            while chunk := there.file.read(CHUNK):
                yield chunk
    except _FAULTS as error:
        logger.warning("%s is left out of a download: %s", file.path, error)
        faults[name] = error
        raise Lost from error


def zip_date(written: float) -> Date:
    """Of seconds since 1970, the nearest date that a ZIP can tell."""
    return min(max(_EARLIEST, time.localtime(written)[:6]), _LATEST)
