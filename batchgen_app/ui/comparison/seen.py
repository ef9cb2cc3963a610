"""Seen: which picture of a batch is looked at in large, also when pictures come and go."""

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison.order import Order
from batchgen_app.ui.comparison.shown import Wanted


class Seen(ui.element):
    """One picture of a batch at a time; ``at`` is its index. One goes through what is ``wanted``,
    or through all where that one is not. ``show`` and ``leave_page`` are for those who draw it:
    another picture is to be seen, or none is left.
    """

    at = BindableProperty()
    images = BindableProperty(on_change=lambda seen, _: seen.settle())

    def __init__(self, batch: BatchState, index: int, wanted: Wanted) -> None:
        super().__init__("div")
        self.at = index
        self.batch = batch
        is_wanted = any(wanted.takes(p) for p in batch.pictures if p.index == index)
        self._is_all = not (is_wanted and (wanted.is_any or wanted.by_rating))
        self._order = Order(wanted if is_wanted else Wanted())
        self._before = self._indexes
        self._awaited = 0
        """The index of an image that is being had back, to be seen when it is there."""
        self._is_left = False
        self.images = batch.images
        binding.bind_from(self, "images", batch, "images")

    @property
    def place(self) -> tuple[int, tuple[int, ...]]:
        """Which one, among which: those that are gone through; where that is all, also what is
        still to come.
        """
        kept = (image for image in self.batch.images if image.status is not ImageStatus.DELETED)
        return self.at, tuple(i.index for i in kept) if self._is_all else tuple(self._indexes)

    @property
    def pictures(self) -> list[GeneratedImage]:
        """Those that are gone through, in order."""
        return self._order.of(self.batch.pictures)

    def see(self, index: int) -> None:
        """Somebody has gone to another picture; one that is gone by now is none."""
        if index in self._indexes:
            self.at = index

    def wait_for(self, index: int) -> None:
        """See it as soon as it is there."""
        self._awaited = index

    def leave(self) -> None:
        """It is being closed: what becomes of the picture from now on moves it no more."""
        self._is_left = True

    def settle(self) -> None:
        """After a change: what was had back; if the picture is gone, its neighbour; without one,
        leave.
        """
        if self._is_left:
            return
        before, indexes = self._before, self._indexes
        self._before = indexes
        if self._awaited in indexes:
            self._move(self._awaited)
            self._awaited = 0
        elif not indexes:
            self.leave_page()
        elif self.at not in indexes:
            after = before[before.index(self.at) :] if self.at in before else []
            self._move(next((index for index in after if index in indexes), indexes[-1]))

    def show(self, index: int) -> None:
        """Another picture is to be drawn."""

    def leave_page(self) -> None:
        """There is nothing left to draw."""

    def _move(self, index: int) -> None:
        self.at = index
        self.show(index)

    @property
    def _indexes(self) -> list[int]:
        return [picture.index for picture in self.pictures]
