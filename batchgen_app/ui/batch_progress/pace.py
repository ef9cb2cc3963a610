"""Pace: what changes often is shown now and then, and always as it is at that moment."""

import asyncio
from collections.abc import Callable


class Pace:
    """Calls ``show`` soon after it was wanted, at most once in ``every`` seconds."""

    def __init__(self, every: float, show: Callable[[], object]) -> None:
        self._every = every
        self._show = show
        self._shown_at = 0.0
        self._waits = False

    def want(self) -> None:
        """Something is new; harmless while an earlier wish still waits."""
        if not self._waits:
            self._waits = True
            loop = asyncio.get_running_loop()
            loop.call_at(max(loop.time(), self._shown_at + self._every), self._show_now)

    def _show_now(self) -> None:
        self._waits = False
        self._shown_at = asyncio.get_running_loop().time()
        self._show()
