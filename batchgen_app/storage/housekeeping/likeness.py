"""Pictures that look alike: by a difference hash of their thumbnails, which says of each spot
whether it is brighter than the one beside it, and than the one below. Two that differ in few bits
were scaled, packed or touched up differently, or the settings hardly differed.
"""

import io
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from PIL import Image

SIDE = 8
BITS = 2 * SIDE * SIDE
MOST_BITS = 6
"""That two pictures of a group may differ in, of 128."""
_BANDS = MOST_BITS + 2
_BAND_BITS = BITS // _BANDS
FEWEST_EDGES = 12
"""A plain area has hardly a bit: it is like every other plain area, and says nothing."""
STRIDE = 500


def difference_hash(thumbnail: bytes) -> int | None:
    """Of a small picture; None where it is plain. Raises OSError, ValueError where it is none."""
    with Image.open(io.BytesIO(thumbnail)) as opened:
        grey = opened.convert("RGB").convert("L")
    across = _brighter(grey.resize((SIDE + 1, SIDE), Image.Resampling.BOX), 1, SIDE + 1)
    down = _brighter(grey.resize((SIDE, SIDE + 1), Image.Resampling.BOX), SIDE, SIDE)
    bits = [*across, *down]
    if min(sum(bits), BITS - sum(bits)) < FEWEST_EDGES:
        return None
    return sum(bit << place for place, bit in enumerate(bits))


def _brighter(grey: Image.Image, step: int, width: int) -> Iterator[bool]:
    """Of each spot, whether the one a ``step`` further is brighter."""
    spots = grey.tobytes()
    for place in range(len(spots) - step):
        if step > 1 or (place + 1) % width:
            yield spots[place + step] > spots[place]


def alike(
    hashes: Sequence[int | None],
    best_first: Iterable[int],
    go_on: Callable[[int], object] = lambda done: None,
) -> list[list[int]]:
    """Groups of places in ``hashes``: in each, all look like the first one, which comes first in
    ``best_first``. Each place is in one group at most. ``go_on`` is told now and then how many were
    looked at, and may raise.
    """
    order = [place for place in best_first if hashes[place] is not None]
    index = _Index([hashes[place] or 0 for place in order])
    taken = bytearray(len(order))
    groups = []
    for rank, place in enumerate(order):
        if rank % STRIDE == 0:
            go_on(rank)
        if taken[rank]:
            continue
        near = [other for other in index.near(rank) if other > rank and not taken[other]]
        for other in near:
            taken[other] = True
        if near:
            groups.append([place, *(order[other] for other in near)])
    return groups


class _Index:
    """Finds values that hardly differ. Where no more bits differ than there are bands less one,
    some band is the same in both; of each band, the places are kept in the order of
    what stands in it.
    """

    def __init__(self, values: Sequence[int]) -> None:
        self._values = values
        self._bands = [self._sorted(band) for band in range(_BANDS)]

    def _sorted(self, band: int) -> tuple["array[int]", "array[int]"]:
        """What stands in this band, in order, and where."""
        parts = [_part(value, band) for value in self._values]
        places = array("I", sorted(range(len(parts)), key=parts.__getitem__))
        return array("I", (parts[place] for place in places)), places

    def near(self, place: int) -> list[int]:
        """Places of values that are like the one there, in order."""
        value = self._values[place]
        found = {other for band in range(_BANDS) for other in self._with_same(band, place)}
        return sorted(o for o in found if (self._values[o] ^ value).bit_count() <= MOST_BITS)

    def _with_same(self, band: int, place: int) -> "array[int]":
        (parts, places), wanted = self._bands[band], _part(self._values[place], band)
        start = bisect_left(parts, wanted)
        return places[start : bisect_right(parts, wanted, lo=start)]


def _part(value: int, band: int) -> int:
    return value >> band * _BAND_BITS & (1 << _BAND_BITS) - 1
