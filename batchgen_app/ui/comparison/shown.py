"""Which pictures of a batch are shown, and in which order. A tile that is not shown stays in the
page, so that what people want to see acts at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from nicegui import binding, ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.signal import Signal

USUAL = 3
"""Stars that are asked for, until somebody wants others."""


@dataclass(frozen=True)
class Wanted:
    """What people want to see; without any wish, everything by number. ``least`` is how many stars
    they mean, also while ``rated`` is off.
    """

    rated: bool = False
    favourites: bool = False
    unrated: bool = False
    kept: bool = False
    by_rating: bool = False
    least: int = USUAL

    @property
    def is_any(self) -> bool:
        """Whether something may be left out."""
        return any(getattr(self, name) for name in TESTS)

    @property
    def cleared(self) -> "Wanted":
        """Everything, in the same order."""
        return Wanted(by_rating=self.by_rating, least=self.least)

    def turned(self, name: str) -> "Wanted":
        """With one wish on that was off, or off that was on. What is unrated has no stars."""
        changed = replace(self, **{name: not getattr(self, name)})
        against = {"rated": "unrated", "unrated": "rated"}.get(name)
        return replace(changed, **{against: False}) if against else changed

    def meets(self, name: str, picture: GeneratedImage) -> bool:
        """Whether a picture is one that this wish is for."""
        return TESTS[name](picture, self.least)

    def takes(self, picture: GeneratedImage) -> bool:
        """Whether it is shown."""
        return all(self.meets(name, picture) for name in TESTS if getattr(self, name))

    def order(self, picture: GeneratedImage) -> tuple[object, ...]:
        """Where it stands among the others: the best first, and by number."""
        best = (picture.rejected, -picture.rating, not picture.favourite) if self.by_rating else ()
        return *best, picture.index


TESTS: dict[str, Callable[[GeneratedImage, int], bool]] = {
    "rated": lambda picture, least: picture.rating >= least,
    "favourites": lambda picture, _: picture.favourite,
    "unrated": lambda picture, _: not picture.rating,
    "kept": lambda picture, _: not picture.rejected,
}


class Shown:
    """``indexes`` of the pictures that are shown, in order; ``pictures`` are all that there are.
    Widgets bind to ``indexes``, ``wanted`` and ``pictures``; ``settled`` is told of each change.
    """

    indexes = binding.BindableProperty()
    wanted = binding.BindableProperty()
    pictures = binding.BindableProperty()

    def __init__(self) -> None:
        self.settled = Signal[[]]()
        self.indexes = ()
        self.pictures = ()
        self.wanted = Wanted()

    def take(self, pictures: tuple[GeneratedImage, ...]) -> None:
        """These there are, with the marks that they have now."""
        self.pictures = pictures
        self._settle()

    def want(self, wanted: Wanted) -> None:
        """People want to see others, or in another order."""
        self.wanted = wanted
        self._settle()

    def _settle(self) -> None:
        taken = sorted(filter(self.wanted.takes, self.pictures), key=self.wanted.order)
        self.indexes = tuple(picture.index for picture in taken)
        self.settled.emit()

    def place(self, index: int) -> int:
        """Where a tile stands; what has no picture keeps its place, or comes last."""
        if not self.wanted.by_rating:
            return index
        return self.indexes.index(index) if index in self.indexes else len(self.pictures) + index

    def follow(self, tile: ui.element, index: int, *, is_picture: bool = True) -> None:
        """Show a tile where it belongs, or not at all."""

        def is_there() -> bool:
            return index in self.indexes if is_picture else not self.wanted.is_any

        for field in ("indexes", "wanted"):
            tile.bind_visibility_from(self, field, lambda _: is_there())
            order = ("style", "order")
            binding.bind_from(tile, order, self, field, lambda _: str(self.place(index)))

    def count(self, name: str) -> int:
        """Pictures that one wish is for."""
        return sum(self.wanted.meets(name, picture) for picture in self.pictures)

    @property
    def of_least(self) -> tuple[int, ...]:
        """Of those that are shown, the ones with at least so many stars."""
        good = {p.index for p in self.pictures if self.wanted.meets("rated", p)}
        return tuple(sorted(good & set(self.indexes)))

    @property
    def rejected(self) -> tuple[int, ...]:
        """Indexes of pictures that are not wanted, shown or not."""
        return tuple(picture.index for picture in self.pictures if picture.rejected)
