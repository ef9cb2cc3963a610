"""The wish to stop a batch: who asked and why, how long may still be waited after it, and what is
brought to its end all the same.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from batchgen_app.core.signal import Signal

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Stop:
    """Not requested at first; once requested, for good. The first reason counts."""

    def __init__(self) -> None:
        self.because: str | None = None
        self._requested_at = 0.0
        self._limits: list[Callable[[], None]] = []
        self._asked = Signal[[]]()

    @property
    def requested(self) -> bool:
        """Whether somebody asked for it."""
        return self.because is not None

    def request(self, because: str) -> None:
        """Ask for it; whoever waits is told."""
        if self.requested:
            return
        self.because = because
        self._requested_at = asyncio.get_running_loop().time()
        for set_deadline in self._limits:
            set_deadline()
        self._asked.emit()

    def on_request(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when it is requested (at once, if it was)."""
        self._asked.subscribe(call)
        if self.requested:
            call()

    @asynccontextmanager
    async def limit(
        self, seconds: float | Callable[[], float]
    ) -> AsyncIterator[Callable[[], None]]:
        """Wait in here as long as it takes, but no longer than ``seconds`` after a stop was
        requested; then raises TimeoutError. So what waits one after the other does not add up.
        Gives what has ``seconds`` asked for again, where they depend on something.
        """
        async with asyncio.timeout(None) as limit:

            def set_deadline() -> None:
                if self.requested and not limit.expired():
                    longest = seconds() if callable(seconds) else seconds
                    limit.reschedule(self._requested_at + longest)

            self._limits.append(set_deadline)
            set_deadline()
            try:
                yield set_deadline
            finally:
                self._limits.remove(set_deadline)


async def to_the_end(work: Coroutine[Any, Any, T], too_late: asyncio.Event) -> T:
    """The result of ``work``. Whoever is cancelled meanwhile stays until it has ended, and is
    cancelled then: for a write in hand, which takes a moment. When it is ``too_late`` for that, the
    work is left behind.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await _ended_or(task, too_late)
        if not task.done():
            logger.warning("The write in hand does not end: it is left behind")
            task.cancel()
        # Nobody is left who could be told of it.
        elif not task.cancelled() and (fault := task.exception()):
            logger.exception("The write in hand failed", exc_info=fault)
        raise


async def _ended_or(task: asyncio.Task[T], too_late: asyncio.Event) -> None:
    waiting = asyncio.create_task(too_late.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
