"""Pace: how often one device may ask. A page with hundreds of pictures may; a flood may not."""

import time
from collections.abc import Callable

BURST = 1000.0
PER_SECOND = 100.0
MOST_ADDRESSES = 1000


class Pace:
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
