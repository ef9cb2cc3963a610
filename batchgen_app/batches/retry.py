"""Questions to a server that may be away, and work for a disk that may be full or gone: tried again
with growing pauses, so that everybody sees it, until it goes well. Retry and a stop cut every
pause short.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.comfy.client import Arrival
from batchgen_app.core.errors import (
    BatchGenError,
    DiskTrouble,
    ServerBusy,
    ServerFault,
    ServerUnreachable,
)
from batchgen_app.language.message import clause, later

logger = logging.getLogger(__name__)

T = TypeVar("T")
OnTrouble = Callable[[str | None], None]

NOT_ANSWERING = later("Server not answering")


@dataclass(eq=False)
class Wait:
    """A question without an answer yet: why, when it is put again, how many answers made no sense,
    whether it is this machine's disk that does not take something, and whether the trouble stands
    in the log of the app. ``now`` is set as soon as somebody is impatient, also while the question
    is on its way.
    """

    why: str | None = None
    until: float = 0.0
    faults: int = 0
    is_for_disk: bool = False
    is_noted: bool = False
    now: asyncio.Event = field(default_factory=asyncio.Event)

    def __str__(self) -> str:
        left = math.ceil(self.until - time.monotonic())
        if left <= 0:
            return later("{why}, trying again now", why=self.why)
        return later("{why}, trying again in {seconds} s", why=self.why, seconds=left)


class Retry:
    """Asks on behalf of one batch. ``on_trouble`` is told, every second, what is waited for, and
    None when that is over.
    """

    def __init__(self, timeouts: Timeouts, stop: Stop, on_trouble: OnTrouble) -> None:
        self.outages = 0
        """How often the server was found to be unreachable: it may have been restarted since."""
        self._timeouts = timeouts
        self._stop = stop
        self._on_trouble = on_trouble
        self._waits: list[Wait] = []
        self._disk_is_fine = asyncio.Event()
        self._disk_is_fine.set()
        stop.on_request(self.try_now)

    def try_now(self) -> None:
        """Whoever waits asks again at once."""
        for wait in self._waits:
            wait.now.set()

    async def ask(self, question: Callable[[], Awaitable[T]], *, faults: int | None = None) -> T:
        """The answer, as soon as there is one. A server that cannot be reached is waited for as
        long as it takes; one that answers senselessly raises its ServerFault after so many
        ``faults``. Raises TimeoutError when a stop is requested and there is still no answer.
        """
        async with self._stop.limit(self._timeouts.stopping):
            return await self._ask(question, faults or self._timeouts.faults, quiet=False)

    async def fetch(
        self, question: Callable[[], Awaitable[T]], *, faults: int, arrival: Arrival
    ) -> T:
        """The same for what is finished and only has to be handed over: faults concern nothing
        else, so they are not shown, and a stop leaves it more time; unless it comes so slowly that
        this would not do.
        """
        longest = self._timeouts.letting_go
        async with self._stop.limit(
            lambda: longest if arrival.seconds_left <= longest else 0.0
        ) as again:
            arrival.on_piece = again
            return await self._ask(question, faults, quiet=True)

    async def store(self, work: Callable[[], Awaitable[T]]) -> T:
        """What ``work`` gives, which writes to this machine's disk. A disk in trouble is waited for
        as long as it takes; raises its DiskTrouble when a stop is requested, and any other
        StorageError at once.
        """
        return await self._ask(work, self._timeouts.faults, quiet=False)

    async def disk_is_fine(self) -> None:
        """Wait as long as somebody waits for the disk."""
        await self._disk_is_fine.wait()

    async def _ask(self, question: Callable[[], Awaitable[T]], faults: int, *, quiet: bool) -> T:
        pause = self._timeouts.retry
        with self._waiting() as wait:
            while True:
                # Before a question, not before the pause: who is impatient while the question is on
                # its way wants no pause behind it.
                wait.now.clear()
                try:
                    return await question()
                except (ServerUnreachable, ServerFault, DiskTrouble) as error:
                    self._note(wait, error, quiet=quiet)
                    if self._stop.requested or wait.faults >= faults:
                        raise
                await self._pause(wait, pause)
                pause = min(2 * pause, self._timeouts.retry_at_most)

    @contextmanager
    def _waiting(self) -> Iterator[Wait]:
        wait = Wait()
        self._waits.append(wait)
        try:
            yield wait
        except (ServerUnreachable, ServerFault) as error:
            if self._stop.requested:
                raise TimeoutError from error
            raise
        finally:
            self._waits.remove(wait)
            self._tell()

    def _note(self, wait: Wait, error: BatchGenError, *, quiet: bool) -> None:
        if not wait.is_noted:
            logger.warning("Trying again after %s", type(error).__name__)
        wait.is_noted = True
        if isinstance(error, ServerUnreachable):
            self.outages += 1
            wait.why = clause(str(error)) if isinstance(error, ServerBusy) else NOT_ANSWERING
        elif isinstance(error, DiskTrouble):
            wait.why, wait.is_for_disk = clause(str(error)), True
        else:
            wait.faults += 1
            wait.why = None if quiet else clause(str(error))

    async def _pause(self, wait: Wait, seconds: float) -> None:
        """Count down, by the second, until it is time or somebody is impatient."""
        wait.until = time.monotonic() + seconds
        while (left := wait.until - time.monotonic()) > 0 and not wait.now.is_set():
            self._tell()
            with suppress(TimeoutError):
                # Until the next whole second, when what is told changes.
                async with asyncio.timeout(left - math.ceil(left) + 1):
                    await wait.now.wait()
        wait.until = 0.0
        self._tell()

    def _tell(self) -> None:
        """Of all that are waited for, what is tried next."""
        if any(wait.is_for_disk for wait in self._waits):
            self._disk_is_fine.clear()
        else:
            self._disk_is_fine.set()
        shown = [wait for wait in self._waits if wait.why]
        first = min(shown, key=lambda wait: wait.until, default=None)
        self._on_trouble(str(first) if first else None)
