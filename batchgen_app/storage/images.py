"""ImageStore: the batch folders. A file has its final name only when it is whole.

A picture comes last, behind its thumbnail and its text: who sees the picture sees all of it.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath

from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import NotFound
from batchgen_app.core.planned import StoredImage
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage import batch_json, extras, folder_pictures, pictures
from batchgen_app.storage.batch_folder import BatchFolder, FolderFile, OpenFile
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.folder_pictures import remains, stem_of
from batchgen_app.storage.open_folder import OpenFolder
from batchgen_app.storage.pictures import Picture
from batchgen_app.storage.rebuilding import Remains
from batchgen_app.storage.trash import Trash

logger = logging.getLogger(__name__)

_BATCH_ID = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z-]{0,99}")
_OURS = re.compile(r"[0-9]{8}-[0-9]{6}-")
"""How the ids begin that are made here."""
_PICTURE_NAME = re.compile(rf"[0-9]{{3}}_[0-9]{{1,16}}\.{media.ENDING}")


class ImageStore:
    """Pictures, their thumbnails and texts, and each batch's own file.

    All disk work is done in threads; faults of the disk come out as StorageError.
    """

    def __init__(self, output_dir: Path) -> None:
        self.output_dir = output_dir
        self._root = output_dir / "batches"
        self._trash = Trash(output_dir / "trash")
        self._turn = asyncio.Lock()
        self._seen: set[Path] = set()
        self._written: set[Path] = set()

    def folder(self, batch_id: str) -> Path:
        """Where a batch has its files, made or not; raises NotFound for what is no batch id."""
        return self._own(batch_id).path

    def file(self, batch_id: str, filename: str) -> FolderFile:
        """That of a picture or an extra; raises NotFound for a name that neither has."""
        if extras.NAME.fullmatch(filename):
            return FolderFile(self._own(batch_id), f"{extras.FOLDER}/{filename}")
        if not _PICTURE_NAME.fullmatch(filename):
            raise NotFound(later("There is no picture {name}.", name=filename))
        return FolderFile(self._own(batch_id), filename)

    def picture_path(self, batch_id: str, filename: str) -> Path:
        """Where a picture or an extra lies, for people: it is opened by ``open`` alone."""
        return self.file(batch_id, filename).path

    def files(self, image: GeneratedImage) -> list[FolderFile]:
        """Those of an image and its extras."""
        return [self.file(image.batch_id, name) for name in image.filenames]

    async def save(
        self, batch_id: str, index: int, seed: int, data: bytes, infotext: str, *, name: str = ""
    ) -> StoredImage:
        """Store a picture for good, behind its extras; the same one again is fine. Another file, by
        the ``name`` that the server has for it, is stored as it is.

        Raises PictureBroken if ``data`` is not a whole picture, and StorageError, also where
        another picture already has its name. Cancelled, it still ends what it has begun.
        """
        folder, stem = self._own(batch_id), stem_of(index, seed)
        whole = partial(pictures.whole, data, infotext, name)
        return await asyncio.to_thread(self._save, folder, stem, whole)

    async def save_extra(
        self,
        batch_id: str,
        index: int,
        seed: int,
        data: bytes,
        infotext: str,
        *,
        name: str = "",
        after: int,
    ) -> int:
        """Store a further file of an image for good; gives its number, which is above ``after``.
        Raises what ``save`` does.
        """
        folder, stem = self._own(batch_id), stem_of(index, seed)
        whole = partial(pictures.whole, data, infotext, name)
        return await asyncio.to_thread(self._save_extra, folder, stem, whole, after)

    async def find(self, batch_id: str, index: int, seed: int) -> StoredImage | None:
        """The whole picture that lies there for this index and seed, known to the log or not."""
        return await asyncio.to_thread(
            folder_pictures.find, self._own(batch_id), stem_of(index, seed)
        )

    async def is_damaged(self, batch_id: str, filename: str, length: int) -> bool:
        """Whether what lies in the place of a picture of so many bytes is no whole one any more."""
        return await asyncio.to_thread(
            folder_pictures.is_damaged, self.file(batch_id, filename), length
        )

    async def size(self, batch_id: str, filename: str) -> int | None:
        """How many bytes a picture's file has; None if it is not there."""
        with suppress(NotFound), await self.open(batch_id, filename) as there:
            return there.status.st_size
        return None

    async def has(self, batch_id: str, filename: str) -> bool:
        """Whether a picture's file is there."""
        file = self.file(batch_id, filename)
        with in_words(file.path):
            return await asyncio.to_thread(file.folder.has_file, file.name)

    async def checksum(self, batch_id: str, filename: str) -> str | None:
        """The SHA-256 of a picture's file, None if it is gone."""
        return await asyncio.to_thread(folder_pictures.checksum, self.file(batch_id, filename))

    async def open(self, batch_id: str, filename: str) -> OpenFile:
        """A picture's file, to be read and closed; raises NotFound if it is gone or none."""
        return await asyncio.to_thread(folder_pictures.opened, self.file(batch_id, filename))

    async def thumbnail(self, batch_id: str, filename: str) -> OpenFile:
        """A picture's thumbnail, to be read and closed; made again if it is missing or damaged.

        Raises NotFound if the picture is gone too, PictureBroken if it is damaged.
        """
        return await asyncio.to_thread(folder_pictures.thumbnail, self.file(batch_id, filename))

    async def write_batch(self, batch_id: str, document: JsonObject) -> None:
        """Write the batch's own file in one step, where the batch is; the last call wins."""
        async with self._turn:
            await asyncio.to_thread(self._write_json, batch_id, document)

    def expect(self, batch_id: str) -> None:
        """The batch has a folder: if it is not there, it is not made anew."""
        self._seen.add(self.folder(batch_id))

    async def document(self, batch_id: str) -> JsonObject | None:
        """What the batch's own file says, None without one; raises StorageError if unreadable."""
        return await asyncio.to_thread(lambda: batch_json.document_in(self._home(batch_id)))

    async def set_aside_document(self, batch_id: str) -> str:
        """Give the batch's own file another name; gives that, or nothing where there was none."""
        return await asyncio.to_thread(lambda: _put_aside(self._home(batch_id), batch_json.NAME))

    async def remains(self, batch_id: str) -> Remains:
        """What is left of a batch whose own file cannot be read."""
        return await asyncio.to_thread(self._remains, batch_id)

    async def batch_ids(self) -> list[str]:
        """The batches that have a folder, in place or in the trash, oldest first."""
        trashed = await asyncio.to_thread(self._trash.batch_ids)
        return sorted({*await asyncio.to_thread(_folders, self._root), *trashed})

    async def stamps(self) -> dict[str, str]:
        """The same batches, each with what shows that its own file, or where it lies, changed: none
        is opened.
        """
        return await asyncio.to_thread(self._stamps)

    async def throw_away_picture(self, batch_id: str, filename: str) -> None:
        """Move a picture and what belongs to it to the trash. Moved before is fine."""
        await self._move(self._trash.take_files, batch_id, self._patterns(batch_id, filename))

    async def bring_back_picture(self, batch_id: str, filename: str) -> bool:
        """Move it back; whether it is in its place now."""
        await self._move(self._trash.give_back_files, batch_id, self._patterns(batch_id, filename))
        return await self.has(batch_id, filename)

    async def throw_away_batch(self, batch_id: str) -> None:
        """Move a batch folder to the trash. Moved before is fine."""
        await self._move(self._trash.take_batch, batch_id)

    async def bring_back_batch(self, batch_id: str) -> bool:
        """Move it back; whether it is in its place now."""
        await self._move(self._trash.give_back_batch, batch_id)
        with in_words(self.folder(batch_id)):
            return await self.is_there(batch_id)

    async def set_aside(self, batch_id: str, filename: str) -> bool:
        """Give a damaged picture's file another name, so that a whole one can have its place;
        whether there was one.
        """
        file = self.file(batch_id, filename)
        return bool(await asyncio.to_thread(_put_aside, file.folder, file.name))

    async def is_there(self, batch_id: str) -> bool:
        """Whether a batch has its folder: a drive may have been unplugged."""
        return await asyncio.to_thread(self._own(batch_id).is_there)

    async def sweep(self, batch_id: str) -> None:
        """Remove what a process that was killed in the middle of writing has left of a batch."""
        with in_words(self.folder(batch_id)):
            await asyncio.to_thread(self._own(batch_id).sweep)

    def _own(self, batch_id: str) -> BatchFolder:
        if not _BATCH_ID.fullmatch(batch_id):
            raise NotFound(later("There is no batch {id}.", id=batch_id))
        return BatchFolder(self._root, batch_id)

    def _stamps(self) -> dict[str, str]:
        places = {name: [self._root / name] for name in _folders(self._root)}
        for name in self._trash.batch_ids():
            places.setdefault(name, []).append(self._trash.batch_folder(name).path)
        return {name: " ".join(map(_stamp, folders)) for name, folders in sorted(places.items())}

    def _save(self, folder: BatchFolder, stem: str, whole: Callable[[], Picture]) -> StoredImage:
        picture = whole()
        name = f"{stem}.{picture.ending}"
        with self._writing(folder, name):
            folder.check_free(name, picture.data)
            folder.write_over(folder_pictures.thumbnail_name(name), picture.thumbnail)
            folder.write_over(f"{stem}.txt", picture.text.encode())
            folder.write_new(name, picture.data)
            return folder_pictures.stored(folder, name, picture.data, picture)

    def _save_extra(
        self, folder: BatchFolder, stem: str, whole: Callable[[], Picture], after: int
    ) -> int:
        picture = whole()
        with self._writing(folder, stem):
            return extras.save(folder, stem, picture, after)

    def _remains(self, batch_id: str) -> Remains:
        home, trashed = self._home(batch_id), self._trash.pictures(batch_id)
        return remains(batch_id, home, trashed, is_deleted=home.path != self.folder(batch_id))

    def _write_json(self, batch_id: str, document: JsonObject) -> None:
        folder = self._home(batch_id)
        with self._writing(folder, batch_json.NAME):
            # Looked at once in each run: what somebody else left there is not simply written over.
            if folder.path not in self._written and not batch_json.is_readable(folder):
                kept = _put_aside(folder, batch_json.NAME)
                logger.warning("batch.json cannot be read. It is kept as %s", kept)
            folder.write_over(batch_json.NAME, batch_json.written(document))
        self._written.add(folder.path)

    @contextmanager
    def _writing(self, folder: BatchFolder, name: str) -> Iterator[None]:
        """Raises StorageError, also where a folder was and is not any more: an unplugged drive may
        leave an empty place on another disk, which must not be filled.
        """
        folders = {self._root, folder.path}
        for there in folders & self._seen:
            with in_words(there, there):
                there.stat()
        with in_words(folder.path / name, self.output_dir):
            yield
        self._seen |= folders

    def _home(self, batch_id: str) -> BatchFolder:
        """The folder of a batch, wherever it is."""
        folder, trashed = self._own(batch_id), self._trash.batch_folder(batch_id)
        with in_words(trashed.path):
            return trashed if trashed.is_there() else folder

    async def _move(self, move: Callable[..., None], batch_id: str, *what: Sequence[str]) -> None:
        folder = self._own(batch_id)
        async with self._turn:
            with in_words(folder.path):
                await asyncio.to_thread(move, folder, *what)

    def _patterns(self, batch_id: str, picture: str) -> tuple[str, ...]:
        """The files of a picture; itself last, as when it is saved."""
        name = self.file(batch_id, picture).name
        stem = PurePosixPath(name).stem
        return (*extras.patterns(stem), folder_pictures.thumbnail_name(name), f"{stem}.txt", name)


def _put_aside(folder: BatchFolder, name: str) -> str:
    """Its new name; nothing if it is not there."""
    with in_words(folder.path / name), suppress(FileNotFoundError):
        return folder.put_aside(name, folder_pictures.DAMAGED)
    return ""


def _stamp(folder: Path) -> str:
    """Where a batch lies, and when its own file was written last and how long it is."""
    try:
        status = (folder / batch_json.NAME).lstat()
    except OSError:
        return folder.name
    return f"{folder.name}:{status.st_mtime_ns}:{status.st_size}"


def _folders(root: Path) -> list[str]:
    """Also what is no folder and has the name of one: that is to be told."""
    with in_words(root), suppress(FileNotFoundError), OpenFolder.open(root):
        named = (entry for entry in root.iterdir() if _BATCH_ID.fullmatch(entry.name))
        return sorted(path.name for path in named if path.is_dir() or _OURS.match(path.name))
    return []
