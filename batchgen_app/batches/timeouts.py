"""How long a batch waits for what, and the time as batches know it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Timeouts:
    """In seconds, where nothing else is said."""

    answer: float = 10.0
    """For one answer of the server."""
    stall: float = 300.0
    """Without progress, an image is given up."""
    look: float = 2.0
    """Between two looks at the server while the websocket says nothing."""
    first_look: float = 0.3
    """At a prompt of which nothing is heard: it may have to wait behind others."""
    look_without_websocket: float = 0.5
    look_when_stopping: float = 0.1
    websocket: float = 2.0
    """For a websocket, before a prompt is submitted without one."""
    last_words: float = 30.0
    """For pictures that are still on their way over the websocket when their prompt has ended."""
    retry: float = 1.0
    """Before the first new try when the server does not answer; doubles up to ``retry_at_most``."""
    retry_at_most: float = 8.0
    faults: int = 40
    """Answers that make no sense, one after the other, until they are believed: some minutes."""
    database: float = 10.0
    """For a database that another program has locked, when somebody asks for something."""
    stopping: float = 0.5
    """After a stop was requested, for a question that is on its way to a server that does not
    answer.
    """
    letting_go: float = 0.75
    """After a stop was requested, for a server that answers but works on, and for a picture that is
    on its way. What the server has not let go by then is taken back behind the batch's end.
    """


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
        # Else a run under a clock that was wrong by years would have time stand still until then.
        self._last = last if last and is_likely else now()

    def __call__(self) -> datetime:
        """The time, UTC."""
        before, self._ticked = self._ticked, self._ticks()
        passed = max(timedelta(seconds=self._ticked - before), MOMENT)
        self._last = max(self._now(), self._last + passed)
        return self._last
