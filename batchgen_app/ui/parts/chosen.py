"""Chosen: pictures that somebody wants to take along, under a name for an address. There may be
more of them than an address can hold.
"""

from collections import OrderedDict
from collections.abc import Sequence
from secrets import token_urlsafe

from batchgen_app.services.values import Archive

MOST = 20
"""Choices that are remembered; the oldest one is forgotten first."""
MOST_PACKS = 2
"""Likewise packs: there may be some ten megabytes in each."""


class Chosen:
    """The ids of pictures by names that cannot be guessed; and, of some, a pack that is made and
    waits to be fetched.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._packs: OrderedDict[str, Archive] = OrderedDict()

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

    def keep_pack(self, name: str, pack: Archive) -> None:
        """That of a name that was given."""
        self._packs[name] = pack
        if len(self._packs) > MOST_PACKS:
            self._packs.popitem(last=False)

    def take_pack(self, name: str) -> Archive | None:
        """To be read, once."""
        return self._packs.pop(name, None)
