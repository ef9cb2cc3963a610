"""Whether another program keeps the database locked, for everybody to know, and waiting for it."""

import sqlite3
from collections.abc import Callable

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential

from batchgen_app.core.signal import Signal

TELL_SECONDS = 0.4
"""How long another process's transaction is waited for without a word."""


class Lockout:
    """Not locked at first. ``tell`` is called with the words when that begins, ``changed``: that
    has begun or is over.
    """

    def __init__(self, tell: Callable[[str], object] = str) -> None:
        self._tell = tell
        self.words = ""
        """What is locked and what to do, for a person; empty while nothing is."""
        self.changed = Signal[[]]()

    def begin(self, words: str) -> None:
        """Harmless while it is known already."""
        if not self.words:
            self._tell(words)
            self._change(words)

    def end(self) -> None:
        """Harmless where nothing is locked."""
        if self.words:
            self._change("")

    def _change(self, words: str) -> None:
        self.words = words
        self.changed.emit()


def tries(patience: Callable[[], float], when_long: Callable[[], None]) -> AsyncRetrying:
    """As long as another process has the database; if that is long, ``when_long`` is called."""

    def tell(state: RetryCallState) -> None:
        if (state.seconds_since_start or 0) >= TELL_SECONDS:
            when_long()

    return AsyncRetrying(
        retry=retry_if_exception(_is_busy),
        wait=wait_exponential(multiplier=0.005, max=0.1),
        stop=lambda state: (state.seconds_since_start or 0) >= patience(),
        before_sleep=tell,
        reraise=True,
    )


def _is_busy(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & 0xFF == sqlite3.SQLITE_BUSY
