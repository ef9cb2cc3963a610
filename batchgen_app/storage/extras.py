"""Extras: further pictures that a prompt made beside its image, ``extra/001_<seed>_2.png`` and on.

They are numbered from 2, as the image is the first. Everything here blocks, and may raise OSError.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from batchgen_app.core.batch import ExtraPicture
from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage import files
from batchgen_app.storage.pictures import ENDINGS, Picture, size_of

FOLDER = "extra"
NAME = re.compile(r"[0-9]{3}_[0-9]{1,16}_([1-9][0-9]*)\.(?:png|jpg|webp)")


def save(stem: Path, picture: Picture, after: int) -> int:
    """Store one of the image at ``stem``, under the first number above ``after`` that is free or
    has just this picture; gives the number.
    """
    for number in count(after + 1):
        path = stem.parent / FOLDER / f"{stem.name}_{number}{picture.ending}"
        if not _has_other(path, picture.data):
            files.write_new(path, picture.data)
            return number
    raise AssertionError("numbers do not end")


def of(stem: Path) -> tuple[ExtraPicture, ...]:
    """Those that lie there for the image at ``stem``, in order."""
    return tuple(sorted(_measured(stem), key=lambda extra: extra.number))


def patterns(stem: str) -> tuple[str, ...]:
    """Where the files are, from the batch folder; the pictures last."""
    return f"{FOLDER}/thumbnails/{stem[:3]}_*.webp", f"{FOLDER}/{stem}_*"


def _has_other(path: Path, data: bytes) -> bool:
    """Whether the number is taken: by an earlier attempt at the same image, for example."""
    taken = (path.with_suffix(ending) for ending in set(ENDINGS.values()))
    return any(one.exists() and (one != path or one.read_bytes() != data) for one in taken)


def _measured(stem: Path) -> Iterator[ExtraPicture]:
    for path in (stem.parent / FOLDER).glob(f"{stem.name}_*"):
        if named := NAME.fullmatch(path.name):
            with suppress(FileNotFoundError, PictureBroken):
                data = path.read_bytes()
                width, height = size_of(data)
                yield ExtraPicture(
                    number=int(named[1]),
                    filename=path.name,
                    width=width,
                    height=height,
                    bytes=len(data),
                )
