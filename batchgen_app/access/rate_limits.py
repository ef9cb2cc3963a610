"""RateLimit: how often one device may ask. A page with hundreds of pictures may; a flood may not.

LoginAttempts: wrong codes are answered ever more slowly, and after ten of them an address must
wait. Nobody else must. A household shares its codes, and somebody who guesses must not be able
to lock everybody out: so what cannot be guessed is left to the codes, which are too long for
that, and a right one never waits for those who guess elsewhere. ``chance_of_a_month`` does the
sum.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

BURST = 1000.0
PER_SECOND = 100.0
MOST_ADDRESSES = 1000


class RateLimit:
    """For each address a bucket of requests that fills up again."""

    def __init__(
        self,
        burst: float = BURST,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, address: str) -> bool:
        """Whether one more request may be made now; it counts."""
        left = self._now_left(address)
        self._left[address] = (left - 1 if left >= 1 else left, self._clock())
        if len(self._left) > MOST_ADDRESSES:
            self._forget_full()
        return left >= 1

    def _now_left(self, address: str) -> float:
        left, when = self._left.get(address, (self._burst, self._clock()))
        return min(self._burst, left + (self._clock() - when) * self._per_second)

    def _forget_full(self) -> None:
        self._left = {
            address: kept
            for address, kept in self._left.items()
            if self._now_left(address) < self._burst
        }


MOST_OF_ONE = 10
LOCK_SECONDS = 900.0
"""Also how long a wrong code is remembered."""
LONGEST_PAUSE = 2.0
MOST_PER_SECOND = 1000.0
"""Wrong codes that are looked at, from whatever addresses. That is more than most machines can
answer at all; on faster ones, each beyond it takes the whole process the time that it has at this
rate, for the sum to hold there. To refuse some instead would refuse right ones among them. To count
by address would not do: of IPv6, one network has 2^64, and there is no end of networks.
"""
GATHERED_SECONDS = 1.0
"""So much of that rate may come at once."""
MOST_REMEMBERED = 100_000
"""Addresses. Beyond that, the one that guessed longest ago may begin again."""
MONTH = 30 * 24 * 3600.0


def chance_of_a_month(possible: int, valid: int) -> float:
    """The probability that guessing for a month at the permitted rate, from all addresses together,
    finds one of the ``valid`` codes among the ``possible`` ones.
    """
    return MOST_PER_SECOND * MONTH * valid / possible


@dataclass
class _Count:
    wrong: int
    until: float


class LoginAttempts:
    """Counts wrong codes by address. A right one changes nothing: who knows one code could go on
    guessing at the other.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        hold: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._counts: dict[str, _Count] = {}
        """The one that guessed last at the end."""
        self._hold = hold
        self._paid_until = -GATHERED_SECONDS
        """By the clock: until when the wrong codes so far reach at the permitted rate."""

    def wait(self, address: str) -> float:
        """Seconds until a code from ``address`` is looked at again; mostly 0."""
        count = self._counts.get(address)
        if count is None or count.wrong < MOST_OF_ONE:
            return 0.0
        return max(0.0, count.until - self._clock())

    async def wrong(self, address: str) -> None:
        """Count a wrong code, and hold up whoever sent it."""
        self._keep_to_the_rate()
        self._forget_old()
        count = self._counts.pop(address, _Count(0, 0.0))
        self._counts[address] = _Count(count.wrong + 1, self._clock() + LOCK_SECONDS)
        await self._sleep(min(LONGEST_PAUSE, 0.05 * 2.0 ** self._counts[address].wrong))

    def left(self, address: str) -> int:
        """How many more wrong codes ``address`` may send."""
        count = self._counts.get(address)
        return MOST_OF_ONE - (count.wrong if count else 0)

    def _keep_to_the_rate(self) -> None:
        """Nothing else is done meanwhile, so that nobody can look at more in the same time."""
        now = self._clock()
        self._paid_until = max(now - GATHERED_SECONDS, self._paid_until) + 1 / MOST_PER_SECOND
        if self._paid_until > now:
            self._hold(self._paid_until - now)

    def _forget_old(self) -> None:
        """From the front, where the oldest are: a flood must not make this long."""
        now = self._clock()
        while self._counts:
            oldest = next(iter(self._counts))
            if self._counts[oldest].until > now and len(self._counts) < MOST_REMEMBERED:
                return
            del self._counts[oldest]
