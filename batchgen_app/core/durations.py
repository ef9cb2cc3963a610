"""How long a batch will take: count times the average of what was measured (FUN-BATCH-GEN-025). And
how long one was worked on, by what its events tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import fmean
from typing import Literal

from batchgen_app.core.batch import Parameters
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchContinued,
    BatchFailed,
    BatchResumed,
    BatchStarted,
    Event,
    ImageCompleted,
    ImageFailed,
    ImageSubmitted,
)

DEFAULT_STEPS = 20
DEFAULT_SIDE = 1024
DEFAULT_SECONDS_PER_STEP = 0.5
"""One step at 1024 x 1024 on a middling graphics card, before anything was measured."""


@dataclass(frozen=True)
class ImageTime:
    """Expected seconds per image, and what that rests on."""

    seconds: float
    basis: Literal["measured", "default"]

    @property
    def known(self) -> float | None:
        """The seconds, unless they are only a guess."""
        return self.seconds if self.basis == "measured" else None

    def of(self, count: int) -> float:
        """Seconds for ``count`` images."""
        return self.seconds * count


def expect(measured: Sequence[float], parameters: Parameters) -> ImageTime:
    """From seconds measured for images of this kind (model, size, steps), else a default."""
    if measured:
        return ImageTime(fmean(measured), "measured")
    return ImageTime(_default(parameters), "default")


def _default(parameters: Parameters) -> float:
    steps = parameters.steps or DEFAULT_STEPS
    pixels = (parameters.width or DEFAULT_SIDE) * (parameters.height or DEFAULT_SIDE)
    return steps * DEFAULT_SECONDS_PER_STEP * pixels / DEFAULT_SIDE**2


WORK = (
    *(BatchStarted, ImageSubmitted, ImageCompleted, ImageFailed),
    *(BatchCompleted, BatchFailed, BatchCancelled),
)
"""Not an interruption: when the app has died, it is noted at the next start. What was lost is found
missing then, too.
"""


@dataclass(frozen=True)
class WorkingTime:
    """``seconds`` from the request, a resume or the end of a pause to the last thing that happened.
    ``until`` is the moment of that.
    """

    until: datetime
    seconds: float = 0.0

    def after(self, event: Event) -> "WorkingTime":
        """The same when ``event`` has happened."""
        if isinstance(event, BatchResumed | BatchContinued):
            return replace(self, until=event.at)
        if not isinstance(event, WORK) or event.at < self.until:
            return self
        passed = (event.at - self.until).total_seconds()
        return WorkingTime(event.at, self.seconds + passed)
