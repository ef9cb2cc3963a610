"""What lies in a batch's folder: whole pictures, their checksums and their thumbnails; and what
they tell where the batch's own file cannot be read. Everything here blocks.

Where something else lies in a picture's place, a link for example, there is no picture. The name
of a file says which image it belongs to, and with which seed: ``003_42.png``.
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, starmap
from pathlib import PurePosixPath
from typing import Self

from batchgen_app.core import media
from batchgen_app.core.batch_file import EARLIEST, LATEST, PictureRecord
from batchgen_app.core.errors import NotFound, PictureBroken, StorageError
from batchgen_app.core.infotext import Infotext, read_infotext
from batchgen_app.core.limits import MAX_BATCH_COUNT
from batchgen_app.core.planned import StoredImage
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.language.message import later
from batchgen_app.storage import extras, pictures, png
from batchgen_app.storage.batch_folder import BatchFolder, FolderFile, OpenFile
from batchgen_app.storage.faults import folder_missing, in_words
from batchgen_app.storage.open_folder import NotUsed
from batchgen_app.storage.pictures import Look
from batchgen_app.storage.rebuilding import Remains, Remnant
from batchgen_app.storage.workflow_file import workflow_of_picture
from batchgen_app.workflows.workflow import Workflow

logger = logging.getLogger(__name__)

THUMBNAILS = "thumbnails"
DAMAGED = ".damaged"
"""How the file of a damaged picture ends, once a whole one may have its place."""


def find(folder: BatchFolder, stem: str) -> StoredImage | None:
    """The whole picture of that name, whatever its ending; where there is none, another file.
    Raises StorageError.
    """
    with in_words(folder.path):
        names = sorted(_named(folder, stem), key=lambda name: (not _is_picture(name), name))
    return next(filter(None, (_measured(folder, name) for name in names)), None)


def _named(folder: BatchFolder, stem: str) -> list[str]:
    """What lies in the place of an image."""
    return [name for name in folder.matching(f"{stem}.*") if media.is_named(name, stem)]


def _is_picture(name: str) -> bool:
    return media.ending_of(name) in media.PICTURES


def _measured(folder: BatchFolder, name: str) -> StoredImage | None:
    """The picture or other file of that name, if there is a whole one."""
    with in_words(folder.path / name), suppress(FileNotFoundError, PictureBroken):
        try:
            data = folder.read(name, pictures.MAX_BYTES)
        except NotUsed as error:
            logger.warning("%s", error.words)
            return None
        look = pictures.look_of(data, name)
        # A picture under the name of another kind of file was not put there by us.
        if _is_picture(name) or name.endswith(f".{look.ending}"):
            return stored(folder, name, data, look)
    return None


def stored(folder: BatchFolder, name: str, data: bytes, look: Look) -> StoredImage:
    """The record of a picture that lies there, with its checksum and its extras."""
    digest = hashlib.sha256(data).hexdigest()
    with folder.open(name) as opened:
        written_at = datetime.fromtimestamp(opened.status.st_mtime, UTC)
    further = extras.of(folder, PurePosixPath(name).stem)
    return StoredImage(
        name,
        look.width,
        look.height,
        len(data),
        digest,
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
            data = file.folder.read(file.name, pictures.MAX_BYTES)
        except FileNotFoundError:
            return bool(file.folder.matching(f"{PurePosixPath(file.name).stem}.*{DAMAGED[1:]}"))
        except NotUsed:
            return True
        if len(data) == bytes_:
            pictures.check(data, file.name)
        else:
            pictures.look_of(data, file.name)
        return len(data) < bytes_ and not _is_picture(file.name)
    return True


def remnants(folder: BatchFolder, stem: str) -> list[str]:
    """The names of what lies in the place of a picture, or lay there and was put aside."""
    aside = [name for name in folder.matching(f"{stem}.*") if name.endswith(DAMAGED)]
    return sorted([*_named(folder, stem), *aside])


def damage(filename: str) -> str:
    """That a picture's file is damaged, in words for a person."""
    return later("The file {name} is damaged, and kept under another name.", name=filename)


def checksum(file: FolderFile) -> str | None:
    """SHA-256, None where there is no picture. Raises StorageError."""
    unread = suppress(FileNotFoundError, NotUsed)
    with in_words(file.path), unread, file.open(pictures.MAX_BYTES) as there:
        return hashlib.file_digest(there.file, "sha256").hexdigest()
    return None


def opened(file: FolderFile) -> OpenFile:
    """A picture, to be read; raises NotFound, StorageError."""
    with _told_of(file):
        return file.open(pictures.MAX_BYTES)


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
    with _told_of(file):
        data = file.folder.read(file.name, pictures.MAX_BYTES)
        small = pictures.thumbnail_of(data, file.path.name)
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
            case NotUsed() | PermissionError():
                words = error.message
            case _:
                raise
        raise NotFound(words) from error


MOST_TEXT_BYTES = 200_000
"""Of the text beside a picture; a longer one is none of ours."""
A_SECOND = timedelta(seconds=1)

_FILE = re.compile(rf"([0-9]{{3}})_([0-9]{{1,16}})\.(?:{media.ENDING}|txt|damaged)")


@dataclass(frozen=True)
class _Place:
    """A folder, and the seeds that stand in the names of its files, by images."""

    folder: BatchFolder
    seeds: Mapping[int, list[int]]
    is_trash: bool

    @classmethod
    def of(cls, folder: BatchFolder, *, is_trash: bool = False) -> Self:
        with in_words(folder.path):
            names = folder.matching("*")
        seeds: dict[int, list[int]] = {}
        for index, seed in sorted(set(filter(None, map(_index_and_seed, names)))):
            seeds.setdefault(index, []).append(seed)
        return cls(folder, seeds, is_trash)

    def pictures(self, index: int) -> Iterator[Remnant]:
        """The whole ones of an image."""
        for seed in self.seeds.get(index, ()):
            if stored := _whole(self.folder, stem_of(index, seed)):
                yield Remnant(seed, record(stored), in_trash=self.is_trash)

    def others(self, index: int) -> Iterator[Remnant]:
        """What else speaks of it, damaged pictures first."""
        seeds = self.seeds.get(index, ())
        for seed in seeds:
            if names := remnants(self.folder, stem_of(index, seed)):
                yield Remnant(seed, message=damage(names[0]), damaged=tuple(names))
        yield from map(Remnant, seeds)


def remains(batch_id: str, home: BatchFolder, trashed: BatchFolder, *, is_deleted: bool) -> Remains:
    """Of the batch whose files lie in ``home``, and its deleted pictures in ``trashed``. Raises
    StorageError.
    """
    places = [_Place.of(home), _Place.of(trashed, is_trash=True)]
    indexes = sorted(set(chain.from_iterable(place.seeds for place in places)))
    images = {index: _image(index, places) for index in indexes}
    stems = [stem_of(index, image.seed) for index, image in images.items()]
    files = [(place.folder, stem) for stem in stems for place in places]
    return Remains(
        batch_id=batch_id,
        images=images,
        infotext=next((text for text in starmap(_infotext, files) if text.prompt), Infotext()),
        workflow=next(filter(None, starmap(_workflow, files)), None),
        is_deleted=is_deleted,
    )


def _index_and_seed(name: str) -> tuple[int, int] | None:
    """What a file's name says, if it is a name that a batch gives."""
    if named := _FILE.fullmatch(name):
        index, seed = int(named[1]), int(named[2])
        is_ours = name.startswith(f"{stem_of(index, seed)}.") and seed <= MAX_SEED
        return (index, seed) if is_ours and 1 <= index <= MAX_BATCH_COUNT else None
    return None


def stem_of(index: int, seed: int) -> str:
    """How the files of an image are called, without their endings."""
    return f"{index:03d}_{seed}"


def _image(index: int, places: list[_Place]) -> Remnant:
    pictures_of = (place.pictures(index) for place in places)
    return next(chain(*pictures_of, *(place.others(index) for place in places)))


def _whole(folder: BatchFolder, stem: str) -> StoredImage | None:
    """One that cannot be read is none."""
    with suppress(StorageError):
        return find(folder, stem)
    return None


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


def _infotext(folder: BatchFolder, stem: str) -> Infotext:
    """From the text beside a picture, or else in it."""
    with suppress(OSError):
        return read_infotext(folder.read(f"{stem}.txt", MOST_TEXT_BYTES).decode(errors="replace"))
    with suppress(OSError, PictureBroken):
        parts = png.chunks(folder.read(f"{stem}.png", pictures.MAX_BYTES))
        return read_infotext((png.text(parts, pictures.KEYWORD) or "")[:MOST_TEXT_BYTES])
    return Infotext()


def _workflow(folder: BatchFolder, stem: str) -> Workflow | None:
    with suppress(OSError):
        return workflow_of_picture(folder.read(f"{stem}.png", pictures.MAX_BYTES))
    return None
