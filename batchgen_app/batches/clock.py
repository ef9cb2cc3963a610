"""The time, as batches know it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TRUSTED = timedelta(days=1)
"""How far the log may be ahead of the machine's clock; further, and that was wrong then."""
MOMENT = timedelta(microseconds=1)


def machine_time() -> datetime:
    """What the machine's clock says, UTC."""
    return datetime.now(UTC)


class Clock:
    """Goes forward, whatever the machine's clock does: no two times are the same, and what happens
    later is later. ``last`` is the last time that was told in an earlier run.
    """

    def __init__(
        self,
        last: datetime | None = None,
        now: Callable[[], datetime] = machine_time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._ticks = ticks
        self._ticked = ticks()
        is_likely = last is not None and last <= now() + TRUSTED
        self._last = last if last and is_likely else now()

    def __call__(self) -> datetime:
        """The time, UTC."""
        before, self._ticked = self._ticked, self._ticks()
        passed = max(timedelta(seconds=self._ticked - before), MOMENT)
        self._last = max(self._now(), self._last + passed)
        return self._last
