"""Several files as one ZIP that is made while it is read. Pictures are stored as they are: they
hardly shrink.
"""

import asyncio
import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zipstream import ZIP_STORED, ZipStream  # type: ignore[import-untyped]
from zipstream.ng import ZipStreamInfo  # type: ignore[import-untyped]

from batchgen_app.storage import folder_contents
from batchgen_app.storage.own_folder import OwnFile
from batchgen_app.storage.pictures import MAX_BYTES

CHUNK = 64 * 1024


@dataclass(frozen=True)
class Archive:
    """Exactly ``size`` bytes in small ``chunks``, to be read once and outside the event loop.

    A file that goes away or changes in the meantime breaks the reading off.
    """

    size: int
    chunks: Iterable[bytes]


async def pack(files: Sequence[OwnFile]) -> Archive:
    """A ZIP of ``files`` under their names. Raises NotFound if one is missing, StorageError."""
    return await asyncio.to_thread(_pack, files)


def _pack(files: Sequence[OwnFile]) -> Archive:
    stream = _Dated(compress_type=ZIP_STORED, sized=True)
    for file in files:
        with folder_contents.opened(file) as opened:
            stream.add_file(file, opened.status)
    return Archive(len(stream), iter(stream))


class _Dated(ZipStream):  # type: ignore[misc]
    """With each file's own date, as if it were added by its path; which would lead over links."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self._dates: dict[str, tuple[int, ...]] = {}

    def add_file(self, file: OwnFile, status: os.stat_result) -> None:
        """To be opened when its turn comes: there may be thousands."""
        self._dates[file.path.name] = time.localtime(status.st_mtime)[:6]
        self.add(_content(file), file.path.name, size=status.st_size)

    def _gen_file_entry(
        self, *, iterable: Iterable[bytes], size: int, arcname: str
    ) -> Iterator[bytes]:
        info = ZipStreamInfo(arcname, self._dates[arcname])
        info.file_size, info.header_offset = size, self._pos
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        for part in info._file_data(iterable):  # noqa: SLF001 - its own
            yield self._track(part)
        if info.file_size != size:
            raise RuntimeError(f"{arcname} has changed")
        self._filelist.append(info)


def _content(file: OwnFile) -> Iterator[bytes]:
    with file.open(MAX_BYTES) as opened:
        while chunk := opened.file.read(CHUNK):
            yield chunk
