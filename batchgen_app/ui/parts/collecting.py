"""Which collection pictures are put into: a question above whatever page they stand on. It lists
those that there are and takes a new name; what the pictures are in already can be taken away.
"""

from collections import Counter
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from nicegui import ElementFilter, ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.limits import MAX_TAG_LENGTH
from batchgen_app.core.search.completing import valued
from batchgen_app.core.tags import same
from batchgen_app.services import Queries
from batchgen_app.services.values import Collection
from batchgen_app.ui import words as common
from batchgen_app.ui.parts import collection_words as words
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import (
    NOT_LOADED,
    Click,
    button,
    icon_button,
    marked,
    own_direction,
)
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.marking import Find
from batchgen_app.ui.parts.tagging import Tagging
from batchgen_app.ui.parts.toast import toast, tried

ICON = "new_label"
MOST_LISTED = 24
"""Collections that are seen at once; typing finds the others."""
MOST_ASKED = 500
"""Pictures that are asked what they are in already."""
MARK = "collecting"
LOADED = "(event) => event.target.classList.remove('is-missing')"
SHOWN = "() => document.dispatchEvent(new Event('field-shown'))"
ENTERED = "(event) => event.isComposing || emit(event.target.value)"


def collection_address(name: str) -> str:
    """Where all pictures of a collection are seen."""
    return f"/gallery?{urlencode({'view': 'images', 'q': valued('tag', name)})}"


def collect_button(click: Click, *, key: str = "t") -> ui.button:
    """Asks into which collection; what is typed before the field is there reaches it."""
    made = icon_button(ICON, str(words.ADD_TO), click, key=key)
    made.props["data-opens-field"] = ""
    return marked(made, "collect")


def tag_chip(name: str, shown: str, take_out: Click) -> None:
    """A collection that a picture is in: the way there, and out of it."""
    with marked(ui.element("div"), "tag-chip").classes("bg-chip"):
        link = own_direction(ui.link(shown, collection_address(name))).classes("bg-chip-link")
        link.props["title"] = name
        marked(icon_button("close", words.take_out_of(name), take_out), "take-out")


async def collect(queries: Queries, tagging: Tagging, image_ids: Sequence[str], find: Find) -> None:
    """Ask into which collection pictures are put; ``find`` gives them as they are."""
    client = ui.context.client
    try:
        if image_ids and not _is_open():
            asked = Collecting(tagging, image_ids, find, await queries.collections())
            with client.layout:
                await asked.open()
                return
    except BatchGenError as error:
        toast(str(error))
    client.run_javascript(f"({SHOWN})()")  # nothing more is waited for


def _is_open() -> bool:
    with ui.context.client.layout:
        return any(one.value for one in ElementFilter(kind=ui.dialog, marker=MARK))


class Collecting:
    """One open question."""

    def __init__(
        self,
        tagging: Tagging,
        image_ids: Sequence[str],
        find: Find,
        collections: Sequence[Collection],
    ) -> None:
        self._tagging = tagging
        self._ids = image_ids
        self._find = find
        self._collections = collections

    async def open(self) -> None:
        """Show it."""
        with ui.dialog(value=True).mark(MARK) as self._dialog:
            self._dialog.props["aria-label"] = str(words.ADD_TO)
            with ui.card().classes("bg-dialog bg-collecting").props("flat"):
                self._build()
        self._dialog.on("show", js_handler=SHOWN)
        self._dialog.on("hide", self._dialog.delete)
        await self._show_tags()

    def _build(self) -> None:
        title = ui.label(str(words.ADD_TO)).classes("bg-dialog-title")
        title.props("role=heading aria-level=2")
        marked(ui.label(common.images(len(self._ids))), "collecting-count").classes("bg-muted")
        self._tags = marked(ui.element("div"), "collecting-tags").classes("bg-chips")
        field = ui.input(on_change=lambda event: self._list(event.value or ""))
        field.props(f"outlined dense autofocus dir=auto maxlength={MAX_TAG_LENGTH}")
        field.props["placeholder"] = field.props["aria-label"] = str(words.FIND_OR_NEW)
        field.on("keydown.enter", self._enter, js_handler=ENTERED)
        marked(field, "collection-name").classes("bg-collecting-name")
        self._listed = marked(ui.element("div"), "collecting-list").classes("bg-collecting-list")
        with ui.element("div").classes("bg-buttons"):
            marked(button(str(common.CLOSE), self._dialog.close), "collecting-close")
        self._list("")

    def _list(self, typed: str) -> None:
        """Those whose names have in them what is typed; those that begin so come first."""
        wanted = same(typed)
        fitting = [one for one in self._collections if wanted in same(one.name)]
        fitting.sort(key=lambda one: not same(one.name).startswith(wanted))
        self._listed.clear()
        with self._listed:
            if wanted and all(same(one.name) != wanted for one in fitting):
                self._new(" ".join(typed.split()))
            for one in fitting[:MOST_LISTED]:
                self._choice(one)
            if len(fitting) > MOST_LISTED:
                ui.label(str(words.MORE_TO_FIND)).classes("bg-muted")

    def _new(self, name: str) -> None:
        made = button(words.create(name), partial(self._put_in, name), icon="add")
        own_direction(marked(made, "collection-new"))

    def _choice(self, one: Collection) -> None:
        made = marked(ui.element("button"), "collection-choice").classes("bg-collection-choice")
        made.props("type=button").on("click", partial(self._put_in, one.name), [])
        with made:
            cover(one)
            own_direction(Text("span", one.name)).classes("bg-collection-name")
            Text("span", common.images(one.images)).classes("bg-muted")

    async def _enter(self, event: Any) -> None:
        """What is typed, in the spelling that is there."""
        typed = str(event.args)
        if wanted := same(typed):
            known = (one.name for one in self._collections if same(one.name) == wanted)
            await self._put_in(next(known, typed))

    async def _put_in(self, name: str) -> None:
        if await self._tried(self._tagging.put_in(name, self._ids)):
            self._dialog.close()

    async def _take_out(self, name: str) -> None:
        if await self._tried(self._tagging.take_out(name, self._ids)):
            await self._show_tags()

    async def _tried(self, act: Awaitable[object]) -> bool:
        with self._dialog.client.layout:  # what was clicked may be gone by then
            return await tried(act)

    async def _show_tags(self) -> None:
        """What the pictures are in already."""
        if len(self._ids) > MOST_ASKED:
            return
        pictures = [found for key in self._ids if (found := await self._find(key))]
        self._tags.clear()
        with self._tags:
            for name, count in _counted(pictures):
                is_some = count < len(pictures)
                shown = words.some_of(name, count, len(pictures)) if is_some else name
                tag_chip(name, shown, partial(self._take_out, name))


def cover(one: Collection) -> ui.element:
    """The newest picture of a collection; what it is called stands beside it."""
    made = cover_image()
    made.props["src"] = at(one.thumbnail_url)
    return made


def cover_image() -> ui.element:
    """The place for that picture."""
    made = ui.element("img").props("loading=lazy decoding=async alt draggable=false")
    made.on("load", js_handler=LOADED)
    return made.on("error", js_handler=NOT_LOADED)


def _counted(pictures: Sequence[GeneratedImage]) -> list[tuple[str, int]]:
    """Each of their tags, and how many have it, the most frequent first."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for picture in pictures:
        for tag in picture.tags:
            counts[same(tag)] += 1
            names.setdefault(same(tag), tag)
    return [(names[key], count) for key, count in counts.most_common()]
