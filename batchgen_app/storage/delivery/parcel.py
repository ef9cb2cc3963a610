"""Parcel: named content, read once and in small pieces; and the list of checksums that is known
when all else was read. Nothing of a file is in memory but the piece that is being sent.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from batchgen_app.adapters.zipstream import DatedZip
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.archive import Archive, content, zip_date
from batchgen_app.storage.batch_folder import FolderFile
from batchgen_app.storage.faults import in_words

SUMS = "SHA256SUMS"
_DIGITS = 64


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


def _read(file: FolderFile) -> Iterator[bytes]:
    """Raises StorageError: what it is written to is another matter."""
    with in_words(file.path):
        yield from content(file)


class Parcel:
    """Files in the order in which they are read; with ``sums``, their checksums behind them, in
    the form that ``sha256sum -c`` checks. ``lost`` says in words what should be in it and is not.
    """

    def __init__(
        self, items: Sequence[Item], *, sums: bool = False, lost: Sequence[str] = ()
    ) -> None:
        self.lost = tuple(lost)
        self._digests: dict[str, str] = {}
        self.items = tuple(map(self._summed, items)) if sums else tuple(items)
        if sums:
            self.items += (self._sums(items),)

    def zipped(self) -> Archive:
        """All of it as a ZIP that is made while it is read; pictures are stored as they are. Where
        a file goes away or changes meanwhile, the reading breaks off.
        """
        stream = DatedZip()
        for item in self.items:
            stream.add_dated(_once(item), item.name, item.size, zip_date(item.written))
        return Archive(len(stream), iter(stream))

    def _summed(self, item: Item) -> Item:
        def chunks() -> Iterator[bytes]:
            digest = hashlib.sha256()
            for chunk in item.chunks():
                digest.update(chunk)
                yield chunk
            self._digests[item.name] = digest.hexdigest()

        return Item(item.name, item.size, item.written, chunks)

    def _sums(self, items: Sequence[Item]) -> Item:
        names = [item.name for item in items]
        size = sum(_DIGITS + len(f"  {name}\n".encode()) for name in names)

        def chunks() -> Iterator[bytes]:
            for name in names:
                yield f"{self._digests[name]}  {name}\n".encode()

        return Item(SUMS, size, time.time(), chunks)


def _once(item: Item) -> Iterator[bytes]:
    """Its content, opened when its turn comes."""
    yield from item.chunks()
