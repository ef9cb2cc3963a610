"""One picture home: find it in what the server made, fetch it, store it."""

import stamina

from batchgen_app.batches.server import Server
from batchgen_app.comfy.client import HistoryEntry, OutputFile
from batchgen_app.core.errors import PictureMissing, ServerError, ServerFault, ServerUnreachable
from batchgen_app.core.infotext import infotext
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.storage.images import ImageStore, StoredImage

FETCH_TRIES = 4
"""One, and three more with growing pauses."""


class Collector:
    """Fetches pictures from the server and puts them into the store."""

    def __init__(self, server: Server, store: ImageStore, app_version: str, pause: float) -> None:
        self._client = server.client
        self._store = store
        self._app_version = app_version
        self._pause = pause

    async def fetch(self, entry: HistoryEntry) -> bytes:
        """The picture that a prompt made. Raises PictureMissing or PictureBroken."""
        return await self._fetch(_picture_file(entry))

    async def keep(self, batch: BatchState, image: PlannedImage, picture: bytes) -> StoredImage:
        """The picture of ``image``, stored whole. Raises PictureBroken, or StorageError (this
        machine's disk).
        """
        text = infotext(batch.request.prompt, image.seed, batch.parameters, self._app_version)
        return await self._store.save(batch.batch_id, image.index, image.seed, picture, text)

    async def _fetch(self, file: OutputFile) -> bytes:
        try:
            async for attempt in stamina.retry_context(
                on=(ServerUnreachable, ServerFault),
                attempts=FETCH_TRIES,
                timeout=None,
                wait_initial=self._pause,
            ):
                with attempt:
                    return await self._client.picture(file)
        except ServerError as error:
            raise PictureMissing(
                f"The picture was made, but the server did not hand it over: {error}"
            ) from error
        raise AssertionError("the loop only ends by returning or raising")


def _picture_file(entry: HistoryEntry) -> OutputFile:
    if not entry.files:
        raise PictureMissing(
            "The workflow ended without saving a picture. Add a Save Image node to it."
        )
    return entry.files[0]
