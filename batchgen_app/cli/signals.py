"""Ctrl-C and SIGTERM as wishes."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

AT_ONCE: dict[int, Callable[..., Any] | int] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}

SECONDS_TO_END = 4.3
"""From the wish to the end of the process; what can be brought to an end is, in much less."""
LAST_LINE_SECONDS = 0.1

logger = logging.getLogger(__name__)


@contextmanager
def in_time(code: int) -> Iterator[Callable[[], None]]:
    """Gives what is to be called when the process is told to end: then it ends in time, even if one
    of its threads waits for a disk that never answers. Who has left the block may stay longer.
    """
    timer = _end_of_patience(code)
    try:
        yield timer.start
    finally:
        timer.cancel()


def end_soon(code: int) -> None:
    """The same, from now on and for good."""
    _end_of_patience(code).start()


def _end_of_patience(code: int) -> threading.Timer:
    timer = threading.Timer(SECONDS_TO_END, _leave, [code])
    timer.daemon = True
    return timer


def _leave(code: int) -> None:
    logger.error("Ended without waiting any longer for a disk that does not answer")
    time.sleep(LAST_LINE_SECONDS)  # for the thread that writes the log
    os._exit(code)


@contextmanager
def on_signal(number: signal.Signals, call: Callable[[], None]) -> Iterator[None]:
    """The first one calls ``call``; a second one ends at once."""
    loop = asyncio.get_running_loop()

    def first(*_: object) -> None:
        signal.signal(number, AT_ONCE[number])
        loop.call_soon_threadsafe(call)

    before = signal.signal(number, first)
    try:
        yield
    finally:
        signal.signal(number, before)
