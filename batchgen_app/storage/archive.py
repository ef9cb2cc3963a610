"""Several files as one ZIP that is made while it is read. Pictures are stored as they are: they
hardly shrink.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from zipstream import ZIP_STORED, ZipStream  # type: ignore[import-untyped]

from batchgen_app.core.errors import NotFound
from batchgen_app.language.said import later
from batchgen_app.storage.faults import in_words


@dataclass(frozen=True)
class Archive:
    """Exactly ``size`` bytes in small ``chunks``, to be read once and outside the event loop.

    A file that goes away or changes in the meantime breaks the reading off.
    """

    size: int
    chunks: Iterable[bytes]


async def pack(files: Sequence[Path]) -> Archive:
    """A ZIP of ``files`` under their names. Raises NotFound if one is missing, StorageError."""
    return await asyncio.to_thread(_pack, files)


def _pack(files: Sequence[Path]) -> Archive:
    stream = ZipStream(compress_type=ZIP_STORED, sized=True)
    for file in files:
        with in_words(file):
            if not file.is_file():
                raise NotFound(later("The file {name} is gone from its folder.", name=file.name))
            stream.add_path(file, file.name)
    return Archive(len(stream), stream)
