"""ImportService: pictures that were made elsewhere come into the gallery, byte for byte. Those that
follow each other and differ in nothing but their seeds become one batch.

A batch is in its folder, whole, before the log says so, in one step each: a process that is killed
in between leaves nothing, or a folder that the next start brings back.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from batchgen_app.batches.batch_service import BatchService
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.picture_reader import PictureReader
from batchgen_app.core.batch_file import EARLIEST, document
from batchgen_app.core.errors import InvalidRequest, NotFound, PictureBroken, StorageError
from batchgen_app.core.events import Event
from batchgen_app.core.ids import image_id, new_batch_id
from batchgen_app.core.picture_text import text_of
from batchgen_app.core.planned import StoredImage
from batchgen_app.core.programs.asked import Reading
from batchgen_app.core.programs.kept import KeptPicture, events_of, fits, seed_of
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import Message
from batchgen_app.storage import pictures
from batchgen_app.storage.event_log import replay
from batchgen_app.storage.folder_pictures import A_SECOND, stem_of
from batchgen_app.storage.locks import IMPORTING
from batchgen_app.storage.pictures import Look
from batchgen_app.storage.storage import Storage
from batchgen_app.storage.taking_in import NewPicture
from batchgen_app.storage.uploads import MOST_BYTES, TOO_LARGE

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class GivenPicture:
    """A file that somebody gives: what it is called, and since when it is as it is, if known."""

    name: str
    content: bytes
    modified: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """What became of one: the image that it is now, or was before (``is_known``); or ``fault``, why
    it was not taken.
    """

    name: str
    reading: Reading | None = None
    image_id: str = ""
    is_known: bool = False
    fault: Message | None = None

    @property
    def batch_id(self) -> str:
        """Of its image; empty where there is none."""
        return self.image_id.rpartition("-")[0]


@dataclass(frozen=True)
class _New:
    """One that is to be kept."""

    place: int
    given: GivenPicture
    digest: str
    reading: Reading
    look: Look


class ImportService:
    """Takes one import after the other, also of other processes. ``changed`` is that of the images:
    a batch has come.
    """

    def __init__(
        self,
        batch_service: BatchService,
        recorder: EventRecorder,
        storage: Storage,
        reader: Callable[[], PictureReader],
        *,
        changed: Signal[[str]],
        app_version: str,
        rng: random.Random,
    ) -> None:
        self._batch_service = batch_service
        self._recorder = recorder
        self._storage = storage
        self._reader = reader
        self._changed = changed
        self._app_version = app_version
        self._rng = rng
        self._turn = asyncio.Lock()

    async def read(self, content: bytes) -> Reading:
        """How a picture was made. Raises InvalidRequest for what is none."""
        return await self._reader().read(content, self._batch_service.prompt_limit)

    async def keep(self, given: Sequence[GivenPicture]) -> list[Taken]:
        """Take these in, in order; each says what became of it. Raises StorageError, and then what
        was taken before stays, and is known when it is given again.
        """
        async with self._turn, self._storage.locks.held(IMPORTING):
            return await self._recorder.to_the_end(self._keep(given))

    async def finish(self) -> None:
        """At a start: remove what an import that was killed has not written to the end."""
        with suppress(StorageError):
            for batch_id in await self._storage.store.imports.left_over():
                if await self._storage.locks.take(batch_id):
                    await self._storage.store.imports.clear(batch_id)
                    await self._storage.locks.let_go(batch_id)

    async def _keep(self, given: Sequence[GivenPicture]) -> list[Taken]:
        taken: dict[int, Taken] = {}
        twins: dict[int, int] = {}
        group: list[_New] = []
        for place, one in enumerate(given):
            found = await self._looked_at(place, one)
            if isinstance(found, Taken):
                taken[place] = found
            elif twin := next((new for new in group if new.digest == found.digest), None):
                twins[place] = twin.place
            else:
                if not fits([new.reading for new in group], found.reading):
                    taken |= await self._keep_batch(group)
                    group = []
                group.append(found)
        taken |= await self._keep_batch(group)
        for place, first in twins.items():
            taken[place] = replace(taken[first], name=given[place].name, is_known=True)
        return [taken[place] for place in range(len(given))]

    async def _looked_at(self, place: int, given: GivenPicture) -> "_New | Taken":
        try:
            return await self._new(place, given)
        except InvalidRequest as error:
            return Taken(given.name, fault=error.message)

    async def _new(self, place: int, given: GivenPicture) -> "_New | Taken":
        """Raises InvalidRequest."""
        if len(given.content) > MOST_BYTES:
            raise InvalidRequest.of("file", "too_large", TOO_LARGE)
        reading = await self.read(given.content)
        digest = await asyncio.to_thread(_digest, given.content)
        if known := await self._known(digest):
            return Taken(given.name, reading, known, is_known=True)
        try:
            look = await asyncio.to_thread(pictures.look_of, given.content)
        except PictureBroken as error:
            raise InvalidRequest.of("file", "no_picture", error.message) from error
        return _New(place, given, digest, reading, look)

    async def _known(self, digest: str) -> str | None:
        """The image that is this file, where the gallery shows it."""
        for batch_id, index in await self._storage.log.with_picture(digest):
            with suppress(NotFound):
                batch = await self._batch_service.batch(batch_id)
                shown = batch.image(index).picture
                if shown and await self._storage.store.has(batch_id, shown.filename):
                    return shown.id
        return None

    async def _keep_batch(self, group: Sequence[_New]) -> dict[int, Taken]:
        if not group:
            return {}
        batch_id, kept = self._named(group)
        now = self._recorder.now()
        events = events_of(batch_id, kept, now=now, app_version=self._app_version)
        await self._put(events, kept, group)
        self._changed.emit(batch_id)
        return {
            new.place: Taken(new.given.name, new.reading, image_id(batch_id, index))
            for index, new in enumerate(group, start=1)
        }

    def _named(self, group: Sequence[_New]) -> tuple[str, list[KeptPicture]]:
        """The batch's id, which is as old as its first picture, and its pictures."""
        kept = [self._kept(index, new) for index, new in enumerate(group, start=1)]
        return new_batch_id(min(one.stored.written_at for one in kept), self._rng), kept

    def _kept(self, index: int, new: _New) -> KeptPicture:
        stored = StoredImage(
            filename=f"{stem_of(index, seed_of(new.reading))}.{new.look.ending}",
            width=new.look.width,
            height=new.look.height,
            bytes=len(new.given.content),
            sha256=new.digest,
            written_at=self._time(new),
            is_animated=new.look.is_animated,
        )
        return KeptPicture(new.reading, new.given.name, stored)

    def _time(self, new: _New) -> datetime:
        """When it was made, as far as anybody knows; no clock goes ahead of this one."""
        told = new.reading.made_at or new.given.modified or self._recorder.now()
        return min(max(told.astimezone(UTC), EARLIEST + A_SECOND), self._recorder.now())

    async def _put(
        self, events: Sequence[Event], kept: Sequence[KeptPicture], group: Sequence[_New]
    ) -> None:
        """First into its place, then into the log. Raises StorageError: then it is in neither."""
        imports, batch_id = self._storage.store.imports, events[0].batch_id
        batch = await asyncio.to_thread(replay, events)
        files = await asyncio.to_thread(self._files, batch, kept, group)
        await self._storage.locks.take(batch_id)
        try:
            await imports.take_in(batch_id, files, await asyncio.to_thread(document, batch))
        except StorageError:
            await self._storage.locks.let_go(batch_id)
            raise
        try:
            await self._batch_service.take_in(events)
        except StorageError:
            await imports.take_back(batch_id)
            raise

    def _files(
        self, batch: BatchState, kept: Sequence[KeptPicture], group: Sequence[_New]
    ) -> list[NewPicture]:
        return [
            NewPicture(
                one.stored.filename,
                new.given.content,
                new.look.thumbnail,
                text_of(batch, index, self._app_version),
            )
            for index, (one, new) in enumerate(zip(kept, group, strict=True), start=1)
        ]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
