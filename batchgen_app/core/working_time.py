"""How long a batch was worked on, by what its events tell."""

from dataclasses import dataclass, replace
from datetime import datetime

from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchFailed,
    BatchResumed,
    BatchStarted,
    Event,
    ImageCompleted,
    ImageFailed,
    ImageSubmitted,
)

WORK = (
    *(BatchStarted, ImageSubmitted, ImageCompleted, ImageFailed),
    *(BatchCompleted, BatchFailed, BatchCancelled),
)
"""Not an interruption: when the app has died, it is noted at the next start. What was lost is found
missing then, too.
"""


@dataclass(frozen=True)
class WorkingTime:
    """``seconds`` from the request, or a resume, to the last thing that happened. ``until`` is the
    moment of that.
    """

    until: datetime
    seconds: float = 0.0

    def after(self, event: Event) -> "WorkingTime":
        """The same when ``event`` has happened."""
        if isinstance(event, BatchResumed):
            return replace(self, until=event.at)
        if not isinstance(event, WORK) or event.at < self.until:
            return self
        passed = (event.at - self.until).total_seconds()
        return WorkingTime(event.at, self.seconds + passed)
