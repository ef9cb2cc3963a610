"""EventFeed: what happens, for many readers at once, with one look at the log for all of them.

Each reader asks for the next piece when it is done with the one before: of a slow one nothing waits
in memory. Who is behind what is kept reads on in the log.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from batchgen_app.core.errors import StorageError
from batchgen_app.core.events import Logged
from batchgen_app.storage.event_log import FOLLOW_SECONDS, EventLog

logger = logging.getLogger(__name__)

CHUNK = 200
"""Events that are handed out at once, as far as they are not too large together."""
MOST_KEPT = 2_000_000
"""Characters of the last events that are kept, for whoever has read all before them: a workflow may
be in each.
"""


@dataclass(frozen=True)
class Told:
    """An event as it is written, once for all readers: its number, its type, its JSON."""

    seq: int
    type: str
    text: str

    @classmethod
    def of(cls, entry: Logged) -> "Told":
        return cls(entry.seq, entry.event.type, entry.to_text())


class EventFeed:
    """The events of ``log``, of this and other processes, as they are committed. It looks only
    while somebody reads.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._readers = 0
        self._looking: asyncio.Task[None] | None = None
        self._end: int | None = None
        self._kept: deque[Told] = deque()
        self._size = 0
        self._logs_before = 0
        self._changed = asyncio.Event()
        self._is_over = asyncio.Event()

    @property
    def readers(self) -> int:
        """How many there are."""
        return self._readers

    def close(self) -> None:
        """End what everybody reads, at once."""
        self._is_over.set()
        self._tell()

    async def over(self) -> None:
        """Wait until nothing is told any more."""
        await self._is_over.wait()

    async def follow(self, after: int, pause: float) -> AsyncGenerator[Sequence[Told], None]:
        """The events behind number ``after``, in pieces, without a gap; then new ones. A piece is
        empty where nothing has happened for ``pause`` seconds. It ends with the feed, and where
        another log takes the place of this one. Raises StorageError.
        """
        async with self._reading():
            log = self._logs_before
            after = min(after, await self._known_end())
            while not self._is_over.is_set() and log == self._logs_before:
                piece, after = await self._piece(after, pause)
                yield piece

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
        self._readers += 1
        if self._looking is None:
            self._end = None
            self._forget()
            self._looking = asyncio.create_task(self._look_on(), name="event feed")
        try:
            yield
        finally:
            self._readers -= 1
            self._rest_unless_read()

    def _rest_unless_read(self) -> None:
        if self._looking is not None and not self._readers:
            self._looking.cancel()
            self._looking = None

    async def _known_end(self) -> int:
        return await self._log.end() if self._end is None else self._end

    async def _piece(self, after: int, pause: float) -> tuple[Sequence[Told], int]:
        """What comes next, and where that ends: what cannot be read is passed over."""
        changed, end = self._changed, await self._known_end()
        if after >= end and not await _comes(changed, pause):
            return (), after
        piece = self._kept_behind(after) or await _told(await self._log.page(after, CHUNK))
        return piece, piece[-1].seq if piece else max(after, end)

    def _kept_behind(self, after: int) -> list[Told]:
        """Nothing where they do not reach back that far."""
        if not self._kept or self._kept[0].seq > after + 1:
            return []
        return [entry for entry in self._kept if entry.seq > after][:CHUNK]

    async def _look_on(self) -> None:
        while True:
            try:
                await self._look()
            except StorageError as error:  # locked, or being mended: it is looked at again
                logger.warning("The events cannot be followed just now: %s", error)
            await asyncio.sleep(FOLLOW_SECONDS)

    async def _look(self) -> None:
        known, end = await self._known_end(), await self._log.end()
        self._end = known
        if end < known:  # a number means something else in another log
            self._logs_before += 1
            self._end = end
            self._forget()
            self._tell()
        while known < end:
            page = await _told(await self._log.page(known, CHUNK))
            known = page[-1].seq if page else end
            self._keep(page)
            self._end = known
            self._tell()

    def _keep(self, page: Sequence[Told]) -> None:
        self._kept.extend(page)
        self._size += sum(len(entry.text) for entry in page)
        while self._size > MOST_KEPT:
            self._size -= len(self._kept.popleft().text)

    def _forget(self) -> None:
        self._kept.clear()
        self._size = 0

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


async def _told(entries: Sequence[Logged]) -> list[Told]:
    return await asyncio.to_thread(lambda: [Told.of(entry) for entry in entries])


async def _comes(news: asyncio.Event, pause: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(pause):
            return await news.wait()
    return False
