"""What of one batch is missing, damaged, or does not belong in its folder. Everything here blocks.

A picture is read as a whole only where its length, its beginning or its end say that it is damaged.
"""

from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import BatchGenError, PictureBroken
from batchgen_app.language.message import english
from batchgen_app.storage import decoding, extras, folder_pictures, pictures, png
from batchgen_app.storage.batch_folder import BatchFolder, FolderFile
from batchgen_app.storage.housekeeping.belongings import Foreign, belongs, foreign, walk
from batchgen_app.storage.housekeeping.likeness import difference_hash
from batchgen_app.storage.open_folder import NotUsed

_EDGE = 64
_ENDS = {
    "png": (png.SIGNATURE, b"IEND\xaeB`\x82"),
    "jpg": (b"\xff\xd8", b"\xff\xd9"),
    "webp": (b"RIFF", b""),
}


@dataclass(frozen=True)
class Picture:
    """A whole picture: how many bytes, and its difference hash; None where it has none."""

    image: GeneratedImage
    bytes: int
    hash: int | None


@dataclass
class BatchLook:
    """The pictures that are whole, the indexes of those that are not, and what else lies there."""

    whole: list[Picture] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)


def look_at(folder: BatchFolder, images: Sequence[GeneratedImage], stems: Set[str]) -> BatchLook:
    """What there is of ``images`` in the folder of their batch, whose images may have ``stems``.
    Raises OSError where it cannot be looked at.
    """
    look = BatchLook()
    sizes = dict(_belonging(folder, stems, look.foreign))
    for image in images:
        if not _names(image) <= sizes.keys():
            look.missing.append(image.index)
            continue
        size = sizes[image.filename]
        try:
            hashed = _checked(FolderFile(folder, image.filename), image, size)
        except (BatchGenError, NotUsed):
            look.damaged.append(image.index)
        else:
            look.whole.append(Picture(image, size, hashed))
    return look


def _names(image: GeneratedImage) -> set[str]:
    """Of its picture and of what was made beside it, from the batch's folder."""
    return {image.filename, *(f"{extras.FOLDER}/{extra.filename}" for extra in image.extras)}


def _belonging(
    folder: BatchFolder, stems: Set[str], others: list[Foreign]
) -> Iterator[tuple[str, int]]:
    """The batch's own files and their lengths; what else is there goes to ``others``."""
    with suppress(FileNotFoundError, NotUsed), folder.opened() as opened:
        for name, status in walk(opened):
            if belongs(name, status, stems):
                yield name, status.st_size
            else:
                others.append(foreign(f"batches/{folder.path.name}/{name}", status))


def _checked(file: FolderFile, image: GeneratedImage, size: int) -> int | None:
    """The hash of what is a whole picture. Raises PictureBroken and others where it is none."""
    is_right = size == image.bytes and _has_ends(file, size)
    if not is_right and folder_pictures.is_damaged(file, image.bytes):
        raise PictureBroken(english(folder_pictures.damage(file.name)))
    if not is_right:
        with file.open(pictures.MOST_BYTES) as there:
            pictures.look_at(there)
    with folder_pictures.thumbnail(file) as small:
        data = small.file.read(pictures.MAX_THUMBNAIL_BYTES)
    if data == _plain(media.ending_of(file.name)):
        return None
    with suppress(OSError, ValueError):
        return difference_hash(data)
    return None


def _has_ends(file: FolderFile, size: int) -> bool:
    start, end = _ENDS.get(media.ending_of(file.name), (b"", b""))
    with suppress(OSError), file.open(pictures.MOST_BYTES) as opened:
        first = opened.file.read(_EDGE)
        opened.file.seek(max(0, size - _EDGE))
        return first.startswith(start) and end in opened.file.read(_EDGE)
    return False


@cache
def _plain(ending: str) -> bytes:
    """The thumbnail of whatever has none."""
    return decoding.plain_tile(ending)
