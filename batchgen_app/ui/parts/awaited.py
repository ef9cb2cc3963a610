"""Awaited: the proofs of which somebody wants to hear how they ended, on whichever page they are
then.
"""

from collections import deque

from batchgen_app.access import Caller

MOST = 100
"""That are remembered; the oldest one is forgotten first."""


class Awaited:
    """The ids of their batches, and who asked for them."""

    def __init__(self) -> None:
        self._asked: deque[tuple[str, Caller]] = deque(maxlen=MOST)

    def add(self, batch_id: str, caller: Caller) -> None:
        """Somebody asks for one."""
        self._asked.append((batch_id, caller))

    def is_by(self, batch_id: str, caller: Caller) -> bool:
        """Whether they asked for it."""
        return any(known == batch_id and caller.is_same_as(by) for known, by in self._asked)
