"""Find it: every collection, with its newest picture; the way to its pictures, another name, and
the end of it.
"""

from collections.abc import Sequence
from functools import partial

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
from batchgen_app.ui.parts.collecting import collection_address, cover
from batchgen_app.ui.parts.controls import button, icon_button, marked, own_direction
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
        self._list.clear()
        with self._list:
            for one in fitting[: self._most]:
                self._card(one)
        self._foot.clear()
        with self._foot:
            if not every:
                _say_how()
            elif not fitting:
                ui.label(str(words.NONE_CALLED_SO))
            elif len(fitting) > self._most:
                more = marked(ui.element("q-intersection"), "collections-more")
                more.props("margin=600px").on("visibility", self._near_the_foot)

    def _card(self, one: Collection) -> None:
        with marked(ui.element("li"), "collection").classes("bg-collection"):
            images = common.images(one.images)
            with ui.link(target=collection_address(one.name)).classes("bg-collection-link") as link:
                link.props["aria-label"] = words.pictures_of(one.name, images)
                cover(one)
                name = own_direction(ui.label(one.name)).classes("bg-collection-name")
                name.props["title"] = one.name
                ui.label(images).classes("bg-muted")
            if self._context.may(Verb.MARK):
                rename = icon_button("edit", words.rename(one.name), partial(self._rename, one))
                marked(rename, "collection-rename")
                remove = icon_button("label_off", words.remove(one.name))
                marked(remove, "collection-remove").on("click", partial(self._remove, one.name), [])

    def _rename(self, one: Collection) -> None:
        async def give(new: str) -> None:
            others = (other.name for other in self._all or () if other != one)
            is_taken = any(same(new) == same(other) for other in others)
            await self._tagging.rename(one.name, new, is_taken=is_taken)

        title = words.rename(one.name)
        asked = NameWords(
            title, str(words.NAME), "collection-name", str(words.RENAME), MAX_TAG_LENGTH
        )
        NameDialog(asked, one.name, give)

    async def _remove(self, name: str) -> None:
        await tried(self._tagging.remove(name))


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
