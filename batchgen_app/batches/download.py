"""From what the server made to what lies on disk: pictures are found, fetched and stored."""

from collections.abc import Sequence

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.retry import Retry
from batchgen_app.batches.server import Server
from batchgen_app.comfy.client import Arrival, HistoryEntry, OutputFile
from batchgen_app.comfy.prompt_status import SentPicture
from batchgen_app.core.errors import (
    ImageError,
    PictureMissing,
    ServerError,
    ServerFault,
    ServerUnreachable,
)
from batchgen_app.core.infotext import infotext
from batchgen_app.core.json_values import clipped
from batchgen_app.core.planned import PlannedImage, StoredImage
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import joined, later
from batchgen_app.storage.images import ImageStore

FETCH_TRIES = 4
"""One, and three more with growing pauses."""
MOST_PICTURES = 500
"""Of one prompt that are kept beside its image."""
MOST_NAMED, LONGEST_NAMED = 5, 60
"""Files, and characters of their names, in a sentence."""


class Downloader:
    """Fetches pictures from the server and puts them into the store."""

    def __init__(
        self,
        server: Server,
        store: ImageStore,
        recorder: EventRecorder,
        app_version: str,
        retry: Retry,
    ) -> None:
        self._client = server.client
        self._store = store
        self._recorder = recorder
        self._app_version = app_version
        self._retry = retry

    async def fetch(self, entry: HistoryEntry) -> bytes:
        """The picture that a prompt made. Raises PictureMissing or PictureBroken, or TimeoutError
        when a stop is requested and it does not come.
        """
        return await self._fetch(_picture_file(entry))

    async def bring_extras(
        self, batch: BatchState, image: PlannedImage, entry: HistoryEntry
    ) -> str:
        """Fetch and store what the prompt made beside its picture; gives what could not be had, in
        words. Raises StorageError, or TimeoutError when a stop is requested and they do not come.
        """
        last, problems = 1, []
        for file in entry.pictures[1 : MOST_PICTURES + 1]:
            try:
                last = await self._bring_extra(batch, image, file, last)
            except ImageError as error:
                problems.append(str(error))
        left = (*entry.saved[MOST_PICTURES + 1 :], *entry.others)
        return joined([*problems, *_left_on_server(left)])

    async def _bring_extra(
        self, batch: BatchState, image: PlannedImage, file: OutputFile | SentPicture, last: int
    ) -> int:
        picture, text = await self._fetch(file), self._infotext(batch, image)
        return await self._retry.store(
            lambda: self._recorder.to_the_end(
                self._store.save_extra(
                    batch.batch_id, image.index, image.seed, picture, text, after=last
                )
            )
        )

    async def _fetch(self, file: OutputFile | SentPicture) -> bytes:
        if isinstance(file, SentPicture):
            return file.data
        arrival = Arrival()
        try:
            return await self._retry.fetch(
                lambda: self._ask(file, arrival), faults=FETCH_TRIES, arrival=arrival
            )
        except ServerError as error:
            raise PictureMissing(
                later(
                    "The picture was made, but the server did not hand it over: {error}",
                    error=error,
                )
            ) from error

    async def keep(self, batch: BatchState, image: PlannedImage, picture: bytes) -> StoredImage:
        """The picture of ``image``, stored whole. Raises PictureBroken, or StorageError (this
        machine's disk).
        """
        text = self._infotext(batch, image)
        return await self._store.save(batch.batch_id, image.index, image.seed, picture, text)

    def _infotext(self, batch: BatchState, image: PlannedImage) -> str:
        return infotext(batch.request.prompt, image.seed, batch.parameters, self._app_version)

    async def _ask(self, file: OutputFile, arrival: Arrival) -> bytes:
        """A server that still answers, but breaks off, is at fault; else it is away."""
        try:
            return await self._client.picture(file, arrival=arrival)
        except ServerUnreachable as error:
            # The cheapest question there is; that it fails, too, is what makes the server away.
            await self._client.queue_remaining()
            raise ServerFault(
                later("The connection broke off ({reason}).", reason=error.reason)
            ) from error


def _picture_file(entry: HistoryEntry) -> OutputFile | SentPicture:
    if not entry.pictures:
        raise PictureMissing(
            later("The workflow ended without saving a picture. Add a Save Image node to it.")
        )
    return entry.pictures[0]


def _left_on_server(files: Sequence[OutputFile]) -> list[str]:
    if not files:
        return []
    named = ", ".join(clipped(file.filename, LONGEST_NAMED) for file in files[:MOST_NAMED])
    more = len(files) - MOST_NAMED
    if more > 0:
        return [later("Only on the server: {files} and {count} more.", files=named, count=more)]
    return [later("Only on the server: {files}.", files=named)]
