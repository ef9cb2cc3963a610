"""FileQueries: the files of batches and images, and pictures that people gave."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from batchgen_app.batches.input_pictures import InputPicture
from batchgen_app.core import media
from batchgen_app.core.batch import GeneratedImage, ShownExtra
from batchgen_app.core.delivery import FileNames
from batchgen_app.core.errors import BatchGenError, InvalidRequest, PictureBroken
from batchgen_app.core.state import BatchState
from batchgen_app.services.questions import Questions
from batchgen_app.storage.archive import Archive, fault_of_all, pack
from batchgen_app.storage.batch_folder import OpenFile
from batchgen_app.storage.faults import folder_missing
from batchgen_app.storage.file_faults import FileFault, fault_of


class FileQueries(Questions):
    """Files are handed out open, and closed by whoever asked. Every question raises NotFound for
    what is not there, and StorageError.
    """

    async def picture(self, image: GeneratedImage, extra: ShownExtra | None = None) -> OpenFile:
        """The picture of an image, or a further one of the same prompt."""
        name = (extra or image).filename
        return await self._app.storage.store.open(image.batch_id, name)

    async def clean_copy(self, image: GeneratedImage, extra: ShownExtra | None = None) -> OpenFile:
        """The same without the settings inside. Raises InvalidRequest where that cannot be had."""
        name = (extra or image).filename
        try:
            return await self._app.storage.store.clean_copy(image.batch_id, name)
        except PictureBroken as error:
            raise InvalidRequest.of("metadata", "no_clean_copy", error.message) from error

    async def thumbnail(self, image: GeneratedImage, extra: ShownExtra | None = None) -> OpenFile:
        """The same small. Raises PictureBroken."""
        name = (extra or image).filename
        return await self._app.storage.store.thumbnail(image.batch_id, name)

    async def fault(self, image: GeneratedImage) -> FileFault | None:
        """What keeps the file of an image from being shown; None where it is whole."""
        file = self._app.storage.store.file(image.batch_id, image.filename)
        return await asyncio.to_thread(fault_of, file, image.bytes)

    async def uploaded(self, upload_id: str) -> bytes:
        """A picture that a person gave."""
        return await self._app.pictures.read(upload_id)

    async def input_picture(self, picture_id: str) -> InputPicture:
        """What is to be known of a picture, given or made, before a batch starts from it. Raises
        InvalidRequest where it is none.
        """
        return await self._app.pictures.look(picture_id)

    async def archive(
        self,
        images: Sequence[GeneratedImage],
        names: Sequence[FileNames] | None = None,
        *,
        clean: bool = False,
    ) -> Archive:
        """A ZIP of these with their extras, under ``names`` or those that they have on disk, where
        each of several batches has a folder of its own; of clean copies if that is asked. What
        cannot be had is named in it; InvalidRequest if there are no clean copies.
        """
        store = self._app.storage.store
        files = [(image.batch_id, file) for image in images for file in store.files(image)]
        called = None
        if names:
            called = [name for its in names for name in its.of.values()]
        elif len({batch_id for batch_id, _ in files}) > 1:
            called = [f"{batch_id}/{file.name}" for batch_id, file in files]
        return await pack([file for _, file in files], called, clean=clean)

    async def fault_of_all(
        self, images: Sequence[GeneratedImage], *, clean: bool
    ) -> BatchGenError | None:
        """Why there is no archive of these, or of clean copies of them; None where at least one of
        their files can be had.
        """
        store = self._app.storage.store
        files = (file for image in images for file in store.files(image))
        if clean:
            files = (file for file in files if media.ending_of(file.name) in media.PICTURES)
        return await asyncio.to_thread(fault_of_all, files, clean=clean)

    def folder(self, batch_id: str) -> Path:
        """Where a batch has its files, made or not."""
        return self._app.storage.store.folder(batch_id)

    def path(self, image: GeneratedImage) -> Path:
        """Where a picture lies, for people."""
        return self._app.storage.store.picture_path(image.batch_id, image.filename)

    async def missing_folder(self, batch: BatchState) -> str:
        """In words, where a batch that has pictures has no folder; empty where all is well."""
        store = self._app.storage.store
        if batch.deleted or not batch.pictures or await store.is_there(batch.batch_id):
            return ""
        return folder_missing(batch.batch_id, store.folder(batch.batch_id).parent)
