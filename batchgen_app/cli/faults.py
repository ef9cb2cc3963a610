"""Faults become a text on stderr and an exit code; never a traceback."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from itertools import chain

import typer
from rich.console import Console

from batchgen_app.core.errors import BatchGenError, InvalidRequest, ServerError


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
def told() -> Iterator[None]:
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
    """Something that is good to know."""
    screen().print(text, markup=False, soft_wrap=True)


def tell_all(*texts: Iterable[str]) -> None:
    """Several such things."""
    for text in chain(*texts):
        tell(text)


def _plain(text: str) -> str:
    """Text that may hold brackets, not to be read as colours."""
    return text.replace("[", r"\[")
