"""How long a batch still takes, by what is seen of it while it runs (FUN-BATCH-GEN-026). Nothing is
made up: before there is anything to go by, there is no number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Self

from batchgen_app.core.batch import EstimateBasis
from batchgen_app.core.events import Passing, PlaceChanged, StepDone


@dataclass(frozen=True)
class ImagePace:
    """What was seen of one image while it is made: when the server took it up, and how its steps
    follow one another. Moments in seconds of one steady clock.
    """

    begun_at: float | None = None
    first: tuple[int, float] | None = None
    last: tuple[int, float] | None = None
    steps: int = 0

    def begun(self, at: float) -> Self:
        """The server took it up; what is seen again is not new."""
        return self if self.begun_at is not None else replace(self, begun_at=at)

    def stepped(self, step: int, steps: int, at: float) -> Self:
        """A step is done. A node may run several bars in a row: each has a pace of its own."""
        is_new = self.last is None or step < self.last[0] or steps != self.steps
        here = step, at
        first = here if is_new or self.first is None else self.first
        return replace(self.begun(at), first=first, last=here, steps=steps)

    @property
    def pace(self) -> float | None:
        """Seconds for a step, from the second one on. The first one is no measure: the model has to
        be loaded before it.
        """
        if self.first is None or self.last is None or self.last[0] <= self.first[0]:
            return None
        return (self.last[1] - self.first[1]) / (self.last[0] - self.first[0])

    @property
    def preparation(self) -> float:
        """Seconds before the first step that the images after this one need not spend again."""
        if self.pace is None or self.begun_at is None or self.first is None:
            return 0.0
        return max(0.0, self.first[1] - self.begun_at - self.pace * self.first[0])

    @property
    def sampling(self) -> float | None:
        """Seconds that all steps take at this pace."""
        return None if self.pace is None else self.pace * self.steps

    def left(self, whole: float, now: float) -> float:
        """Seconds until it is done, if it takes ``whole``; 0 when it is overdue."""
        if self.last is None:
            return max(0.0, whole - (0.0 if self.begun_at is None else now - self.begun_at))
        (step, at), sampling = self.last, self.sampling
        if self.pace is None or sampling is None:
            return max(0.0, whole * (1 - step / max(1, self.steps)) - (now - at))
        behind = max(0.0, whole - sampling)
        if step >= self.steps:
            return max(0.0, behind - (now - at))
        slow = max(self.pace, now - at)  # a step that is late makes those to come late, too
        return slow * (self.steps - step) - min(slow, now - at) + behind


def remaining(images: int, whole: float, current: ImagePace, now: float) -> float | None:
    """Seconds until the last of ``images`` is done, if each takes ``whole`` and ``current`` is the
    first of them. None if only that one is left and is overdue: nobody knows.
    """
    if images == 0:
        return 0.0
    left = current.left(whole, now)
    return None if images == 1 and left == 0.0 else left + (images - 1) * whole


@dataclass(frozen=True)
class Estimate:
    """Seconds until the end of a batch, and what that rests on."""

    seconds: float
    basis: EstimateBasis


@dataclass(frozen=True)
class Pace:
    """That of one run of a batch: of each image while it is made, and what those took that are
    done. ``now`` is the moment of what was seen last.
    """

    images: Mapping[int, ImagePace] = field(default_factory=dict)
    took: tuple[float, ...] = ()
    now: float = 0.0

    def after(self, event: Passing) -> Self:
        """When ``event`` has been seen."""
        now = max(self.now, event.at)
        match event:
            case StepDone(index=index, step=step, steps=steps):
                changed = {index: self.of(index).stepped(step, steps, now)}
            case PlaceChanged(index=index, ahead=None):
                changed = {index: self.of(index).begun(now)}
            case _:
                changed = {}
        return replace(self, now=now, images={**self.images, **changed})

    def measured(self, index: int, seconds: float | None) -> Self:
        """When the server says what image ``index`` took. Of the first one without its preparation:
        the next ones find the model loaded.
        """
        if seconds is None:
            return self
        once = 0.0 if self.took else self.of(index).preparation
        return replace(self, took=(*self.took, max(0.0, seconds - once)))

    def of(self, index: int | None) -> ImagePace:
        """That of an image, which may not have begun."""
        return self.images.get(index or 0, ImagePace())

    def estimate(self, images: int, index: int | None, expected: float | None) -> Estimate | None:
        """For the last of ``images``, the first of which is image ``index``. Earlier batches, which
        have it that one takes ``expected``, count until this one has shown its own pace.
        """
        current = self.of(index)
        observed = fmean(self.took) if self.took else current.sampling
        whole = expected if observed is None else observed
        seconds = None if whole is None else remaining(images, whole, current, self.now)
        if seconds is None:
            return None
        return Estimate(seconds, "measured" if observed is None else "observed")
