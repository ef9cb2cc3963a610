"""What lies in a batch's folder: whole pictures, their checksums and their thumbnails. Everything
here blocks.

Where something else lies in a picture's place, a link for example, there is no picture. The name
of a file says which image it belongs to, and with which seed: ``003_42.png``.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from batchgen_app.core import media
from batchgen_app.core.batch_file import EARLIEST, LATEST, PictureRecord
from batchgen_app.core.errors import NotFound, PictureBroken, StorageError
from batchgen_app.core.planned import StoredImage
from batchgen_app.language.message import later
from batchgen_app.storage import extras, pictures
from batchgen_app.storage.atomic_files import PARTIAL
from batchgen_app.storage.batch_folder import BatchFolder, FolderFile, OpenFile
from batchgen_app.storage.faults import folder_missing, in_words
from batchgen_app.storage.metadata.cleaning import cannot, cleaned
from batchgen_app.storage.open_folder import NotUsed
from batchgen_app.storage.pictures import Seen

logger = logging.getLogger(__name__)

THUMBNAILS = "thumbnails"
ONE_IN_MEMORY = threading.RLock()
"""Of all downloads: who holds it may have all of a file in memory, which may be large."""
DAMAGED = ".damaged"
"""How the file of a damaged picture ends, once a whole one may have its place."""


def find(folder: BatchFolder, stem: str) -> StoredImage | None:
    """The whole picture of that name, whatever its ending; where there is none, another file.
    Raises StorageError.
    """
    with in_words(folder.path):
        names = sorted(_named(folder, stem), key=lambda name: (not is_picture(name), name))
    return next(filter(None, (_measured(folder, name) for name in names)), None)


def _named(folder: BatchFolder, stem: str) -> list[str]:
    """What lies in the place of an image."""
    return [name for name in folder.matching(f"{stem}.*") if media.is_named(name, stem)]


def is_picture(name: str) -> bool:
    """Whether a file is a picture by its name: then it can be told whether it is whole."""
    return media.ending_of(name) in media.PICTURES


def _measured(folder: BatchFolder, name: str) -> StoredImage | None:
    """The picture or other file of that name, if there is a whole one."""
    with in_words(folder.path / name), suppress(FileNotFoundError, PictureBroken):
        try:
            with FolderFile(folder, name).open(pictures.MOST_BYTES) as there:
                seen = pictures.seen(there)
        except NotUsed as error:
            logger.warning("%s", error.words)
            return None
        # A picture under the name of another kind of file was not put there by us.
        if is_picture(name) or name.endswith(f".{seen.look.ending}"):
            return stored(folder, name, seen)
    return None


def stored(folder: BatchFolder, name: str, seen: Seen) -> StoredImage:
    """The record of a picture that lies there, with its checksum and its extras."""
    look = seen.look
    with folder.open(name) as opened:
        written_at = datetime.fromtimestamp(opened.status.st_mtime, UTC)
    further = extras.of(folder, PurePosixPath(name).stem)
    return StoredImage(
        name,
        look.width,
        look.height,
        seen.bytes,
        seen.digest,
        written_at,
        further,
        look.is_animated,
    )


def is_damaged(file: FolderFile, bytes_: int) -> bool:
    """Whether what lies there, or lay there and was put aside, is no whole picture any more. Of one
    that is as long as it was, the pixels are not looked at; of another file, nothing is but its
    length. Raises StorageError.
    """
    with in_words(file.path), suppress(PictureBroken):
        try:
            there = file.open(pictures.MOST_BYTES)
        except FileNotFoundError:
            return bool(file.folder.matching(f"{PurePosixPath(file.name).stem}.*{DAMAGED[1:]}"))
        except NotUsed:
            return True
        with there:
            size = there.status.st_size
            pictures.check(there, file.path.name, is_as_long=size == bytes_)
        return size < bytes_ and not is_picture(file.name)
    return True


def all_there(folder: BatchFolder, lengths: Mapping[str, int]) -> bool:
    """Whether files of these names have so many bytes, and nothing was left half written."""
    there = {name: status.st_size for name, status in folder.all_files()}
    is_left_over = any(name.endswith(PARTIAL) for name in there)
    return not is_left_over and all(there.get(name) == size for name, size in lengths.items())


def remnants(folder: BatchFolder, stem: str) -> list[str]:
    """The names of what lies in the place of a picture, or lay there and was put aside."""
    aside = [name for name in folder.matching(f"{stem}.*") if name.endswith(DAMAGED)]
    return sorted([*_named(folder, stem), *aside])


def put_aside(folder: BatchFolder, name: str) -> str:
    """Give a file that is damaged another name; gives that, or nothing where it is not there."""
    with in_words(folder.path / name), suppress(FileNotFoundError):
        return folder.put_aside(name, DAMAGED)
    return ""


def damage(filename: str) -> str:
    """That a picture's file is damaged, in words for a person."""
    return later("The file {name} is damaged, and kept under another name.", name=filename)


def checksum(file: FolderFile) -> str | None:
    """SHA-256, None where there is no picture. Raises StorageError."""
    unread = suppress(FileNotFoundError, NotUsed)
    with in_words(file.path), unread, file.open(pictures.MOST_BYTES) as there:
        return hashlib.file_digest(there.file, "sha256").hexdigest()
    return None


def opened(file: FolderFile) -> OpenFile:
    """A picture, to be handed on piece by piece; raises NotFound, StorageError."""
    with _told_of(file):
        return file.open(pictures.MOST_BYTES)


def read(file: FolderFile) -> bytes:
    """All of a picture; raises NotFound, also where it is too large for that, StorageError."""
    with _told_of(file), file.open(pictures.MAX_BYTES) as there:
        return there.file.read(pictures.MAX_BYTES)


def clean_copy(file: FolderFile) -> OpenFile:
    """A copy of a picture without the settings inside or in its name, to be read; as old as the
    picture. Raises NotFound, PictureBroken where that cannot be had, StorageError.
    """
    with opened(file) as there, ONE_IN_MEMORY:
        if there.status.st_size > pictures.MAX_BYTES:
            raise PictureBroken(cannot(there.name))
        copy = cleaned(there.file.read(pictures.MAX_BYTES), there.name)
    path = PurePosixPath(there.name)
    name = f"{_without_seed(path)}{path.suffix}"
    return OpenFile.of(name, copy, int(there.status.st_mtime))


def thumbnail(file: FolderFile) -> OpenFile:
    """A picture's thumbnail, to be read; made if there is none. Raises NotFound, PictureBroken,
    StorageError.
    """
    name = thumbnail_name(file.name)
    return _thumbnail_there(file.folder, name) or _thumbnail_made(file, name)


def _thumbnail_there(folder: BatchFolder, name: str) -> OpenFile | None:
    with suppress(OSError):
        there = folder.open(name)
        if pictures.is_thumbnail(there.file.read(12), there.status.st_size):
            there.file.seek(0)
            return there
        there.file.close()
    return None


def _thumbnail_made(file: FolderFile, name: str) -> OpenFile:
    with _told_of(file), file.open(pictures.MOST_BYTES) as there:
        small = pictures.look_at(there).thumbnail
    try:
        file.folder.write_over(name, small)
    except OSError as error:  # it is shown all the same
        logger.warning("%s cannot be written: %s", file.folder.path / name, error)
    return OpenFile.of(PurePosixPath(name).name, small)


def thumbnail_name(picture: str) -> str:
    """Where the thumbnail of a picture is, from the batch folder."""
    path = PurePosixPath(picture)
    return str(path.parent / THUMBNAILS / f"{_without_seed(path)}.webp")


def _without_seed(path: PurePosixPath) -> str:
    """The name of a picture's file without its ending and its seed."""
    index, _, *number = path.stem.split("_")
    return "_".join([index, *number])


@contextmanager
def _told_of(file: FolderFile) -> Iterator[None]:
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
            case NotUsed():
                words = error.message
            case PermissionError():
                words = later(
                    "The file {name} of batch {id} cannot be read. Allow BatchGen to read it.",
                    **about,
                )
            case _:
                raise
        raise NotFound(words) from error


def stem_of(index: int, seed: int) -> str:
    """How the files of an image are called, without their endings."""
    return f"{index:03d}_{seed}"


A_SECOND = timedelta(seconds=1)


def record(stored: StoredImage) -> PictureRecord:
    """What ``batch.json`` says of it."""
    return PictureRecord(
        filename=stored.filename,
        width=stored.width,
        height=stored.height,
        bytes=stored.bytes,
        animated=stored.is_animated,
        # A file may have any time; one that a batch cannot have would make all of it incredible.
        created_at=min(max(stored.written_at, EARLIEST + A_SECOND), LATEST - A_SECOND),
        extras=stored.extras,
    )
