"""Tries: wrong codes are answered ever more slowly, and after ten of them an address must wait.

Nobody else must. A household shares its codes, and somebody who guesses must not be able to lock
everybody out: so what cannot be guessed is left to the codes, which are too long for that.
``chance_of_a_month`` does the sum.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from batchgen_app.access.pace import Pace

MOST_OF_ONE = 10
LOCK_SECONDS = 900.0
"""Also how long a wrong code is remembered."""
LONGEST_PAUSE = 2.0
MOST_PER_SECOND = 1000.0
"""Wrong codes that are looked at, from whatever addresses. That is more than one process can answer
at all, so it locks nobody out; it is here for the sum to hold on whatever machine. To count by
address would not do: of IPv6, one network has 2^64, and there is no end of networks.
"""
MOST_REMEMBERED = 100_000
"""Addresses. Beyond that, the one that guessed longest ago may begin again."""
MONTH = 30 * 24 * 3600.0
EVERYBODY = "*"


def chance_of_a_month(possible: int, valid: int) -> float:
    """The probability that guessing for a month at the permitted rate, from all addresses together,
    finds one of the ``valid`` codes among the ``possible`` ones.
    """
    return MOST_PER_SECOND * MONTH * valid / possible


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
        """The one that guessed last at the end."""
        self._all = Pace(MOST_PER_SECOND, MOST_PER_SECOND, clock)

    def wait(self, address: str) -> float:
        """Seconds until a code from ``address`` is looked at again; mostly 0."""
        count = self._counts.get(address)
        if count is None or count.wrong < MOST_OF_ONE:
            return 0.0 if self._all.has_room(EVERYBODY) else 1.0
        return max(0.0, count.until - self._clock())

    async def wrong(self, address: str) -> None:
        """Count a wrong code, and hold up whoever sent it."""
        self._all.allows(EVERYBODY)
        self._forget_old()
        count = self._counts.pop(address, _Count(0, 0.0))
        self._counts[address] = _Count(count.wrong + 1, self._clock() + LOCK_SECONDS)
        await self._sleep(min(LONGEST_PAUSE, 0.05 * 2.0 ** self._counts[address].wrong))

    def left(self, address: str) -> int:
        """How many more wrong codes ``address`` may send."""
        count = self._counts.get(address)
        return MOST_OF_ONE - (count.wrong if count else 0)

    def _forget_old(self) -> None:
        """From the front, where the oldest are: a flood must not make this long."""
        now = self._clock()
        while self._counts:
            oldest = next(iter(self._counts))
            if self._counts[oldest].until > now and len(self._counts) < MOST_REMEMBERED:
                return
            del self._counts[oldest]
