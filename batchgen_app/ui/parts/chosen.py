"""Chosen: pictures that somebody wants to take along, under a name for an address. There may be
more of them than an address can hold.
"""

from collections import OrderedDict
from collections.abc import Sequence
from secrets import token_urlsafe

MOST = 20
"""Choices that are remembered; the oldest one is forgotten first."""


class Chosen:
    """The ids of pictures by names that cannot be guessed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def keep(self, images: Sequence[str]) -> str:
        """Gives the name."""
        name = token_urlsafe(16)
        self._kept[name] = tuple(images)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return name

    def of(self, name: str) -> tuple[str, ...]:
        """Nothing for a name that was not given, or long ago."""
        return self._kept.get(name, ())
