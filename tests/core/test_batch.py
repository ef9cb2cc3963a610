"""Names of batches and images: they sort by time, are safe in paths and say where they belong."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.ids import image_id, new_batch_id, split_image_id

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
chances = st.integers().map(random.Random)
quick = settings(max_examples=50, deadline=None)


def test_the_statuses_are_the_five_of_the_specification() -> None:
    names = ["queued", "generating", "complete", "failed", "cancelled"]
    assert [status.value for status in BatchStatus] == names


@quick
@given(moments, st.timedeltas(timedelta(microseconds=1), timedelta(days=400)), chances)
def test_batch_ids_sort_by_time(now: datetime, pause: timedelta, rng: random.Random) -> None:
    assert new_batch_id(now, rng) < new_batch_id(now + pause, rng)


@quick
@given(moments, chances)
def test_batch_ids_are_safe_as_folder_names_everywhere(now: datetime, rng: random.Random) -> None:
    name = new_batch_id(now, rng)
    assert set(name) <= set("0123456789abcdef-")
    assert len(name) == len("20261122-141500-123456-9f3a")


def test_two_batches_of_the_same_moment_differ() -> None:
    now, rng = datetime(2026, 11, 22, 14, 15, tzinfo=UTC), random.Random(1)
    assert new_batch_id(now, rng) != new_batch_id(now, rng)
    assert new_batch_id(now, rng).startswith("20261122-141500-000000-")


@quick
@given(moments, chances, st.integers(1, 20))
def test_an_image_id_tells_its_batch_and_index(
    now: datetime, rng: random.Random, index: int
) -> None:
    batch_id = new_batch_id(now, rng)
    assert image_id(batch_id, index) == f"{batch_id}-{index:03d}"
    assert split_image_id(image_id(batch_id, index)) == (batch_id, index)


@pytest.mark.parametrize(
    "text",
    ["", "-", "batch", "-001", "batch-", "batch-1", "batch-0001", "batch-x01", "batch-٠٠١", "001"],
)
def test_other_texts_are_no_image_ids(text: str) -> None:
    assert split_image_id(text) is None


def test_an_address_of_ten_thousand_digits_is_no_image_id() -> None:
    assert split_image_id("batch-" + "9" * 10_000) is None


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_splitting_undoes_naming_or_says_that_it_cannot(text: str) -> None:
    parts = split_image_id(text)
    assert parts is None or image_id(*parts) == text
