"""The piles of an open gallery, each in its place."""

from collections.abc import Iterable

from nicegui import ui

from batchgen_app.core.batch import CompletedBatch
from batchgen_app.services.values import Order
from batchgen_app.ui.gallery.pile import Pile, Shown, Verbs
from batchgen_app.ui.parts.controls import marked


class Piles:
    """A grid that is always in order."""

    def __init__(self, verbs: Verbs) -> None:
        self._verbs = verbs
        self._order = Order.NEWEST
        self._piles: dict[str, Pile] = {}
        self._grid = marked(ui.element("ul"), "gallery-grid").classes("bg-gallery")

    def __len__(self) -> int:
        return len(self._piles)

    def __contains__(self, batch_id: str) -> bool:
        return batch_id in self._piles

    def clear(self, order: Order) -> None:
        """Begin anew, in this order."""
        self._grid.clear()
        self._piles = {}
        self._order = order

    def put(self, shown: Shown) -> None:
        """A batch in its place: its pile brought up to date, or a new one."""
        place = self.place_of(shown.batch)
        if pile := self._piles.get(shown.batch.batch_id):
            pile.show(shown)
        else:
            with self._grid:
                pile = self._piles[shown.batch.batch_id] = Pile(shown, self._verbs)
        if self._grid.default_slot.children.index(pile) != place:
            pile.move(target_index=place)

    def place_of(self, batch: CompletedBatch) -> int:
        """How many other piles stand before it."""
        others = (pile.shown.batch for pile in self._piles.values())
        return sum(
            self._order.comes_before(other, batch)
            for other in others
            if other.batch_id != batch.batch_id
        )

    def take_away(self, batch_id: str) -> None:
        """Harmless if it is not there."""
        if pile := self._piles.pop(batch_id, None):
            pile.delete()

    def keep_only(self, batches: Iterable[CompletedBatch], until: CompletedBatch | None) -> None:
        """Take away what does not belong to ``batches``, among those that stand before ``until``;
        with None, among all.
        """
        kept = {batch.batch_id for batch in batches}
        for batch_id, pile in list(self._piles.items()):
            is_meant = until is None or self._order.comes_before(pile.shown.batch, until)
            if is_meant and batch_id not in kept:
                self.take_away(batch_id)
