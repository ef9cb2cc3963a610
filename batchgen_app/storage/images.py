"""ImageStore: the batch folders. A file has its final name only when it is whole.

A picture comes last, behind its thumbnail and its text: who sees the picture sees all of it.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import NotFound
from batchgen_app.core.planned import StoredImage
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage import batch_json, batch_list, extras, folder_pictures, pictures
from batchgen_app.storage.arriving import ArrivingFile
from batchgen_app.storage.batch_folder import BatchFolder, FolderFile, OpenFile
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.folder_remains import remains
from batchgen_app.storage.pictures import LargeFile, Picture
from batchgen_app.storage.rebuilding import Remains
from batchgen_app.storage.seen_folders import SeenFolders
from batchgen_app.storage.taking_in import Imports
from batchgen_app.storage.trash import Trash

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
        self._folders = SeenFolders(output_dir, self._root)
        self._documents = batch_json.Writer()
        self.imports = Imports(self._root, self._folders)
        """The batches that were made elsewhere."""

    def folder(self, batch_id: str) -> Path:
        """Where a batch has its files, made or not; raises NotFound for what is no batch id."""
        return self._own(batch_id).path

    def batch_folder(self, batch_id: str) -> BatchFolder:
        """The same, to be looked into; raises NotFound for what is no batch id."""
        return self._own(batch_id)

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
        self,
        batch_id: str,
        index: int,
        seed: int,
        data: bytes | ArrivingFile,
        infotext: str,
        *,
        name: str = "",
        packet: str = "",
    ) -> StoredImage:
        """Store a picture for good, behind its extras, with its parameters and an XMP ``packet`` in
        it; the same one again is fine. Another file, by the ``name`` that the server has for it, is
        stored as it is.

        Raises PictureBroken if ``data`` is not a whole picture, and StorageError, also where
        another picture already has its name. Cancelled, it still ends what it has begun.
        """
        folder, stem = self._own(batch_id), folder_pictures.stem_of(index, seed)
        whole = partial(pictures.made_of, data, infotext, name, packet)
        return await asyncio.to_thread(self._save, folder, stem, whole)

    async def save_extra(
        self,
        batch_id: str,
        index: int,
        seed: int,
        data: bytes | ArrivingFile,
        infotext: str,
        *,
        name: str = "",
        packet: str = "",
        after: int,
    ) -> int:
        """Store a further file of an image for good; gives its number, which is above ``after``.
        Raises what ``save`` does.
        """
        folder, stem = self._own(batch_id), folder_pictures.stem_of(index, seed)
        whole = partial(pictures.made_of, data, infotext, name, packet)
        return await asyncio.to_thread(self._save_extra, folder, stem, whole, after)

    def arriving(self, batch_id: str, said: str, *, is_extra: bool) -> ArrivingFile:
        """A place for a file that is too large to be held, which the server calls ``said``; it is
        saved with what has come, and let go.
        """
        folder = self._own(batch_id)
        home = folder.below(extras.FOLDER) if is_extra else folder
        return ArrivingFile(home, self._folders, said)

    async def find(self, batch_id: str, index: int, seed: int) -> StoredImage | None:
        """The whole picture that lies there for this index and seed, known to the log or not."""
        return await asyncio.to_thread(
            folder_pictures.find, self._own(batch_id), folder_pictures.stem_of(index, seed)
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

    async def read(self, batch_id: str, filename: str) -> bytes:
        """All of a picture; raises NotFound if it is gone, none, or too large for that."""
        return await asyncio.to_thread(folder_pictures.read, self.file(batch_id, filename))

    async def clean_copy(self, batch_id: str, filename: str) -> OpenFile:
        """The same without the settings inside; raises also PictureBroken where there is none."""
        return await asyncio.to_thread(folder_pictures.clean_copy, self.file(batch_id, filename))

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
        self._folders.expect(self.folder(batch_id))

    async def document(self, batch_id: str) -> JsonObject | None:
        """What the batch's own file says, None without one; raises StorageError if unreadable."""
        return await asyncio.to_thread(self.read_document, batch_id)

    def read_document(self, batch_id: str) -> JsonObject | None:
        """The same. Blocks."""
        return batch_json.document_in(self._home(batch_id))

    async def set_aside_document(self, batch_id: str) -> str:
        """Give the batch's own file another name; gives that, or nothing where there was none."""
        return await asyncio.to_thread(lambda: batch_json.put_away(self._home(batch_id)))

    async def remains(self, batch_id: str) -> Remains:
        """What is left of a batch whose own file cannot be read."""
        return await asyncio.to_thread(self._remains, batch_id)

    async def batch_ids(self) -> list[str]:
        """The batches that have a folder, in place or in the trash, oldest first."""
        return await asyncio.to_thread(batch_list.batch_ids, self._root, self._trash)

    async def stamps(self) -> dict[str, str]:
        """The same batches, each with what shows that its own file, or where it lies, changed: none
        is opened.
        """
        return await asyncio.to_thread(batch_list.stamps, self._root, self._trash)

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
        return bool(await asyncio.to_thread(folder_pictures.put_aside, file.folder, file.name))

    def holds(self, batch_id: str, lengths: Mapping[str, int]) -> bool:
        """Whether a batch lies in its place with these pictures, each of so many bytes, and nothing
        of it in the trash, and nothing half written: all in one look. Blocks.
        """
        folder = self._own(batch_id)
        with in_words(folder.path):
            return not self._trash.has(batch_id) and folder_pictures.all_there(folder, lengths)

    async def is_there(self, batch_id: str) -> bool:
        """Whether a batch has its folder: a drive may have been unplugged."""
        return await asyncio.to_thread(self._own(batch_id).is_there)

    async def sweep(self, batch_id: str) -> None:
        """Remove what a process that was killed in the middle of writing has left of a batch."""
        with in_words(self.folder(batch_id)):
            await asyncio.to_thread(self._own(batch_id).sweep)

    def _own(self, batch_id: str) -> BatchFolder:
        if not batch_list.BATCH_ID.fullmatch(batch_id):
            raise NotFound(later("There is no batch {id}.", id=batch_id))
        return BatchFolder(self._root, batch_id)

    def _save(
        self, folder: BatchFolder, stem: str, whole: Callable[[], Picture | LargeFile]
    ) -> StoredImage:
        picture = whole()
        name = f"{stem}.{picture.ending}"
        with self._folders.writing(folder, name):
            folder.check_free(name, picture.data)
            folder.write_over(folder_pictures.thumbnail_name(name), picture.thumbnail)
            folder.write_over(f"{stem}.txt", picture.text.encode())
            folder.write_new(name, picture.data)
            stored = folder_pictures.stored(folder, name, pictures.seen_of(picture))
            return replace(stored, remark=picture.remark)

    def _save_extra(
        self, folder: BatchFolder, stem: str, whole: Callable[[], Picture | LargeFile], after: int
    ) -> int:
        picture = whole()
        with self._folders.writing(folder, stem):
            return extras.save(folder, stem, picture, after)

    def _remains(self, batch_id: str) -> Remains:
        home, trashed = self._home(batch_id), self._trash.pictures(batch_id)
        return remains(batch_id, home, trashed, is_deleted=home.path != self.folder(batch_id))

    def _write_json(self, batch_id: str, document: JsonObject) -> None:
        folder = self._home(batch_id)
        with self._folders.writing(folder, batch_json.NAME):
            self._documents.write(folder, document)

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
