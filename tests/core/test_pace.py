"""The time that remains, by what a batch shows of its pace (line 10): no number before there is one
to go by, and none once it is overdue.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.events import PlaceChanged, StepDone, TimePassed
from batchgen_app.core.pace import ImagePace, Pace, remaining

BATCH = "b"
quick = settings(max_examples=100, deadline=None)
seconds = st.floats(0.001, 3600)


def begun(index: int, at: float) -> PlaceChanged:
    return PlaceChanged(BATCH, index, None, at=at)


def step(number: int, at: float, index: int = 1, steps: int = 10) -> StepDone:
    return StepDone(BATCH, index, number, steps, at=at)


def told(*events: PlaceChanged | StepDone | TimePassed, images: int, **known: float) -> object:
    """Seconds and basis after these events, while image 1 is made."""
    pace = Pace()
    for event in events:
        pace = pace.after(event)
    found = pace.estimate(images, 1, known.get("expected"))
    return found and (pytest.approx(found.seconds), found.basis)


def test_before_anything_is_known_there_is_no_number() -> None:
    assert told(images=4) is None
    assert told(begun(1, 100.0), images=4) is None
    assert told(begun(1, 100.0), step(1, 160.0), images=4) is None


def test_earlier_batches_count_until_this_one_has_a_pace() -> None:
    assert told(images=3, expected=8.0) == (24.0, "measured")
    assert told(step(1, 0.0, steps=2), images=3, expected=8.0) == (20.0, "measured")
    assert told(begun(1, 0.0), TimePassed(BATCH, at=3.0), images=3, expected=8.0) == (
        21.0,
        "measured",
    )


def test_from_the_second_step_on_the_observed_pace_counts() -> None:
    events = begun(1, 0.0), step(1, 60.0), step(2, 66.0)
    assert told(*events, images=1, expected=8.0) == (48.0, "observed")
    assert told(*events, images=3) == (48.0 + 2 * 60.0, "observed")


def test_between_two_steps_it_counts_down_and_a_late_one_puts_it_off() -> None:
    events = begun(1, 0.0), step(1, 10.0), step(2, 20.0)
    assert told(*events, TimePassed(BATCH, at=24.0), images=1) == (76.0, "observed")
    assert told(*events, TimePassed(BATCH, at=60.0), images=1) == (7 * 40.0, "observed")


def test_what_comes_after_the_last_step_is_not_a_second_for_ever() -> None:
    events = begun(1, 0.0), step(1, 1.0), step(10, 10.0)
    assert told(*events, images=1) is None
    assert told(*events, TimePassed(BATCH, at=70.0), images=1) is None
    assert told(*events, TimePassed(BATCH, at=70.0), images=3) == (20.0, "observed")


def test_the_end_of_an_image_is_known_once_one_is_done() -> None:
    pace = Pace()
    for event in (begun(1, 0.0), step(1, 31.0), step(10, 40.0)):
        pace = pace.after(event)
    pace = pace.measured(1, 45.0)
    assert pace.took == (15.0,)  # 30 s for the model are spent once
    for event in (begun(2, 45.0), step(1, 46.0, index=2), step(10, 55.0, index=2)):
        pace = pace.after(event)
    found = pace.estimate(2, 2, expected=None)
    assert found
    assert found.seconds == pytest.approx(5.0 + 15.0)
    late = pace.after(TimePassed(BATCH, at=200.0))
    assert late.estimate(1, 2, expected=None) is None


def test_a_second_bar_of_the_same_node_has_a_pace_of_its_own() -> None:
    pace = ImagePace().begun(0.0).stepped(1, 10, 1.0).stepped(10, 10, 10.0).stepped(1, 5, 30.0)
    assert pace.pace is None
    assert pace.stepped(2, 5, 34.0).pace == 4.0


def test_the_last_one_may_be_overdue_and_nothing_left_takes_no_time() -> None:
    assert remaining(0, 10.0, ImagePace(), 0.0) == 0.0
    assert remaining(1, 10.0, ImagePace(begun_at=0.0), 11.0) is None
    assert remaining(2, 10.0, ImagePace(begun_at=0.0), 11.0) == 10.0


@quick
@given(st.integers(1, 20), seconds, st.lists(seconds, min_size=2, max_size=10), seconds)
def test_whatever_is_seen_the_number_makes_sense(
    images: int, whole: float, gaps: list[float], wait: float
) -> None:
    image, now = ImagePace().begun(0.0), 0.0
    for number, gap in enumerate(gaps, 1):
        now += gap
        image = image.stepped(number, 10, now)
    left = remaining(images, whole, image, now + wait)
    assert left is None or left >= 0.0
