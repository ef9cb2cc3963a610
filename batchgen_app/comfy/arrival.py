"""A file on its way from a server: how much of it has come, and where it is written."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

PACE_AFTER = 0.2
"""Seconds in which a file comes until its pace is told: connections begin slowly."""


@dataclass(eq=False)
class Arrival:
    """Of a file: ``come`` of ``size`` bytes (0: not known); ``on_piece`` is called whenever some
    have come.
    """

    on_piece: Callable[[], None] = lambda: None
    size: int = 0
    come: int = 0
    began: float = field(default_factory=time.monotonic)

    def begin(self, size: int) -> None:
        """It will have so many bytes; nothing has come of it."""
        self.size, self.come, self.began = size, 0, time.monotonic()

    def add(self, count: int) -> None:
        """So many bytes more have come."""
        self.come += count
        self.on_piece()

    @property
    def seconds_left(self) -> float:
        """Until it is there, at the pace so far; 0 where that does not tell."""
        passed = time.monotonic() - self.began
        if not self.come or passed < PACE_AFTER:
            return 0.0
        return passed * max(0, self.size - self.come) / self.come


class Place(Protocol):
    """Where a file is written as it comes, once more from the beginning where that is asked."""

    async def begin(self, size: int) -> None:
        """It will have so many bytes, 0 where that is not known."""

    async def add(self, piece: bytes) -> None:
        """More has come."""

    async def end(self) -> None:
        """All has come."""
