"""Find it: every collection, with its newest picture; the way to its pictures, another name, and
the end of it.
"""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import events, ui

from batchgen_app.access import Verb
from batchgen_app.core.limits import MAX_TAG_LENGTH
from batchgen_app.core.tags import same
from batchgen_app.services.values import Collection
from batchgen_app.ui import words as common
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.head import Head
from batchgen_app.ui.gallery.view import View
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts import collection_words as words
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.collecting import collection_address, cover_image
from batchgen_app.ui.parts.controls import (
    button,
    focus_if_lost,
    icon_button,
    marked,
    own_direction,
)
from batchgen_app.ui.parts.naming import NameDialog, NameWords
from batchgen_app.ui.parts.tagging import Tagging
from batchgen_app.ui.parts.toast import tried, undos_here

STEP = 48
"""Collections that are shown at once; more come as the foot of the page comes near."""


async def collections(context: PageContext, filters: Filters) -> None:
    """The page's content."""
    shown = Collections(context, filters)
    await shown.look()
    context.news.batch_edited.subscribe(shown.look_again)


class Collections:
    """One open page of all collections."""

    def __init__(self, context: PageContext, filters: Filters) -> None:
        self._context = context
        self._tagging = Tagging(context.caller, context.commands, undos_here())
        self._all: Sequence[Collection] | None = None
        self._cards: dict[str, Card] = {}
        """By what all spellings of a name have in common."""
        self._renamed: dict[str, str] = {}
        self._wanted, self._most = "", STEP
        self._asked = self._seen = 0
        self._is_looking = False
        self._head = Head(context, filters)
        self._field = ui.input(on_change=lambda event: self._find(event.value or ""))
        self._field.props("outlined dense type=search clearable dir=auto")
        self._field.props["placeholder"] = self._field.props["aria-label"] = str(words.FIND)
        marked(self._field, "collection-search").classes("bg-collection-search")
        self._count = marked(ui.label().classes("bg-muted"), "collection-count")
        self._count.props("role=status")
        self._list = marked(ui.element("ul"), "collections").classes("bg-collections")
        self._foot = ui.element("div").classes("bg-empty")

    async def look_again(self, _: str) -> None:
        """Something has changed in a batch; of many changes at once, the last is enough."""
        self._asked += 1
        if self._is_looking:
            return
        self._is_looking = True
        try:
            while self._seen != self._asked:
                self._seen = self._asked
                await self.look()
        finally:
            self._is_looking = False

    async def look(self) -> None:
        """Show those that there are now."""
        found = await self._context.queries.collections()
        await self._head.tell(0, filtered=False)
        if found != self._all:
            self._all = found
            self._show()

    def _find(self, text: str) -> None:
        self._wanted, self._most = same(text), STEP
        self._show()

    def _near_the_foot(self, event: events.GenericEventArguments) -> None:
        if event.args:
            self._most += STEP
            self._show()

    def _show(self) -> None:
        every = self._all or ()
        fitting = [one for one in every if self._wanted in same(one.name)]
        self._field.set_visibility(bool(every))
        self._count.text = words.collections(len(fitting)) if every else ""
        self._show_cards(fitting[: self._most])
        self._foot.clear()
        with self._foot:
            if not every:
                _say_how()
            elif not fitting:
                ui.label(str(words.NONE_CALLED_SO))
            elif len(fitting) > self._most:
                more = marked(ui.element("q-intersection"), "collections-more")
                more.props("margin=600px").on("visibility", self._near_the_foot)

    def _show_cards(self, wanted: Sequence[Collection]) -> None:
        """A card that is there stays, and so does the focus in it."""
        before, places = self._cards, {key: place for place, key in enumerate(self._cards)}
        names = {same(one.name) for one in wanted}
        self._cards = {}
        for place, one in enumerate(wanted):
            key = same(one.name)
            known = key if key in before else self._renamed.get(key, "")
            if known in before and (known == key or known not in names):
                card = before.pop(known)
            else:
                with self._list:
                    card = Card(one)
                if self._context.may(Verb.MARK):
                    card.add_deeds(self._rename, self._remove)
            self._cards[key] = card
            if card.shown != one:
                card.show(one)
            if self._list.default_slot.children.index(card) != place:
                card.move(target_index=place)
        for key, card in before.items():
            card.delete()
            self._go_on_at(places[key])

    def _go_on_at(self, place: int) -> None:
        """Where the focus was in a card that is gone, the next one has it."""
        rest = [*self._cards.values()][place:] or [*self._cards.values()][-1:]
        focus_if_lost(rest[0].link if rest else self._field)

    def _rename(self, one: Collection) -> None:
        async def give(new: str) -> None:
            others = (other.name for other in self._all or () if same(other.name) != same(one.name))
            is_taken = any(same(new) == same(other) for other in others)
            self._renamed[same(new)] = same(one.name)
            await self._tagging.rename(one.name, new, is_taken=is_taken)

        title = words.rename(one.name)
        asked = NameWords(
            title, str(words.NAME), "collection-name", str(words.RENAME), MAX_TAG_LENGTH
        )
        NameDialog(asked, one.name, give)

    async def _remove(self, one: Collection) -> None:
        await tried(self._tagging.remove(one.name))


class Card(ui.element):
    """One collection: the way to its pictures, and what can be done with it."""

    def __init__(self, shown: Collection) -> None:
        super().__init__("li")
        self.shown = shown
        self._named: list[tuple[ui.element, Callable[[str], str]]] = []
        marked(self, "collection").classes("bg-collection")
        with self, ui.link().classes("bg-collection-link") as self.link:
            self._cover = cover_image()
            self._name = own_direction(ui.label()).classes("bg-collection-name")
            self._images = ui.label().classes("bg-muted")
        self.show(shown)

    def add_deeds(
        self,
        rename: Callable[[Collection], None],
        remove: Callable[[Collection], Awaitable[None]],
    ) -> None:
        """Its buttons."""
        with self:
            made = icon_button("edit", "", lambda: rename(self.shown))
            self._named.append((marked(made, "collection-rename"), words.rename))
            made = marked(icon_button("label_off", ""), "collection-remove")
            made.on("click", lambda: remove(self.shown), [])
            self._named.append((made, words.remove))
        self.show(self.shown)

    def show(self, one: Collection) -> None:
        """As it is now."""
        self.shown = one
        images = common.images(one.images)
        self.link.props["href"] = collection_address(one.name)
        self.link.props["aria-label"] = words.pictures_of(one.name, images)
        self._cover.props["src"] = at(one.thumbnail_url)
        self._name.text = self._name.props["title"] = one.name
        self._images.text = images
        for made, name in self._named:
            made.props["aria-label"] = made.props["title"] = name(one.name)


def _say_how() -> None:
    """Where there is none yet."""
    ui.icon("new_label").props("aria-hidden=true")
    ui.label(str(words.NONE_YET)).classes("bg-title")
    ui.label(str(words.NONE_YET_HINT))
    button(
        str(words.TO_PICTURES),
        lambda: ui.navigate.to(Filters(view=View.IMAGES).address),
        main=True,
    )
