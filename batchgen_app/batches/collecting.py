"""One picture home: find it in what the server made, fetch it, store it."""

import logging

from batchgen_app.batches.asking import Asking
from batchgen_app.batches.server import Server
from batchgen_app.comfy.client import HistoryEntry, OutputFile
from batchgen_app.core.errors import PictureMissing, ServerError, ServerFault, ServerUnreachable
from batchgen_app.core.infotext import infotext
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.storage.images import ImageStore, StoredImage

logger = logging.getLogger(__name__)

FETCH_TRIES = 4
"""One, and three more with growing pauses."""


class Collector:
    """Fetches pictures from the server and puts them into the store."""

    def __init__(self, server: Server, store: ImageStore, app_version: str, asking: Asking) -> None:
        self._client = server.client
        self._store = store
        self._app_version = app_version
        self._asking = asking

    async def fetch(self, entry: HistoryEntry) -> bytes:
        """The picture that a prompt made. Raises PictureMissing or PictureBroken, or TimeoutError
        when a stop is requested and it does not come.
        """
        file = _picture_file(entry)
        try:
            return await self._asking.fetch(lambda: self._ask(file), faults=FETCH_TRIES)
        except ServerError as error:
            raise PictureMissing(
                f"The picture was made, but the server did not hand it over: {error}"
            ) from error

    async def keep(self, batch: BatchState, image: PlannedImage, picture: bytes) -> StoredImage:
        """The picture of ``image``, stored whole. Raises PictureBroken, or StorageError (this
        machine's disk).
        """
        text = infotext(batch.request.prompt, image.seed, batch.parameters, self._app_version)
        return await self._store.save(batch.batch_id, image.index, image.seed, picture, text)

    async def _ask(self, file: OutputFile) -> bytes:
        """A server that still answers, but breaks off, is at fault; else it is away."""
        try:
            return await self._client.picture(file)
        except ServerUnreachable as error:
            await self._client.queue_remaining()
            raise ServerFault(f"The connection broke off ({error.reason}).") from error


def _picture_file(entry: HistoryEntry) -> OutputFile:
    if not entry.files:
        raise PictureMissing(
            "The workflow ended without saving a picture. Add a Save Image node to it."
        )
    first, *others = entry.files
    if others:
        logger.warning("The workflow made %d pictures, of which the first is kept", 1 + len(others))
    return first
