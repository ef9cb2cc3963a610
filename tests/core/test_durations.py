"""How long it will take: count times the average of what was measured, or a guess that scales."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch import Parameters
from batchgen_app.core.durations import expect

seconds = st.floats(0, 3600)
quick = settings(max_examples=50, deadline=None)


def test_measured_times_are_averaged() -> None:
    time = expect([4.0, 6.0, 8.0], Parameters(steps=150, width=4096, height=4096))
    assert (time.seconds, time.basis) == (6.0, "measured")
    assert time.of(5) == 30.0


def test_before_anything_was_measured_a_default_is_used_and_called_so() -> None:
    time = expect([], Parameters())
    assert (time.seconds, time.basis) == (10.0, "default")
    assert time.known is None


def test_the_default_grows_with_steps_and_pixels() -> None:
    usual = expect([], Parameters(steps=20, width=1024, height=1024)).seconds
    assert expect([], Parameters(steps=40, width=1024, height=1024)).seconds == 2 * usual
    assert expect([], Parameters(steps=20, width=2048, height=1024)).seconds == 2 * usual
    assert expect([], Parameters(steps=20, width=512, height=512)).seconds == usual / 4


@quick
@given(st.lists(seconds, min_size=1), st.integers(2, 20))
def test_a_batch_takes_count_times_the_average(measured: list[float], count: int) -> None:
    expected = count * sum(measured) / len(measured)
    assert expect(measured, Parameters()).of(count) == pytest.approx(expected)
