"""What can be asked about the files of batches."""

from collections.abc import Sequence
from pathlib import Path

from batchgen_app.core.batch import GeneratedImage, ShownExtra
from batchgen_app.core.state import BatchState
from batchgen_app.services.questions import Questions
from batchgen_app.storage.absent import folder_missing
from batchgen_app.storage.archive import Archive, pack
from batchgen_app.storage.own_folder import OpenFile


class FileQueries(Questions):
    """Files are handed out open, and closed by whoever asked. Every question raises NotFound for
    what is not there, and StorageError.
    """

    async def picture(self, image: GeneratedImage, extra: ShownExtra | None = None) -> OpenFile:
        """The picture of an image, or a further one of the same prompt."""
        name = (extra or image).filename
        return await self._app.memory.store.open(image.batch_id, name)

    async def thumbnail(self, image: GeneratedImage, extra: ShownExtra | None = None) -> OpenFile:
        """The same small. Raises PictureBroken."""
        name = (extra or image).filename
        return await self._app.memory.store.thumbnail(image.batch_id, name)

    async def archive(self, images: Sequence[GeneratedImage]) -> Archive:
        """A ZIP of these with their extras."""
        store = self._app.memory.store
        return await pack([file for image in images for file in store.files(image)])

    def folder(self, batch_id: str) -> Path:
        """Where a batch has its files, made or not."""
        return self._app.memory.store.folder(batch_id)

    def path(self, image: GeneratedImage) -> Path:
        """Where a picture lies, for people."""
        return self._app.memory.store.picture_path(image.batch_id, image.filename)

    async def missing_folder(self, batch: BatchState) -> str:
        """In words, where a batch that has pictures has no folder; empty where all is well."""
        store = self._app.memory.store
        if batch.deleted or not batch.pictures or await store.is_there(batch.batch_id):
            return ""
        return folder_missing(batch.batch_id, store.folder(batch.batch_id).parent)
