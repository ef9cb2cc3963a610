"""From what the server made to what lies on disk: pictures are found, fetched and stored."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.retry import Retry
from batchgen_app.batches.server import Server
from batchgen_app.comfy.client import Arrival, HistoryEntry, OutputFile, TooLargeToHold
from batchgen_app.comfy.prompt_status import Result, SentPicture
from batchgen_app.core.errors import (
    ImageError,
    PictureMissing,
    ServerError,
    ServerFault,
    ServerUnreachable,
)
from batchgen_app.core.json_values import clipped
from batchgen_app.core.picture_text import packet_of, text_of
from batchgen_app.core.planned import PlannedImage, StoredImage
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import Message, joined, later
from batchgen_app.storage.arriving import ArrivingFile
from batchgen_app.storage.images import ImageStore
from batchgen_app.workflows.node_types import node_label

T = TypeVar("T")

FETCH_TRIES = 4
"""One, and three more with growing pauses."""
MOST_EXTRAS = 500
"""Of one prompt that are kept beside its image."""
MOST_NAMED, LONGEST_NAMED = 5, 60
"""Files, and characters of their names, in a sentence."""

UNHEARD = later(
    "Not all pictures that {nodes} sent over the websocket arrived. Use a Save Image node instead."
)


@dataclass(frozen=True)
class Fetched:
    """A file as it came, and what the server calls it; nothing where it has no name there. One that
    is too large to be held lies in the batch's folder already, until it is let go.
    """

    name: str
    data: bytes | ArrivingFile

    async def let_go(self) -> None:
        """It was stored, or nothing comes of it."""
        if isinstance(self.data, ArrivingFile):
            await self.data.let_go()


class Downloader:
    """Fetches pictures and other files from the server and puts them into the store."""

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

    async def fetch(self, batch: BatchState, entry: HistoryEntry) -> Fetched:
        """The image that a prompt made, to be let go. Raises PictureMissing or PictureBroken,
        StorageError, or TimeoutError when a stop is requested and it does not come.
        """
        return await self._fetch(batch, _image(_results(batch, entry)))

    async def bring_extras(
        self, batch: BatchState, image: PlannedImage, entry: HistoryEntry
    ) -> str:
        """Fetch and store what the prompt made beside its image; gives what could not be had, in
        words. Raises StorageError, or TimeoutError when a stop is requested and they do not come.
        """
        last, problems = 1, []
        extras = _results(batch, entry)[1:]
        for file in extras[:MOST_EXTRAS]:
            try:
                last = await self._bring_extra(batch, image, file, last)
            except ImageError as error:
                problems.append(str(error))
        left = [file.filename for file in extras[MOST_EXTRAS:] if file.filename]
        return joined([*problems, *_left_on_server(left), *_unheard(batch, entry)])

    async def _bring_extra(
        self, batch: BatchState, image: PlannedImage, file: Result, last: int
    ) -> int:
        came, text = await self._fetch(batch, file, is_extra=True), self._infotext(batch, image)
        save, which = self._store.save_extra, (batch.batch_id, image.index, image.seed)
        packet = self._packet(batch)
        try:
            return await self._retry.store(
                lambda: self._recorder.to_the_end(
                    save(*which, came.data, text, name=came.name, packet=packet, after=last)
                )
            )
        finally:
            await came.let_go()

    async def _fetch(self, batch: BatchState, file: Result, *, is_extra: bool = False) -> Fetched:
        if isinstance(file, SentPicture):
            return Fetched(file.filename, file.data)
        data: bytes | ArrivingFile
        try:
            try:
                data = await self._asked(lambda come: self._client.picture(file, arrival=come))
            except TooLargeToHold:
                place = self._store.arriving(batch.batch_id, file.filename, is_extra=is_extra)
                data = await self._arrived(place, file)
        except ServerError as error:
            raise PictureMissing(
                later(
                    "The picture was made, but the server did not hand it over: {error}",
                    error=error,
                )
            ) from error
        return Fetched(file.filename, data)

    async def keep(self, batch: BatchState, image: PlannedImage, came: Fetched) -> StoredImage:
        """What came for ``image``, stored whole. Raises PictureBroken, or StorageError (this
        machine's disk).
        """
        text, which = self._infotext(batch, image), (batch.batch_id, image.index, image.seed)
        packet = self._packet(batch)
        return await self._store.save(*which, came.data, text, name=came.name, packet=packet)

    def _infotext(self, batch: BatchState, image: PlannedImage) -> str:
        return text_of(batch, image.index, self._app_version)

    def _packet(self, batch: BatchState) -> str:
        return packet_of(batch, self._app_version)

    async def _arrived(self, place: ArrivingFile, file: OutputFile) -> ArrivingFile:
        try:
            await self._asked(lambda come: self._client.picture_into(place, file, come))
        except BaseException:
            await place.let_go()
            raise
        return place

    async def _asked(self, question: Callable[[Arrival], Awaitable[T]]) -> T:
        arrival = Arrival()
        return await self._retry.fetch(
            lambda: self._ask(lambda: question(arrival)), faults=FETCH_TRIES, arrival=arrival
        )

    async def _ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """A server that still answers, but breaks off, is at fault; else it is away."""
        try:
            return await question()
        except ServerUnreachable as error:
            # The cheapest question there is; that it fails, too, is what makes the server away.
            await self._client.queue_remaining()
            raise ServerFault(
                later("The connection broke off ({reason}).", reason=error.reason)
            ) from error


def _results(batch: BatchState, entry: HistoryEntry) -> tuple[Result, ...]:
    """The image first: what gives it was understood when the batch was planned."""
    return entry.image_first(batch.understood.outputs if batch.understood else ())


def _image(results: Sequence[Result]) -> Result:
    if not results:
        raise PictureMissing(
            later("The workflow ended without saving a picture. Add a Save Image node to it.")
        )
    return results[0]


def _unheard(batch: BatchState, entry: HistoryEntry) -> list[Message]:
    nodes = ", ".join(node_label(batch.workflow, node_id) for node_id in entry.unheard[:MOST_NAMED])
    return [later(UNHEARD, nodes=nodes)] if nodes else []


def _left_on_server(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    named = ", ".join(clipped(name, LONGEST_NAMED) for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    if more > 0:
        return [later("Only on the server: {files} and {count} more.", files=named, count=more)]
    return [later("Only on the server: {files}.", files=named)]
