"""An answer that serves for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
Clock: TypeAlias = Callable[[], float]


class Remembered(Generic[T]):
    """Gives the last answer for ``keep`` seconds; asked for once, however many want it at a time.

    What ``ask`` raises is passed on and not remembered.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], keep: float, clock: Clock) -> None:
        self._ask = ask
        self._keep = keep
        self._clock = clock
        self._kept: tuple[float, T] | None = None
        self._asking = asyncio.Lock()

    async def get(self, *, refresh: bool = False) -> T:
        """The answer; with ``refresh`` one to a question that was put after this call."""
        called_at = self._clock()
        async with self._asking:
            too_old = called_at if refresh else self._clock() - self._keep
            if self._kept is None or self._kept[0] <= too_old:
                asked_at = self._clock()
                self._kept = asked_at, await self._ask()
            return self._kept[1]
