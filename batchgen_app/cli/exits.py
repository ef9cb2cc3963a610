"""How a command ends: faults become a text on stderr and an exit code, never a traceback; Ctrl-C
and SIGTERM have it end in order, and within some seconds.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from itertools import chain
from typing import Any

import typer
from rich.console import Console

from batchgen_app.core.errors import BatchGenError, InvalidRequest, ServerError

logger = logging.getLogger(__name__)


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    NO_SERVER = 3
    CANCELLED = 130


def exit_code(error: BatchGenError) -> Exit:
    """The exit code that stands for ``error``."""
    if isinstance(error, InvalidRequest):
        return Exit.BAD_INPUT
    return Exit.NO_SERVER if isinstance(error, ServerError) else Exit.FAILED


@contextmanager
def in_own_words() -> Iterator[None]:
    """Tell every fault of the app in its own words and leave with its exit code."""
    try:
        yield
    except BatchGenError as error:
        screen().print(f"[bold red]Error:[/] {_plain(str(error))}", soft_wrap=True)
        raise typer.Exit(exit_code(error)) from error
    except KeyboardInterrupt as stop:
        raise typer.Exit(Exit.CANCELLED) from stop
    except BrokenPipeError as gone:
        sys.stderr.close()  # whoever read has left; nothing more can be said to them
        raise typer.Exit(Exit.DONE) from gone


def screen() -> Console:
    """Where texts for the person go: stderr, so that stdout can be piped."""
    return Console(stderr=True, highlight=False)


def tell(text: str) -> None:
    """Print something that is good to know."""
    screen().print(text, markup=False, soft_wrap=True)


def tell_all(*texts: Iterable[str]) -> None:
    """Print several such things."""
    for text in chain(*texts):
        tell(text)


def _plain(text: str) -> str:
    """Text that may hold brackets, not to be read as colours."""
    return text.replace("[", r"\[")


AT_ONCE: dict[int, Callable[..., Any] | int] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}

SECONDS_TO_END = 4.3
"""From the signal to the end of the process; what can be brought to an end is, in much less."""
LAST_LINE_SECONDS = 0.1


@contextmanager
def in_time(code: int) -> Iterator[Callable[[], None]]:
    """Gives what is to be called when the process is told to end: then it ends in time, even if one
    of its threads waits for a disk that never answers. Who has left the block may stay longer.
    """
    timer = _last_resort(code)
    try:
        yield timer.start
    finally:
        timer.cancel()


def end_soon(code: int) -> None:
    """End the process in time, whatever its threads wait for, from now on and for good."""
    _last_resort(code).start()


def _last_resort(code: int) -> threading.Timer:
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
