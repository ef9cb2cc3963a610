"""Signals: who is told, in which order, and that nobody's fault becomes the others'."""

import logging

import pytest

from batchgen_app.core.errors import StorageError
from batchgen_app.core.signal import Signal
from batchgen_app.language.message import english


def test_all_are_told_in_the_order_in_which_they_came() -> None:
    signal, heard = Signal[[str]](), list[str]()
    signal.subscribe(lambda word: heard.append(f"first {word}"))
    signal.subscribe(lambda word: heard.append(f"second {word}"))
    signal.emit("changed")
    assert heard == ["first changed", "second changed"]


def test_a_receiver_that_fails_is_logged_and_the_others_hear_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    signal, heard = Signal[[]](), list[str]()

    def broken() -> None:
        raise ZeroDivisionError

    signal.subscribe(broken)
    signal.subscribe(lambda: heard.append("told"))
    signal.emit()
    assert heard == ["told"]
    assert "broken failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_whoever_leaves_hears_no_more() -> None:
    signal, heard = Signal[[]](), list[str]()
    leave = signal.subscribe(lambda: heard.append("one"))
    signal.subscribe(leave)
    signal.subscribe(lambda: heard.append("three"))
    for _ in range(2):
        signal.emit()
    leave()  # a second time is harmless
    assert heard == ["one", "three", "three"]
    assert len(signal) == 2


async def test_receivers_that_take_time_are_awaited_one_after_the_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    signal, heard = Signal[[int]](), list[str]()

    async def slow(number: int) -> None:
        heard.append(f"slow {number}")

    async def full(_: int) -> None:
        raise StorageError(english("The disk is full."))

    for receiver in (full, slow, lambda number: heard.append(f"quick {number}")):
        signal.subscribe(receiver)
    with caplog.at_level(logging.WARNING):
        await signal.send(7)
    assert heard == ["slow 7", "quick 7"]
    assert [(r.levelname, r.exc_info) for r in caplog.records] == [("WARNING", None)]
