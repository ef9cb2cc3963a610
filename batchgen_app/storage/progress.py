"""How far something has come that goes through all batches, for whoever waits for it."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")
FIRST_SECONDS = 1.0
"""What takes no longer is not told."""
NEXT_SECONDS = 5.0


class Progress(Protocol):
    """Is told what is done to how many things, and how many of them are behind it."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


def silent(what: str, done: int, total: int) -> None:
    """For whoever does not want to know."""


class InWords:
    """Tells by ``tell``, in sentences, now and then; the end, too, of what it has told of."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self._next = 0.0
        self._is_end_told = True

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done == 0:
            self._next, self._is_end_told = now + FIRST_SECONDS, True
        is_end = done >= total
        if now >= self._next or (is_end and not self._is_end_told):
            self._next, self._is_end_told = now + NEXT_SECONDS, is_end
            self._tell(f"{what}: {done} of {total}.")


def each(things: Iterable[T], progress: Progress, what: str) -> Iterator[T]:
    """``things``, one after the other, and ``progress`` knows."""
    all_things = list(things)
    for done, thing in enumerate(all_things):
        progress(what, done, len(all_things))
        yield thing
    progress(what, len(all_things), len(all_things))
