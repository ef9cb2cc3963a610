"""Seen: which picture is looked at in large, also when pictures come and go; of a batch, or
(``Looked``) of wherever they are from.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison.order import Order
from batchgen_app.ui.comparison.shown import Wanted


@dataclass(frozen=True)
class Place:
    """Where a picture stands among those that are gone through: its index, that it is the
    ``number``-th of ``total``, what it shows; where they are of many batches, the id of its own
    one.
    """

    index: int
    number: int
    total: int
    prompt: str
    batch_id: str = ""


class Looked(Protocol):
    """What is looked at: ``at`` says which picture, as those do who act on it. Widgets bind to the
    fields that are ``followed``.
    """

    followed: ClassVar[tuple[str, ...]]

    @property
    def at(self) -> Any:
        """A picture's index in its batch, or its id."""

    @property
    def picture(self) -> GeneratedImage | None:
        """As it is by now; None where it is gone."""

    @property
    def batch(self) -> BatchState | None:
        """The one that it is of, as soon as that is known."""

    @property
    def place(self) -> Place | None:
        """Where it stands; None where it is gone."""


class Seen(ui.element):
    """One picture of a batch at a time; ``at`` is its index. One goes through what is ``wanted``,
    or through all where that one is not. ``show`` and ``leave_page`` are for those who draw it:
    another picture is to be seen, or none is left.
    """

    followed: ClassVar[tuple[str, ...]] = ("at", "images")
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
    def picture(self) -> GeneratedImage | None:
        """The one that is looked at; None where it is gone."""
        return self.batch.image(self.at).picture

    @property
    def place(self) -> Place | None:
        """Which one, among those that are gone through; where that is all, also among what is still
        to come.
        """
        kept = (image for image in self.batch.images if image.status is not ImageStatus.DELETED)
        among = [image.index for image in kept] if self._is_all else self._indexes
        if self.at not in among:
            return None
        prompt = self.batch.words(self.at).prompt
        return Place(self.at, among.index(self.at) + 1, len(among), prompt)

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
