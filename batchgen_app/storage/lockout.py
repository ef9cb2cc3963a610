"""Whether another program keeps the database locked, for everybody to know."""

from collections.abc import Callable

from batchgen_app.core.signal import Signal


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
