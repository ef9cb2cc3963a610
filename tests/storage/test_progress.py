"""Whoever waits long for many batches is told how far it is."""

import time

import pytest

from batchgen_app.storage.progress import InWords, each


def test_what_takes_no_time_is_not_told() -> None:
    told: list[str] = []
    assert list(each(range(3), InWords(told.append), "Reading")) == [0, 1, 2]
    assert told == []


def test_what_takes_long_is_told_now_and_then_and_at_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for _ in each(range(12), InWords(told.append), "Reading"):
        now += 1
    assert told == [
        "Reading: 1 of 12.",
        "Reading: 6 of 12.",
        "Reading: 11 of 12.",
        "Reading: 12 of 12.",
    ]
