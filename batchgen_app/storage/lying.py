"""What lies in a batch's folder: whole pictures, their checksums and their thumbnails. Blocks.

Where something else lies in a picture's place, a link for example, there is no picture.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import PurePosixPath

from batchgen_app.core.errors import NotFound, PictureBroken, StorageError
from batchgen_app.core.planned import StoredImage
from batchgen_app.language.message import later
from batchgen_app.storage import decoding, extras, pictures
from batchgen_app.storage.absent import folder_missing
from batchgen_app.storage.directory import NotUsed
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.own_folder import OpenFile, OwnFile, OwnFolder

logger = logging.getLogger(__name__)

THUMBNAILS = "thumbnails"
DAMAGED = ".damaged"
"""How the file of a damaged picture ends, once a whole one may have its place."""


def find(folder: OwnFolder, stem: str) -> StoredImage | None:
    """The whole picture of that name, whatever its ending. Raises StorageError."""
    names = (stem + ending for ending in sorted(set(pictures.ENDINGS.values())))
    return next(filter(None, (_measured(folder, name) for name in names)), None)


def _measured(folder: OwnFolder, name: str) -> StoredImage | None:
    """The picture of that name, if there is a whole one."""
    with in_words(folder.path / name), suppress(FileNotFoundError, PictureBroken):
        try:
            data = folder.read(name, pictures.MAX_BYTES)
        except NotUsed as error:
            logger.warning("%s", error.words)
            return None
        return stored(folder, name, data, pictures.size_of(data))
    return None


def stored(folder: OwnFolder, name: str, data: bytes, size: tuple[int, int]) -> StoredImage:
    """What there is to say of a picture that lies there."""
    digest = hashlib.sha256(data).hexdigest()
    with folder.open(name) as opened:
        written_at = datetime.fromtimestamp(opened.status.st_mtime, UTC)
    further = extras.of(folder, PurePosixPath(name).stem)
    return StoredImage(name, *size, len(data), digest, written_at, further)


def is_damaged(file: OwnFile, bytes_: int) -> bool:
    """Whether what lies there, or lay there and was put aside, is no whole picture any more. Of one
    that is as long as it was, the pixels are not looked at. Raises StorageError.
    """
    with in_words(file.path), suppress(PictureBroken):
        try:
            data = file.folder.read(file.name, pictures.MAX_BYTES)
        except FileNotFoundError:
            return bool(file.folder.matching(f"{PurePosixPath(file.name).stem}.*{DAMAGED[1:]}"))
        except NotUsed:
            return True
        if len(data) == bytes_:
            decoding.claim_of(data)
        else:
            pictures.size_of(data)
        return False
    return True


def remnants(folder: OwnFolder, stem: str) -> list[str]:
    """The names of what lies in the place of a picture, or lay there and was put aside."""
    endings = (*pictures.ENDINGS.values(), DAMAGED)
    return [name for name in folder.matching(f"{stem}.*") if name.endswith(endings)]


def damage(filename: str) -> str:
    """In words, for a person."""
    return later("The file {name} is damaged, and kept under another name.", name=filename)


def checksum(file: OwnFile) -> str | None:
    """SHA-256, None where there is no picture. Raises StorageError."""
    unread = suppress(FileNotFoundError, NotUsed)
    with in_words(file.path), unread, file.open(pictures.MAX_BYTES) as there:
        return hashlib.file_digest(there.file, "sha256").hexdigest()
    return None


def opened(file: OwnFile) -> OpenFile:
    """A picture, to be read; raises NotFound, StorageError."""
    with _told_of(file):
        return file.open(pictures.MAX_BYTES)


def thumbnail(file: OwnFile) -> OpenFile:
    """A picture's thumbnail, to be read; made if there is none. Raises NotFound, PictureBroken,
    StorageError.
    """
    name = thumbnail_name(file.name)
    return _thumbnail_there(file.folder, name) or _thumbnail_made(file, name)


def _thumbnail_there(folder: OwnFolder, name: str) -> OpenFile | None:
    with suppress(OSError):
        there = folder.open(name)
        if pictures.is_thumbnail(there.file.read(12), there.status.st_size):
            there.file.seek(0)
            return there
        there.file.close()
    return None


def _thumbnail_made(file: OwnFile, name: str) -> OpenFile:
    with _told_of(file):
        small = pictures.thumbnail_of(file.folder.read(file.name, pictures.MAX_BYTES))
    try:
        file.folder.write_over(name, small)
    except OSError as error:  # it is shown all the same
        logger.warning("%s cannot be written: %s", file.folder.path / name, error)
    return OpenFile.of(PurePosixPath(name).name, small)


def thumbnail_name(picture: str) -> str:
    """Where the thumbnail of a picture is, from the batch folder."""
    path = PurePosixPath(picture)
    index, _, *number = path.stem.split("_")
    return str(path.parent / THUMBNAILS / f"{'_'.join([index, *number])}.webp")


@contextmanager
def _told_of(file: OwnFile) -> Iterator[None]:
    """Raises NotFound for what nobody can open, StorageError for a fault of the disk."""
    about = {"name": file.path.name, "id": file.folder.path.name}
    try:
        with in_words(file.path):
            yield
    except StorageError as error:
        match error.__cause__:
            case FileNotFoundError() if not file.folder.is_there():
                words = folder_missing(file.folder.path.name, file.folder.path.parent)
            case FileNotFoundError():
                words = later("The file {name} of batch {id} is gone.", **about)
            case NotUsed() | PermissionError():
                words = error.message
            case _:
                raise
        raise NotFound(words) from error
