"""Order: which pictures of a batch are stepped through in large, one after the other."""

from collections.abc import Sequence

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.ui.comparison.shown import Wanted


class Order:
    """Those that are ``wanted``, as the comparison has them. What is marked meanwhile keeps its
    place: a mark leads nobody elsewhere, and can be taken back where it was given.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._met: list[int] = []

    def of(self, pictures: Sequence[GeneratedImage]) -> list[GeneratedImage]:
        """Of all that there are by now, in order; what is new comes last among the best."""
        there = {picture.index: picture for picture in pictures}
        new = [p for p in pictures if p.index not in self._met and self._wanted.takes(p)]
        self._met += [picture.index for picture in sorted(new, key=self._wanted.order)]
        if not self._wanted.by_rating:
            self._met.sort()
        return [there[index] for index in self._met if index in there]
