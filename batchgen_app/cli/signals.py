"""Ctrl-C and SIGTERM as wishes."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

AT_ONCE: dict[int, Callable[..., Any] | int] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}


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
