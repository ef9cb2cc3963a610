"""The time that remains, by what a batch shows of its pace (line 10). What a server does is told
with a clock of its own: no number before there is one to go by, none that is far from what came,
and none where nothing that was seen fits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.passing import Passing, PlaceChanged, StepDone, TimePassed
from batchgen_app.core.state import BatchState
from batchgen_app.core.time_left import MOST_BARS, ImagePace, TimeLeft
from tests.core.stories import BATCH_ID, completed, queued, started, submitted

quick = settings(max_examples=100, deadline=None)
seconds = st.floats(0.001, 3600)


def begun(index: int, at: float) -> PlaceChanged:
    return PlaceChanged(BATCH_ID, index, None, at=at)


def step(number: int, at: float, index: int = 1, steps: int = 10) -> StepDone:
    return StepDone(BATCH_ID, index, number, steps, at=at)


def passed(at: float) -> TimePassed:
    return TimePassed(BATCH_ID, at=at)


def told(*events: Passing, images: int, expected: float | None = None) -> object:
    """Seconds and basis after these events, while image 1 is made."""
    pace = TimeLeft()
    for event in events:
        pace = pace.after(event)
    found = pace.estimate(images, 1, expected)
    return found and (pytest.approx(found.seconds), found.basis)


@dataclass(frozen=True)
class Made:
    """Seconds for an image: before the first step, each step of each bar, behind the last one.
    Without ``is_measured`` none is said, as for one that the server only recalls.
    """

    load: float = 0.0
    bars: tuple[tuple[float, ...], ...] = ()
    tail: float = 0.0
    is_measured: bool = True

    @property
    def took(self) -> float:
        return self.load + sum(map(sum, self.bars)) + self.tail


@dataclass(frozen=True)
class Told:
    """What was said at a moment, and what came."""

    index: int
    at: float
    left: float | None
    came: float

    @property
    def is_near(self) -> bool:
        return self.left is None or self.came / 2 - 1.5 <= self.left <= 2 * self.came + 1.5

    @property
    def is_hasty(self) -> bool:
        """Almost done, it says, while that is not near."""
        return self.left is not None and self.left < 1.5 and not self.is_near


def happening(index: int, made: Made, at: float) -> Iterator[Passing]:
    """All that is heard of an image."""
    yield begun(index, at)
    now = at + made.load
    for bar in made.bars:
        for number, took in enumerate(bar, 1):
            now += took
            yield step(number, now, index, len(bar))


def with_a_beat(events: list[Passing], end: float) -> Iterator[Passing]:
    """And the time that passes in between."""
    for event, after in pairwise([*events, passed(end)]):
        yield event
        now = event.at + 0.5
        while now < after.at:
            yield passed(now)
            now += 0.5


def all_told(*images: Made, expected: float | None = None) -> list[Told]:
    """Whatever a batch says while a server makes these images."""
    batch = BatchState.queued(queued(len(images)), expected)
    batch.apply(started())
    said, at, end = [], 100.0, 100.0 + sum(made.took for made in images)
    for index, made in enumerate(images, 1):
        batch.apply(submitted(index))
        for event in with_a_beat(list(happening(index, made, at)), at + made.took):
            batch.apply(event)
            left = batch.estimated_seconds_remaining
            said.append(Told(index, event.at - at, left, end - event.at))
        at += made.took
        batch.apply(completed(index, made.took if made.is_measured else None))
        said.append(Told(index + 1, 0.0, batch.estimated_seconds_remaining, end - at))
    return said


def steps(count: int, each: float) -> tuple[tuple[float, ...], ...]:
    return ((each,) * count,)


PLAIN = Made(0.0, steps(8, 1.0), 0.5)
COURSES = {
    "alike": [PLAIN] * 4,
    "ten times slower": [Made(0.5, steps(5, 0.3), 0.1)] * 3,
    "ten times faster": [Made(0.5, steps(5, 0.003), 0.1)] * 3,
    "an hour each": [Made(0.0, steps(20, 180.0), 60.0)] * 2,
    "the model is loaded once": [Made(15.0, steps(8, 0.3)), *[Made(0.05, steps(8, 0.3))] * 3],
    "one step each": [Made(0.2, steps(1, 10.0), 5.0)] * 3,
    "no steps to hear of": [Made(12.0)] * 3,
    "the first one only recalled": [
        Made(0.05, is_measured=False),
        Made(30.0, steps(6, 1.0)),
        Made(0.05, steps(6, 1.0)),
    ],
    "all of them only recalled": [Made(0.05, is_measured=False)] * 3,
}
"""Where every number is near to what came."""
LEARNT = {
    "much behind the last step": [Made(0.0, steps(5, 0.1), 45.0)] * 2,
    "all steps at once": [Made(6.0, steps(8, 0.0), 10.0)] * 3,
    "several bars": [Made(0.0, steps(8, 0.4) * 3, 0.2)] * 3,
    "bars of several paces": [Made(1.0, steps(8, 0.4) + steps(4, 3.0), 2.0)] * 3,
    "a slow server after a quick image": [
        Made(0.0, steps(10, 0.2)),
        *[Made(0, steps(10, 2.0))] * 2,
    ],
}
"""Where near is only what is said after the first image and the second step of another one."""


@pytest.mark.parametrize("course", COURSES.values(), ids=list(COURSES))
def test_every_number_is_near_to_what_came(course: list[Made]) -> None:
    said = all_told(*course)
    assert [one for one in said if not one.is_near] == []
    assert any(one.left for one in said) == any(made.is_measured for made in course)


@pytest.mark.parametrize("course", LEARNT.values(), ids=list(LEARNT))
def test_what_one_image_showed_is_known_of_the_others(course: list[Made]) -> None:
    said = all_told(*course)
    second_step = course[1].load + sum(course[1].bars[0][:2])
    later = [one for one in said if (one.index, one.at) >= (2, second_step)]
    assert [one for one in later if not one.is_near] == []


@pytest.mark.parametrize("course", [*COURSES.values(), *LEARNT.values()], ids=[*COURSES, *LEARNT])
def test_nobody_is_told_for_long_that_it_is_almost_done(course: list[Made]) -> None:
    hasty = [one.at for one in all_told(*course) if one.is_hasty]
    assert not hasty or max(hasty) - min(hasty) <= 1.0


def test_a_preparation_that_comes_again_counts_for_the_others_too() -> None:
    course = [Made(20.0, steps(5, 0.4), 0.5)] * 3
    said = all_told(*course)
    assert [one for one in said if one.index == 3 and not one.is_near] == []
    grown = [one.left for one in said if one.index == 2 and 0.0 < one.at < 20.0 and one.left]
    assert grown == sorted(grown)
    last = [one.left for one in said if one.index == 3 and one.left is not None]
    assert last == sorted(last, reverse=True)


def test_before_anything_is_known_there_is_no_number() -> None:
    assert told(images=4) is None
    assert told(images=0) == (0.0, "observed")
    assert told(begun(1, 100.0), images=4) is None
    assert told(begun(1, 100.0), step(1, 160.0), images=4) is None


def test_what_is_said_before_the_first_step_is_done_is_no_pace() -> None:
    loaded = begun(1, 0.0), step(0, 1.0), step(1, 60.0)
    assert told(*loaded, images=2) is None
    assert told(*loaded, step(2, 61.0), images=2) == (8.0 + 10.0, "observed")


def test_earlier_batches_count_until_this_one_has_a_pace() -> None:
    assert told(images=3, expected=8.0) == (24.0, "measured")
    assert told(step(1, 0.0, steps=2), images=3, expected=8.0) == (20.0, "measured")
    assert told(begun(1, 0.0), passed(3.0), images=3, expected=8.0) == (21.0, "measured")


def test_an_image_that_takes_longer_than_earlier_ones_is_like_none_of_them() -> None:
    assert told(begun(1, 0.0), passed(8.5), images=3, expected=8.0) is None
    assert told(begun(1, 0.0), step(1, 60.0), images=3, expected=8.0) == (23.2, "measured")


def test_behind_the_last_step_earlier_batches_know_how_long_it_takes() -> None:
    steps_done = begun(1, 50.0), step(1, 52.0), step(10, 61.0)
    assert told(*steps_done, passed(63.0), images=2, expected=15.0) == (18.0, "measured")


def test_from_the_second_step_on_the_observed_pace_counts() -> None:
    events = begun(1, 0.0), step(1, 60.0), step(2, 66.0)
    assert told(*events, images=1, expected=8.0) == (48.0, "observed")
    assert told(*events, images=3) == (48.0 + 2 * 60.0, "observed")


def test_between_two_steps_it_counts_down_and_a_late_one_puts_it_off() -> None:
    events = begun(1, 0.0), step(1, 10.0), step(2, 20.0)
    assert told(*events, passed(24.0), images=1) == (76.0, "observed")
    assert told(*events, passed(60.0), images=1) == (7 * 25.0, "observed")


def test_what_comes_after_the_last_step_is_not_a_second_for_ever() -> None:
    events = begun(1, 0.0), step(1, 1.0), step(10, 10.0)
    assert told(*events, images=1) is None
    assert told(*events, passed(70.0), images=1) is None
    assert told(*events, passed(10.5), images=3) == (2 * 10.5, "observed")
    assert told(*events, passed(70.0), images=3) is None


def test_a_last_step_that_hangs_is_not_promised_for_ever() -> None:
    assert told(begun(1, 0.0), step(1, 1.0), step(9, 9.0), passed(70.0), images=1) is None


def test_the_end_of_an_image_is_known_once_one_is_done() -> None:
    pace = TimeLeft()
    for event in (begun(1, 0.0), step(1, 31.0), step(10, 40.0)):
        pace = pace.after(event)
    pace = pace.measured(1, 45.0)
    assert pace.known
    assert pace.known.whole == 15.0  # 30 s for the model are spent once
    for event in (begun(2, 45.0), step(1, 46.0, index=2), step(10, 55.0, index=2)):
        pace = pace.after(event)
    found = pace.estimate(2, 2, expected=None)
    assert found
    assert found.seconds == pytest.approx(5.0 + 15.0)
    late = pace.after(passed(200.0))
    assert late.estimate(1, 2, expected=None) is None
    grown = late.estimate(2, 2, expected=None)
    assert grown
    assert grown.seconds == pytest.approx(155.0)


def test_what_was_seen_of_an_image_before_it_is_sent_again_does_not_count() -> None:
    pace = TimeLeft()
    for event in (begun(1, 0.0), step(1, 1.0), step(5, 5.0)):
        pace = pace.after(event)
    pace = pace.submitted(1).after(begun(1, 60.0)).after(step(10, 70.0)).measured(1, 11.0)
    assert pace.known
    assert pace.known.whole == 11.0


def test_a_second_bar_of_the_same_node_has_a_pace_of_its_own() -> None:
    image = ImagePace().begun(0.0).stepped(1, 10, 1.0).stepped(10, 10, 10.0).stepped(1, 5, 30.0)
    assert image.bars[-1].pace is None
    assert image.stepped(2, 5, 34.0).bars[-1].pace == 4.0


def test_a_server_that_counts_as_it_likes_is_not_remembered_without_end() -> None:
    image = ImagePace()
    for number in range(5 * MOST_BARS):
        image = image.stepped(5 - number % 5, 10, float(number))
    assert len(image.bars) == MOST_BARS


@quick
@given(
    st.integers(1, 20),
    st.none() | seconds,
    st.lists(st.tuples(st.integers(1, 2), st.integers(0, 12), seconds), max_size=12),
    st.none() | seconds,
)
def test_whatever_is_seen_the_number_makes_sense(
    images: int,
    expected: float | None,
    seen: list[tuple[int, int, float]],
    took: float | None,
) -> None:
    pace, now = TimeLeft(), 0.0
    for place, (index, number, gap) in enumerate(seen):
        now += gap
        pace = pace.after(step(number, now, index))
        if place == len(seen) // 2:
            pace = pace.measured(1, took)
        found = pace.estimate(images, index, expected)
        assert found is None or found.seconds >= 0.0
