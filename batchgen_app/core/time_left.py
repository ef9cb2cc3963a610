"""How long a batch still takes, by what is seen of it while it runs (FUN-BATCH-GEN-026). Nothing is
made up: before there is anything to go by, and where nothing that was seen fits, there is no
number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from batchgen_app.core.batch import EstimateBasis
from batchgen_app.core.passing import Passing, PlaceChanged, StepDone

MOST_BARS = 64
"""Of one image; a server that counts as it likes begins a new one with each message."""


@dataclass(frozen=True)
class Bar:
    """Steps that follow one another: the first and the last one seen, of how many. Moments in
    seconds of one steady clock.
    """

    first: tuple[int, float]
    last: tuple[int, float]
    steps: int

    @property
    def pace(self) -> float | None:
        """Seconds for a step, from the second one on. The first one is no measure: the model has to
        be loaded before it.
        """
        counted = self.last[0] - self.first[0]
        return (self.last[1] - self.first[1]) / counted if counted else None

    def pace_at(self, now: float) -> float | None:
        """The same when the next step is late: it counts as if it came now."""
        if self.pace is None:
            return None
        return max(self.pace, (now - self.first[1]) / (self.last[0] + 1 - self.first[0]))

    @property
    def start(self) -> float:
        """When its first step began; where no pace is seen, when that was done."""
        return self.first[1] - self.first[0] * (self.pace or 0.0)

    @property
    def is_done(self) -> bool:
        """Whether its last step is."""
        return self.last[0] >= self.steps

    def left(self, pace: float, now: float) -> float:
        """Seconds until its last step is done; 0 when that is late."""
        following = pace * (self.steps - self.last[0] - 1)
        return following + max(0.0, pace - (now - self.last[1]))


@dataclass(frozen=True)
class ImagePace:
    """What was seen of one image: when the server took it up, its bars of steps, and its end by the
    time that the server says.
    """

    begun_at: float | None = None
    bars: tuple[Bar, ...] = ()
    ended_at: float = 0.0

    def begun(self, at: float) -> Self:
        """The server took it up; what is seen again is not new."""
        return self if self.begun_at is not None else replace(self, begun_at=at)

    def stepped(self, step: int, steps: int, at: float) -> Self:
        """A step is done; some servers begin with one that is not, number 0. A node may run several
        bars in a row, and so may several nodes.
        """
        taken_up, here = self.begun(at), (step, at)
        if step < 1:
            return taken_up
        if self.bars and steps == self.bars[-1].steps and step >= self.bars[-1].last[0]:
            last = self.bars[-1]
            going_on = last if step == last.last[0] else replace(last, last=here)
            return replace(taken_up, bars=(*self.bars[:-1], going_on))
        return replace(taken_up, bars=(*self.bars[: MOST_BARS - 1], Bar(here, here, steps)))

    def ended(self, seconds: float) -> Self:
        """It took ``seconds``, or at least as long as its steps were seen."""
        begun = self.begun_at or 0.0
        steps_end = self.bars[-1].last[1] if self.bars else begun
        return replace(self, begun_at=begun, ended_at=max(steps_end, begun + seconds))

    def waited(self, now: float) -> float:
        """Seconds since it was begun; 0 before."""
        return 0.0 if self.begun_at is None else now - self.begun_at

    @property
    def since(self) -> float:
        """When it was begun, for all that is known."""
        known = [] if self.begun_at is None else [self.begun_at]
        return min([*known, *(bar.start for bar in self.bars[:1])], default=0.0)

    @property
    def start(self) -> float:
        """When its steps began, or if none was seen, when it ended."""
        return max(self.since, self.bars[0].start) if self.bars else self.ended_at

    @property
    def whole(self) -> float:
        """Seconds for all of it."""
        return self.ended_at - self.since

    def once_prepared(self) -> Self:
        """As one behind it will be: what came before the first step need not be done again."""
        is_seen = self.bars and self.bars[0].pace is not None
        return replace(self, begun_at=self.start) if is_seen else self


@dataclass(frozen=True)
class Course:
    """Seconds that an image still takes, and that each one behind it will. ``is_late``: since
    something was seen of it, more time has passed than it should take to its end.
    """

    left: float
    each: float
    is_late: bool


def course(image: ImagePace, known: ImagePace | None, now: float) -> Course | None:
    """That of ``image``, by its own pace and by one that is done; None where neither tells."""
    if image.bars:
        return _under_way(image, known, now)
    return _before_steps(image, known, now) if known else None


def _before_steps(image: ImagePace, known: ImagePace, now: float) -> Course:
    waited = image.waited(now)
    left = max(0.0, known.start - known.since - waited) + known.ended_at - known.start
    return Course(left, waited + left, is_late=waited >= known.whole)


def _under_way(image: ImagePace, known: ImagePace | None, now: float) -> Course | None:
    bar = image.bars[-1]
    left = _left(image, known, now)
    at_last = _left(image, known, bar.last[1])
    if left is None or at_last is None:
        return None
    each = now - (image.since if known else image.start) + left
    return Course(left, each, is_late=now - bar.last[1] >= at_last)


def _left(image: ImagePace, known: ImagePace | None, now: float) -> float | None:
    """Seconds until the end of an image that has steps."""
    bar = image.bars[-1]
    like, behind = _alike(known, len(image.bars) - 1)
    if bar.is_done:
        return _behind_steps(bar, behind, now)
    steps = _steps(bar, like, now)
    return None if steps is None else steps + (behind or 0.0)


def _alike(known: ImagePace | None, place: int) -> tuple[Bar | None, float | None]:
    """The bar in this place of an image that is done, and the seconds behind it."""
    if known is None or place >= len(known.bars):
        return None, None
    return known.bars[place], known.ended_at - known.bars[place].last[1]


def _steps(bar: Bar, like: Bar | None, now: float) -> float | None:
    """Seconds for the rest of a bar."""
    pace = bar.pace_at(now)
    if pace is None and like:
        pace = like.pace
    return None if pace is None else bar.left(pace, now)


def _behind_steps(bar: Bar, behind: float | None, now: float) -> float | None:
    """Seconds for what comes behind a bar; unknown, it may be nothing for as long as a step."""
    waited = now - bar.last[1]
    if behind is not None:
        return max(0.0, behind - waited)
    return 0.0 if bar.pace is not None and waited <= bar.pace else None


def course_of_kind(image: ImagePace, whole: float, now: float) -> Course | None:
    """That of ``image`` if it takes ``whole``, as those of its kind did; None once it takes longer:
    it is like none of them.
    """
    if len(image.bars) == 1 and not image.bars[0].is_done:
        step, at = image.bars[0].last
        left = whole * (1 - step / image.bars[0].steps) - (now - at)
    else:
        left = whole - (now - image.start if image.bars else image.waited(now))
    return Course(left, whole, is_late=False) if left > 0.0 else None


@dataclass(frozen=True)
class Estimate:
    """Seconds until the end of a batch, and what that rests on."""

    seconds: float
    basis: EstimateBasis

    @classmethod
    def of(cls, course: Course | None, images: int, basis: EstimateBasis) -> Self | None:
        """For the last of ``images``, the first of which is on this course."""
        if course is None or (course.is_late and images == 1):
            return None
        return cls(course.left + (images - 1) * course.each, basis)


@dataclass(frozen=True)
class TimeLeft:
    """That of one run of a batch: of each image, and the newest one that is done, as those behind
    it will be. ``now`` is the moment of what was seen last.
    """

    images: Mapping[int, ImagePace] = field(default_factory=dict)
    known: ImagePace | None = None
    now: float = 0.0

    def after(self, event: Passing) -> Self:
        """When ``event`` has been seen."""
        # An event that brings no time along does not turn it back.
        now = max(self.now, event.at)
        match event:
            case StepDone(index=index, step=step, steps=steps):
                changed = {index: self.of(index).stepped(step, steps, now)}
            case PlaceChanged(index=index, ahead=None):
                changed = {index: self.of(index).begun(now)}
            case _:
                changed = {}
        return replace(self, now=now, images={**self.images, **changed})

    def submitted(self, index: int) -> Self:
        """An image is sent, perhaps again: what was seen of it before does not count."""
        return replace(self, images={**self.images, index: ImagePace()})

    def measured(self, index: int, seconds: float | None) -> Self:
        """When the server says what image ``index`` took, if it does. The ones behind the first one
        find the model loaded; if they do not, that is seen.
        """
        if seconds is None:
            return self
        done = self.of(index).ended(seconds)
        return replace(self, known=done if self.known else done.once_prepared())

    def of(self, index: int | None) -> ImagePace:
        """That of an image, which may not have begun."""
        return self.images.get(index or 0, ImagePace())

    def estimate(self, images: int, index: int | None, expected: float | None) -> Estimate | None:
        """For the last of ``images``, the first of which is image ``index``. Earlier batches, which
        have it that one takes ``expected``, count until this one has shown its own pace.
        """
        if images == 0:
            return Estimate(0.0, "observed")
        image = self.of(index)
        if found := Estimate.of(course(image, self.known, self.now), images, "observed"):
            return found
        if self.known or expected is None:
            return None
        return Estimate.of(course_of_kind(image, expected, self.now), images, "measured")
