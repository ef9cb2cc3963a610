"""Extras: further files that a prompt made beside its image, ``extra/001_<seed>_2.png`` and on.

They are numbered from 2, as the image is the first. Everything here blocks, and may raise OSError.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import PurePosixPath

from batchgen_app.core import media
from batchgen_app.core.batch import ExtraPicture
from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage.arriving import ArrivingFile
from batchgen_app.storage.batch_folder import BatchFolder, FolderFile
from batchgen_app.storage.open_folder import NotUsed
from batchgen_app.storage.pictures import MOST_BYTES, LargeFile, Picture, look_at

FOLDER = "extra"
NAME = re.compile(rf"[0-9]{{3}}_[0-9]{{1,16}}_([1-9][0-9]*)\.{media.ENDING}")


def save(folder: BatchFolder, stem: str, picture: Picture | LargeFile, after: int) -> int:
    """Store one of the image ``stem``, under the first number above ``after`` that is free or has
    just this picture; gives the number.
    """
    for number in count(after + 1):
        name = f"{FOLDER}/{stem}_{number}.{picture.ending}"
        if not _is_taken(folder, name, picture.data):
            folder.write_new(name, picture.data)
            return number
    raise AssertionError("numbers do not end")


def of(folder: BatchFolder, stem: str) -> tuple[ExtraPicture, ...]:
    """Those that lie there for the image ``stem``, in order."""
    return tuple(sorted(_measured(folder, stem), key=lambda extra: extra.number))


def patterns(stem: str) -> tuple[str, ...]:
    """Where the files are, from the batch folder; the pictures last."""
    return f"{FOLDER}/thumbnails/{stem[:3]}_*.webp", f"{FOLDER}/{stem}_*"


def _is_taken(folder: BatchFolder, name: str, data: bytes | ArrivingFile) -> bool:
    """Whether its number is: by an earlier attempt at the same image, for example."""
    try:
        folder.check_free(name, data)
    except FileExistsError:
        return True
    return bool(set(folder.matching(str(PurePosixPath(name).with_suffix(".*")))) - {name})


def _measured(folder: BatchFolder, stem: str) -> Iterator[ExtraPicture]:
    for name in folder.matching(f"{FOLDER}/{stem}_*"):
        path = PurePosixPath(name)
        if named := NAME.fullmatch(path.name):
            with suppress(FileNotFoundError, NotUsed, PictureBroken):
                with FolderFile(folder, name).open(MOST_BYTES) as there:
                    look = look_at(there)
                yield ExtraPicture(
                    number=int(named[1]),
                    filename=path.name,
                    width=look.width,
                    height=look.height,
                    bytes=there.status.st_size,
                    animated=look.is_animated,
                )
