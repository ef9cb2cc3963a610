"""A database that turns out damaged while the app runs is mended as a start would mend it, as soon
as no batch runs: what its log still tells is kept, the batch folders bring back the rest.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self, TypeVar

from batchgen_app.batches.queue import BatchQueue
from batchgen_app.core.errors import BatchGenError, DatabaseDamaged, StorageError
from batchgen_app.core.signal import Signal
from batchgen_app.language.message import Message, later
from batchgen_app.storage.storage import Storage

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 3.0
"""Between two tries: what cannot be mended shows itself at every question."""
TIMEOUT_SECONDS = 10.0
"""For the end of the next try, which whoever meets the damage waits for."""
LASTS = later(
    "The database was damaged and is being mended, which takes long. Try again in a while."
)

T = TypeVar("T")
Ask = Callable[[], Awaitable[T]]


class LiveRepair:
    """Goes on as long as the context lasts; in its ``turn`` no batch begins. ``begin_anew`` is
    awaited afterwards, for what was known of batches is out of date then; so is what was shown of
    them, as soon as it is ``done``.
    """

    def __init__(
        self,
        storage: Storage,
        queue: BatchQueue,
        turn: asyncio.Lock,
        begin_anew: Callable[[], Awaitable[None]],
    ) -> None:
        self.done = Signal[[]]()
        self._storage = storage
        self._queue = queue
        self._turn = turn
        self._begin_anew = begin_anew
        self._noticed = asyncio.Event()
        self._tried = asyncio.Event()
        self._is_trying = False
        self._rests = False
        self._hindered: Message | None = None

    async def __aenter__(self) -> Self:
        self._unsubscribe = self._storage.damaged.subscribe(self._noticed.set)
        self._at_work = asyncio.create_task(self._work(), name="mending")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._unsubscribe()
        self._at_work.cancel()
        with suppress(asyncio.CancelledError):
            await self._at_work

    async def whole(self, ask: Ask[T]) -> T:
        """What ``ask`` gives or raises; where damage turned up that can be mended now, asked again
        afterwards, for something may be missing in the answer.
        """
        answer = await self.done_at_last(ask)
        return await self._again(ask) if await self._has_tried() else answer

    async def done_at_last(self, do: Ask[T]) -> T:
        """What ``do`` gives or raises; where it raises something because of damage that can be
        mended now, it has done nothing, and is done again afterwards.
        """
        if self._is_trying:
            await self._end_of_try()
        await self._storage.look()
        try:
            return await do()
        except BatchGenError:
            if not await self._has_tried():
                raise
        return await self._again(do)

    async def _again(self, do: Ask[T]) -> T:
        """With what hindered the mending, where that was so."""
        try:
            return await do()
        except DatabaseDamaged as damage:
            raise DatabaseDamaged(self._hindered or damage.message) from damage

    async def _has_tried(self) -> bool:
        """Where there is damage to be mended and no batch runs, wait for the end of the next try;
        whether there was one. What could not be mended just now is not waited for.
        """
        if not self._noticed.is_set() or self._rests or self._queue.is_busy:
            return False
        return await self._end_of_try()

    async def _end_of_try(self) -> bool:
        """Whether it came in time; raises DatabaseDamaged where a mending lasts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._tried.wait()
        if self._is_trying:
            raise DatabaseDamaged(LASTS)
        return False

    async def _work(self) -> None:
        while True:
            await self._noticed.wait()
            await self._queue.idle()
            async with self._turn:
                # Since the queue was seen idle, somebody else may have had the turn.
                if self._queue.is_busy:
                    continue
                self._is_trying = True
                await self._try()
            self._is_trying = False
            # Behind the try: what met the damage while it was mended has noticed nothing new.
            self._noticed.clear()
            self._tried.set()
            # A new one for the next try; whoever waits holds the one that was just set.
            self._tried = asyncio.Event()
            self._rests = True
            await asyncio.sleep(PAUSE_SECONDS)
            self._rests = False

    async def _try(self) -> None:
        logger.warning("Something in the database cannot be read; it is looked after now")
        self._hindered = None
        try:
            await self._storage.mend()
            await self._begin_anew()
        except StorageError as error:
            self._hindered = error.message
            logger.warning("The database cannot be mended yet: %s", error)
        else:
            self.done.emit()
