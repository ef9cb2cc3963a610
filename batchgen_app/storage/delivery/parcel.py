"""Parcel: named content, read once and in small pieces; and the list of checksums that is known
when all else was read. Nothing of a file is in memory but the piece that is being sent.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from batchgen_app.adapters.zipstream import DatedZip, Lost
from batchgen_app.core.errors import NotFound, PictureBroken, StorageError
from batchgen_app.language.message import later
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.archive import CHUNK, Archive, zip_date
from batchgen_app.storage.batch_folder import FolderFile
from batchgen_app.storage.faults import in_words

logger = logging.getLogger(__name__)

SUMS = "SHA256SUMS"
_DIGITS = 64
NOT_THERE = "# gone or changed while the pack was made:".ljust(_DIGITS)
"""In place of the digits of a file that is not there after all."""


@dataclass(frozen=True)
class Item:
    """One file of a parcel: its name there, how many bytes it has, when it was written (seconds
    since 1970), and its content, which is opened when its turn comes.
    """

    name: str
    size: int
    written: float
    chunks: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, name: str, data: bytes) -> "Item":
        """One that was made just now."""
        return cls(name, len(data), time.time(), lambda: [data])

    @classmethod
    def lying(cls, name: str, file: FolderFile) -> "Item":
        """One that lies on disk. Raises NotFound, StorageError."""
        with folder_pictures.opened(file) as there:
            status = there.status
        return cls(name, status.st_size, status.st_mtime, lambda: _read(file))

    @classmethod
    def clean(cls, name: str, file: FolderFile) -> "Item":
        """A clean copy of one, which is made again when its turn comes. Raises NotFound,
        PictureBroken where that cannot be had, StorageError.
        """
        with folder_pictures.clean_copy(file) as copy:
            status = copy.status
        return cls(name, status.st_size, status.st_mtime, lambda: _read_clean(file))


def _read(file: FolderFile) -> Iterator[bytes]:
    """Raises NotFound, StorageError: what it is written to is another matter."""
    with folder_pictures.opened(file) as there, in_words(file.path):
        while chunk := there.file.read(CHUNK):
            yield chunk


def _read_clean(file: FolderFile) -> Iterator[bytes]:
    """Raises NotFound where there is none any more, StorageError."""
    try:
        copy = folder_pictures.clean_copy(file)
    except PictureBroken as error:
        raise NotFound(error.message) from error
    with copy:
        while chunk := copy.file.read(CHUNK):
            yield chunk


class Parcel:
    """Files in the order in which they are read, and their checksums behind them, in the form that
    ``sha256sum -c`` checks. ``lost`` says in words what should be in it and is not.

    A file that goes away or changes before its turn comes is named among the checksums, in a line
    that is passed over by whoever checks them.
    """

    def __init__(self, items: Sequence[Item], *, lost: Sequence[str] = ()) -> None:
        self.lost = tuple(lost)
        self._digests: dict[str, str] = {}
        self.items = (*map(self._summed, items), self._sums(items))

    def zipped(self) -> Archive:
        """All of it as a ZIP that is made while it is read, once; pictures are stored as they are.
        Where a file goes away or changes meanwhile, it is not in it.
        """
        stream = DatedZip()
        for item in self.items:
            stream.add_dated(_or_lost(item), item.name, item.size, zip_date(item.written))
        return Archive(len(stream), iter(stream))

    def _summed(self, item: Item) -> Item:
        def chunks() -> Iterator[bytes]:
            self._digests.pop(item.name, None)
            digest, seen = hashlib.sha256(), 0
            for chunk in item.chunks():
                seen += len(chunk)
                if seen > item.size:
                    break
                digest.update(chunk)
                yield chunk
            if seen != item.size:
                raise StorageError(later("The file {name} has changed.", name=item.name))
            self._digests[item.name] = digest.hexdigest()

        return Item(item.name, item.size, item.written, chunks)

    def _sums(self, items: Sequence[Item]) -> Item:
        names = [item.name for item in items]
        size = sum(_DIGITS + len(f"  {name}\n".encode()) for name in names)

        def chunks() -> Iterator[bytes]:
            for name in names:
                yield f"{self._digests.get(name, NOT_THERE)}  {name}\n".encode()

        return Item(SUMS, size, time.time(), chunks)


def _or_lost(item: Item) -> Iterator[bytes]:
    """Its content, opened when its turn comes. Raises Lost where it cannot be had any more."""
    try:
        yield from item.chunks()
    except (NotFound, StorageError) as error:
        logger.warning("%s is not in the pack: %s", item.name, error)
        raise Lost from error
