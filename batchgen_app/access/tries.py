"""Tries: wrong codes are answered ever more slowly, and after ten of them an address must wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

MOST_OF_ONE = 10
MOST_OF_ALL = 100
"""From whatever addresses: a code of six digits must not be guessed by many together either."""
LOCK_SECONDS = 900.0
"""Also how long a wrong code is remembered."""
LONGEST_PAUSE = 2.0
EVERYBODY = "*"


@dataclass
class _Count:
    wrong: int
    until: float


class Tries:
    """Counts wrong codes by address. A right one changes nothing: who knows one code could go on
    guessing at the other.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._counts: dict[str, _Count] = {}

    def wait(self, address: str) -> float:
        """Seconds until a code from ``address`` is looked at again; mostly 0."""
        limits = ((address, MOST_OF_ONE), (EVERYBODY, MOST_OF_ALL))
        return max(self._wait(key, most) for key, most in limits)

    async def wrong(self, address: str) -> None:
        """Count a wrong code, and hold up whoever sent it."""
        self._forget_old()
        for key in (address, EVERYBODY):
            count = self._counts.setdefault(key, _Count(0, 0.0))
            count.wrong += 1
            count.until = self._clock() + LOCK_SECONDS
        await self._sleep(min(LONGEST_PAUSE, 0.05 * 2 ** self._counts[address].wrong))

    def left(self, address: str) -> int:
        """How many more wrong codes ``address`` may send."""
        count = self._counts.get(address)
        return MOST_OF_ONE - (count.wrong if count else 0)

    def _wait(self, key: str, most: int) -> float:
        count = self._counts.get(key)
        if count is None or count.wrong < most:
            return 0.0
        return max(0.0, count.until - self._clock())

    def _forget_old(self) -> None:
        now = self._clock()
        self._counts = {key: count for key, count in self._counts.items() if count.until > now}
