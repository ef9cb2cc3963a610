"""ImageStore: the batch folders. A file has its final name only when it is whole.

A picture comes last, behind its thumbnail and its text: who sees the picture sees all of it.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from batchgen_app.core.batch import ExtraPicture, GeneratedImage
from batchgen_app.core.errors import NotFound, PictureBroken, StorageError
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.said import later
from batchgen_app.storage import extras, files, pictures
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.trash import Trash

BATCH_FILE = "batch.json"
THUMBNAILS = "thumbnails"
DAMAGED = ".damaged"

_BATCH_ID = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z-]{0,99}")
_PICTURE_NAME = re.compile(r"[0-9]{3}_[0-9]{1,16}\.(?:png|jpg|webp)")


@dataclass(frozen=True)
class StoredImage:
    """A picture as it lies on disk: its size in pixels and in bytes, and since when (UTC)."""

    filename: str
    width: int
    height: int
    bytes: int
    sha256: str
    written_at: datetime
    extras: tuple[ExtraPicture, ...] = ()


class ImageStore:
    """Pictures, their thumbnails and texts, and each batch's own file.

    All disk work is done in threads; faults of the disk come out as StorageError.
    """

    def __init__(self, output_dir: Path) -> None:
        self._output = output_dir
        self._root = output_dir / "batches"
        self._trash = Trash(output_dir / "trash")
        self._turn = asyncio.Lock()
        self._seen: set[Path] = set()

    def folder(self, batch_id: str) -> Path:
        """Where a batch has its files, made or not; raises NotFound for what is no batch id."""
        if not _BATCH_ID.fullmatch(batch_id):
            raise NotFound(later("There is no batch {id}.", id=batch_id))
        return self._root / batch_id

    def picture_path(self, batch_id: str, filename: str) -> Path:
        """Where a picture or an extra lies; raises NotFound for a name that neither has."""
        if extras.NAME.fullmatch(filename):
            return self.folder(batch_id) / extras.FOLDER / filename
        if not _PICTURE_NAME.fullmatch(filename):
            raise NotFound(later("There is no picture {name}.", name=filename))
        return self.folder(batch_id) / filename

    def paths(self, image: GeneratedImage) -> list[Path]:
        """Where an image and its extras lie."""
        return [self.picture_path(image.batch_id, name) for name in image.filenames]

    async def save(
        self, batch_id: str, index: int, seed: int, data: bytes, infotext: str
    ) -> StoredImage:
        """Store a picture for good, behind its extras; the same one again is fine.

        Raises PictureBroken if ``data`` is not a whole picture, and StorageError, also where
        another picture already has its name. Cancelled, it still ends what it has begun.
        """
        stem = self.folder(batch_id) / _stem(index, seed)
        return await asyncio.to_thread(self._save, stem, data, infotext)

    async def save_extra(
        self, batch_id: str, index: int, seed: int, data: bytes, infotext: str, *, after: int
    ) -> int:
        """Store a further picture of an image for good; gives its number, which is above ``after``.
        Raises what ``save`` does.
        """
        stem = self.folder(batch_id) / _stem(index, seed)
        return await asyncio.to_thread(self._save_extra, stem, data, infotext, after)

    async def find(self, batch_id: str, index: int, seed: int) -> StoredImage | None:
        """The whole picture that lies there for this index and seed, known to the log or not."""
        stem = self.folder(batch_id) / _stem(index, seed)
        return await asyncio.to_thread(_find, stem)

    async def has(self, batch_id: str, filename: str) -> bool:
        """Whether a picture's file is there."""
        return await asyncio.to_thread(self.picture_path(batch_id, filename).is_file)

    async def checksum(self, batch_id: str, filename: str) -> str | None:
        """The SHA-256 of a picture's file, None if it is gone."""
        return await asyncio.to_thread(_checksum, self.picture_path(batch_id, filename))

    async def thumbnail(self, batch_id: str, filename: str) -> Path:
        """A picture's thumbnail, made again if it is missing or damaged.

        Raises NotFound if the picture is gone too, PictureBroken if it is damaged.
        """
        return await asyncio.to_thread(_thumbnail, self.picture_path(batch_id, filename))

    async def write_batch(self, batch_id: str, document: JsonObject) -> None:
        """Write the batch's own file in one step, where the batch is; the last call wins."""
        async with self._turn:
            home = await self._home(batch_id)
            await asyncio.to_thread(self._write_json, home / BATCH_FILE, document)

    def expect(self, batch_id: str) -> None:
        """The batch has a folder: if it is not there, it is not made anew."""
        self._seen.add(self.folder(batch_id))

    async def document(self, batch_id: str) -> JsonObject | None:
        """What the batch's own file says, None without one; raises StorageError if unreadable."""
        return await asyncio.to_thread(_read_json, await self._home(batch_id) / BATCH_FILE)

    async def batch_ids(self) -> list[str]:
        """The batches that have a folder, in place or in the trash, oldest first."""
        trashed = await asyncio.to_thread(self._trash.batch_ids)
        return sorted({*await asyncio.to_thread(_folders, self._root), *trashed})

    async def throw_away_picture(self, batch_id: str, filename: str) -> None:
        """Move a picture and what belongs to it to the trash. Moved before is fine."""
        picture = self.picture_path(batch_id, filename)
        await self._move(self._trash.take_files, picture.parent, _patterns(filename))

    async def bring_back_picture(self, batch_id: str, filename: str) -> bool:
        """Move it back; whether it is in its place now."""
        picture = self.picture_path(batch_id, filename)
        await self._move(self._trash.give_back_files, picture.parent, _patterns(filename))
        return await self.has(batch_id, filename)

    async def throw_away_batch(self, batch_id: str) -> None:
        """Move a batch folder to the trash. Moved before is fine."""
        await self._move(self._trash.take_batch, self.folder(batch_id))

    async def bring_back_batch(self, batch_id: str) -> bool:
        """Move it back; whether it is in its place now."""
        folder = self.folder(batch_id)
        await self._move(self._trash.give_back_batch, folder)
        return await asyncio.to_thread(folder.is_dir)

    async def set_aside(self, batch_id: str, filename: str) -> bool:
        """Give a damaged picture's file another name, so that a whole one can have its place;
        whether there was one.
        """
        path = self.picture_path(batch_id, filename)
        with in_words(path), suppress(FileNotFoundError):
            await asyncio.to_thread(path.replace, path.with_suffix(DAMAGED))
            return True
        return False

    async def is_there(self) -> bool:
        """Whether the folder of all batches is there: a drive may have been unplugged."""
        return await asyncio.to_thread(self._root.is_dir)

    async def sweep(self, batch_id: str) -> None:
        """Remove what a process that was killed in the middle of writing has left of a batch."""
        folder = self.folder(batch_id)
        with in_words(folder):
            await asyncio.to_thread(files.sweep, folder)

    def _save(self, stem: Path, data: bytes, infotext: str) -> StoredImage:
        picture = pictures.whole(data, infotext)
        path = stem.with_name(stem.name + picture.ending)
        with self._writing(path):
            files.check_free(path, picture.data)
            files.write_over(_thumbnail_path(path), picture.thumbnail)
            files.write_over(path.with_suffix(".txt"), picture.text.encode())
            files.write_new(path, picture.data)
            return _stored(path, picture.data, (picture.width, picture.height))

    def _save_extra(self, stem: Path, data: bytes, infotext: str, after: int) -> int:
        picture = pictures.whole(data, infotext)
        with self._writing(stem):
            return extras.save(stem, picture, after)

    def _write_json(self, path: Path, document: JsonObject) -> None:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
        with self._writing(path):
            files.write_over(path, text.encode())

    @contextmanager
    def _writing(self, path: Path) -> Iterator[None]:
        """Raises StorageError, also where a folder was and is not any more: an unplugged drive may
        leave an empty place on another disk, which must not be filled.
        """
        folders = {self._root, path.parent}
        for folder in folders & self._seen:
            with in_words(folder, folder):
                folder.stat()
        with in_words(path, self._output):
            yield
        self._seen |= folders

    async def _home(self, batch_id: str) -> Path:
        """The folder of a batch, wherever it is."""
        folder, trashed = self.folder(batch_id), self._trash.batch_folder(batch_id)
        return trashed if await asyncio.to_thread(trashed.is_dir) else folder

    async def _move(self, move: Callable[..., None], folder: Path, *what: Sequence[str]) -> None:
        async with self._turn:
            with in_words(folder):
                await asyncio.to_thread(move, folder, *what)


def _stem(index: int, seed: int) -> str:
    return f"{index:03d}_{seed}"


def _find(stem: Path) -> StoredImage | None:
    paths = (
        stem.with_name(stem.name + ending) for ending in sorted(set(pictures.ENDINGS.values()))
    )
    return next(filter(None, map(_measured, paths)), None)


def _measured(path: Path) -> StoredImage | None:
    """The picture at ``path``, if there is a whole one."""
    with in_words(path), suppress(FileNotFoundError, PictureBroken):
        data = path.read_bytes()
        return _stored(path, data, pictures.size_of(data))
    return None


def _stored(path: Path, data: bytes, size: tuple[int, int]) -> StoredImage:
    digest = hashlib.sha256(data).hexdigest()
    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    further = extras.of(path.with_suffix(""))
    return StoredImage(path.name, *size, len(data), digest, written_at, further)


def _checksum(path: Path) -> str | None:
    with in_words(path), suppress(FileNotFoundError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return None


def _thumbnail(picture: Path) -> Path:
    path = _thumbnail_path(picture)
    with in_words(path):
        if not _is_thumbnail(path):
            files.write_over(path, pictures.thumbnail_of(_read_picture(picture)))
    return path


def _is_thumbnail(path: Path) -> bool:
    with suppress(FileNotFoundError), path.open("rb") as file:
        return pictures.is_thumbnail(file.read(12), path.stat().st_size)
    return False


def _thumbnail_path(picture: Path) -> Path:
    index, _, *number = picture.stem.split("_")
    return picture.parent / THUMBNAILS / f"{'_'.join([index, *number])}.webp"


def _patterns(picture: str) -> tuple[str, ...]:
    """The files of a picture, from its batch folder; itself last, as when it is saved."""
    path = Path(picture)
    own = (_thumbnail_path(path).as_posix(), f"{path.stem}.txt", picture)
    return (*extras.patterns(path.stem), *own)


def _read_picture(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(
            later("The file {name} of batch {id} is gone.", name=path.name, id=path.parent.name)
        ) from error


def _read_json(path: Path) -> JsonObject | None:
    try:
        with in_words(path), suppress(FileNotFoundError):
            document = json.loads(path.read_bytes())
            if isinstance(document, dict):
                return document
            raise StorageError(later("{path} is not a batch file.", path=path))
    except (ValueError, RecursionError) as error:
        raise StorageError(
            later("{path} cannot be read: {error}.", path=path, error=error)
        ) from error
    return None


def _folders(root: Path) -> list[str]:
    with in_words(root), suppress(FileNotFoundError):
        named = (entry.name for entry in root.iterdir() if entry.is_dir())
        return sorted(name for name in named if _BATCH_ID.fullmatch(name))
    return []
