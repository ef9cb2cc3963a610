"""One batch in the gallery: closed a pile of its pictures, open all of them; and all the piles,
each in its place.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from batchgen_app.core.batch import BatchStatus, CompletedBatch, GeneratedImage
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.services.values import GalleryPage, Order, Rank
from batchgen_app.ui import words as common
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.card import Card
from batchgen_app.ui.parts.controls import (
    Rating,
    icon_button,
    into_view,
    marked,
    own_direction,
    thumbnail,
    undoable,
)
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.marking import Marking
from batchgen_app.ui.parts.start_from import use_button
from batchgen_app.ui.parts.undo import Undos
from batchgen_app.ui.parts.verdicts import rejected_sign

ON_TOP = 4
"""Pictures that a closed pile shows: one large, the others below it."""


@dataclass(frozen=True)
class Shown:
    """A batch and its finished pictures, in order."""

    batch: CompletedBatch
    pictures: tuple[GeneratedImage, ...]

    @classmethod
    def of(cls, batch: BatchState) -> "Shown":
        """A batch as it stands."""
        return cls(summary_of(batch), batch.pictures)

    @property
    def best_first(self) -> tuple[GeneratedImage, ...]:
        """Its pictures as they lie on a pile: by stars, then hearts, then number; those that are
        rejected below all others.
        """
        return tuple(
            sorted(self.pictures, key=lambda p: (p.rejected, -p.rating, not p.favourite, p.index))
        )

    @property
    def is_under_way(self) -> bool:
        """Whether pictures may still come."""
        return self.batch.status in {BatchStatus.QUEUED, BatchStatus.GENERATING}


@dataclass(frozen=True)
class Actions:
    """What can be done in the gallery; ``delete`` and starting from a picture only by those who
    may. ``undos`` knows which marks can be taken back.
    """

    marking: Marking
    undos: Undos
    delete: Callable[[str], Awaitable[None]] | None
    may_make: bool = False


class Pile(ui.element):
    """A batch in the grid."""

    def __init__(self, shown: Shown, actions: Actions) -> None:
        super().__init__("li")
        self.shown = shown
        self._actions = actions
        self._is_open = False
        self._card_of: dict[str, Card] = {}
        marked(self, "gallery-item").classes("bg-pile")
        self.props["data-batch"] = shown.batch.batch_id
        self._build()

    def show(self, shown: Shown) -> None:
        """Show the batch as it is now. New marks leave everything else where it is."""
        has_changed = shown.batch != self.shown.batch
        self.shown = shown
        if has_changed:
            self._build()
        else:
            self._show_marks()

    def _build(self) -> None:
        self.clear()
        self._card_of = {}
        with self:
            self._top()
            with ui.element("div").classes("bg-pile-foot"):
                self._about()
                self._add_actions()
            self._fan = ui.element("div").classes("bg-fan")
        self._lay_out()

    def _top(self) -> None:
        pictures = self.shown.pictures
        self._link = ui.link(target=self._address).classes("bg-pile-top")
        self._link.props["aria-label"] = words.open_batch(self.shown.batch.prompt, len(pictures))
        self._link.props["data-count"] = str(min(len(pictures), ON_TOP))
        self._on_top: tuple[GeneratedImage, ...] = ()
        if not pictures:
            with self._link:
                ui.icon("hourglass_empty" if self.shown.is_under_way else "image_not_supported")

    def _show_top(self) -> None:
        """The best in front. What lies there is not loaded anew, unless it is in another place."""
        on_top = self.shown.best_first[:ON_TOP]
        if not on_top or on_top == self._on_top:
            return
        if [p.id for p in on_top] != [p.id for p in self._on_top]:
            self._link.clear()
            with self._link:
                for picture in on_top:
                    thumbnail(picture, self.shown.batch.prompt)
                if len(self.shown.pictures) > ON_TOP:
                    ui.label(f"+{len(self.shown.pictures) - ON_TOP}").classes("bg-pile-more")
                self._marks = marked(ui.element("span"), "pile-marks").classes("bg-marks")
        self._on_top = on_top
        self._marks.clear()
        with self._marks:
            _marks_of(on_top[0])

    def _about(self) -> None:
        batch = self.shown.batch
        with ui.element("div").classes("bg-pile-about"):
            prompt = own_direction(ui.label(batch.prompt).classes("bg-pile-prompt"))
            prompt.props["title"] = batch.prompt
            with ui.element("div").classes("bg-pile-facts"):
                ui.label(common.when(batch.created_at))
                ui.label(words.pile_count(batch)).classes("bg-pile-count")
                with ui.element("div").classes("bg-pile-marks"):
                    self._hearts = ui.label().classes("bg-pile-hearts")
                    self._best = Rating(short=True)
                    self._best.props["title"] = str(words.BEST_RATING)
        self._show_marks()

    def _add_actions(self) -> None:
        with ui.element("div").classes("bg-pile-actions"):
            if self._actions.delete and not self.shown.is_under_way:
                delete = partial(self._actions.delete, self.shown.batch.batch_id)
                made = icon_button("delete_outline", str(words.DELETE_BATCH), delete)
                undoable(marked(made, "delete"))
            if self.shown.pictures:
                self._opener = icon_button("unfold_more", str(words.SHOW_ALL), self._open_or_close)
                marked(self._opener, "open-pile")

    def _open_or_close(self) -> None:
        self._is_open = not self._is_open
        self._lay_out()
        into_view(self)

    def _lay_out(self) -> None:
        """Open, the pictures lie side by side; they are not made before."""
        is_open = self._is_open and bool(self.shown.pictures)
        self.classes(add="is-open" if is_open else "", remove="is-open")
        if self.shown.pictures:
            self._opener.props["icon"] = "unfold_less" if is_open else "unfold_more"
            self._opener.props["aria-expanded"] = "true" if is_open else "false"
            self._opener.props["aria-label"] = (
                str(words.SHOW_LESS) if is_open else str(words.SHOW_ALL)
            )
        self._fan.clear()
        self._card_of = {}
        if is_open:
            with self._fan:
                self._card_of = {p.id: self._card(p) for p in self.shown.pictures}

    def _card(self, picture: GeneratedImage) -> Card:
        with Card() as card:
            link = ui.link(target=self._address)
            link.props["aria-label"] = words.open_image(picture.index, picture.seed)
            link.props["data-focus"] = ""
            with link:
                thumbnail(picture, self.shown.batch.prompt)
            if self._actions.may_make:
                use_button(picture)
            card.add_marks(picture, self._actions.marking, self._actions.undos)
        return card

    def _show_marks(self) -> None:
        self._show_top()
        hearts = sum(picture.favourite for picture in self.shown.pictures)
        self._hearts.text = f"♥ {hearts}" if hearts else ""
        self._best.stars = max((picture.rating for picture in self.shown.pictures), default=0)
        for picture in self.shown.pictures:
            if card := self._card_of.get(picture.id):
                card.show(picture)

    @property
    def _address(self) -> str:
        return f"/batch/{self.shown.batch.batch_id}"


def _marks_of(best: GeneratedImage) -> None:
    """Those of the picture in front, which lies under them."""
    if best.favourite:
        Text("span", "♥").classes("bg-pile-heart")
    if best.rating:
        marked(Rating(best.rating), "pile-rating")
    if best.rejected:
        rejected_sign()


class Piles:
    """A grid that is always in order."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions
        self._order = Order.NEWEST
        self._ranks: dict[str, Rank] = {}
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

    def learn(self, page: GalleryPage) -> None:
        """How its batches are ranked, where they do not tell by themselves."""
        self._ranks |= page.ranks

    def put(self, shown: Shown) -> None:
        """A batch in its place: its pile brought up to date, or a new one."""
        place = self.place_of(shown.batch)
        if pile := self._piles.get(shown.batch.batch_id):
            pile.show(shown)
        else:
            with self._grid:
                pile = self._piles[shown.batch.batch_id] = Pile(shown, self._actions)
        if self._grid.default_slot.children.index(pile) != place:
            pile.move(target_index=place)

    def place_of(self, batch: CompletedBatch) -> int:
        """How many other piles stand before it."""
        others = (pile.shown.batch for pile in self._piles.values())
        return sum(
            self._order.comes_before(other, batch, self._ranks)
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
            shown = pile.shown.batch
            is_meant = until is None or self._order.comes_before(shown, until, self._ranks)
            if is_meant and batch_id not in kept:
                self.take_away(batch_id)
