"""Beside a picture in large: what can be done with it, and all that is known about it."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

from nicegui import ui

from batchgen_app import __version__
from batchgen_app.access import Verb
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.picture_text import text_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.tags import Tags
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.change_words import PROMPT
from batchgen_app.ui.comparison.file_name import file_name
from batchgen_app.ui.comparison.graph_list import graph_list
from batchgen_app.ui.comparison.neighbours import Mark, Origin, marks_of
from batchgen_app.ui.comparison.proof import Attempt, Proofs, Proving
from batchgen_app.ui.comparison.seen import Looked, Place
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.collecting import collect_button, tag_chip
from batchgen_app.ui.parts.controls import (
    CopyButton,
    Following,
    bind_prop,
    button,
    download_button,
    folder_button,
    headline,
    icon_button,
    marked,
    own_direction,
    undoable,
)
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.quiet import bind_quietly
from batchgen_app.ui.parts.start_from import use_button
from batchgen_app.ui.parts.toast import undos_here
from batchgen_app.ui.parts.verdicts import back_button, cross_button, star_row

T = TypeVar("T")


class Deeds(Protocol):
    """What is done with pictures, each known as it is ``at`` where it is looked at."""

    def toggle(self, at: Any, /) -> Awaitable[None]:
        """Mark as a favourite, or no longer."""

    def reject(self, at: Any, /) -> Awaitable[None]:
        """Say that it is not wanted, or no longer so."""

    def rate(self, at: Any, stars: int, /) -> Awaitable[None]:
        """One to five, or 0 for none."""

    def take_back(self, at: Any, /) -> Awaitable[None]:
        """The last mark that was given here to it."""

    def collect(self, at: Any, /) -> Awaitable[None]:
        """Ask into which collection it is put."""

    def take_out(self, at: Any, name: str, /) -> Awaitable[None]:
        """Out of a collection."""

    def delete(self, at: Any, /) -> Awaitable[None]:
        """Put it into the trash, and offer to take it back."""


class Marks:
    """Heart, stars, verdict and trash for whichever picture is seen. They stay in the page when it
    is another one, so that a key that is pressed at once after an arrow means that one.
    """

    def __init__(self, context: PageContext, seen: Looked, deeds: Deeds) -> None:
        self._seen = seen
        self._deeds = deeds
        self._heart()
        self._reject()
        self._stars()
        self._back()
        collect_button(self._on(deeds.collect))
        if context.may(Verb.DELETE):
            self._bin()

    def _heart(self) -> None:
        name = str(words.FAVOURITE)
        made = marked(icon_button("", name, self._on(self._deeds.toggle), key="f"), "favourite")
        made.classes("bg-heart")
        self._follow(made, "icon", lambda: "favorite" if self._is_loved else "favorite_border")
        self._follow(made, "aria-pressed", lambda: str(self._is_loved).lower())

    @property
    def _is_loved(self) -> bool:
        return bool(self._seen.picture and self._seen.picture.favourite)

    def _reject(self) -> None:
        made = cross_button(self._on(self._deeds.reject))
        self._follow(made, "aria-pressed", lambda: str(self._is_rejected).lower())

    @property
    def _is_rejected(self) -> bool:
        return bool(self._seen.picture and self._seen.picture.rejected)

    def _stars(self) -> None:
        async def rate(stars: int) -> None:
            await self._deeds.rate(self._seen.at, stars)

        def given() -> str:
            return str(self._seen.picture.rating if self._seen.picture else 0)

        self._follow(marked(star_row(rate), "rating"), "data-value", given)

    def _back(self) -> None:
        undos = undos_here()
        made = back_button(self._on(self._deeds.take_back))

        def is_idle() -> str:
            picture = self._seen.picture
            return str(picture is None or picture.id not in undos.marked)

        bind_quietly(made, "data-idle", self._seen, self._seen.followed, is_idle)
        bind_quietly(made, "data-idle", undos, ("marked",), is_idle)

    def _bin(self) -> None:
        delete = self._on(self._deeds.delete)
        undoable(icon_button("delete_outline", str(words.DELETE), delete, key="Delete"))

    def _on(self, act: Callable[[Any], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        return lambda: act(self._seen.at)

    def _follow(self, element: ui.element, prop: str, pick: Callable[[], str]) -> None:
        bind_prop(element, prop, self._seen, self._seen.followed, pick)


Known = tuple[BatchState, GeneratedImage]
"""A picture with its batch."""


class DetailPanel:
    """Follows what is ``seen``. ``attempt`` does what may fail, and says why."""

    def __init__(self, context: PageContext, seen: Looked, deeds: Deeds, attempt: Attempt) -> None:
        self._context = context
        self._seen = seen
        self._deeds = deeds
        self._origin = Origin(context, seen)
        self._proving = Proving(context, attempt)
        with ui.element("div").classes("bg-panel-body"):
            self._following(lambda: seen.place, self._title)
            with ui.element("div").classes("bg-panel-actions"):
                Marks(context, seen, deeds)
                self._following(self._unmarked, self._files).classes("bg-panel-files")
            tags = self._following(self._tagged, self._tags)
            marked(tags, "tags").classes("bg-chips")
            about = self._following(self._unmarked, self._about)
            about.classes("bg-panel-body")
        self._origin.follow(about)

    def _following(self, pick: Callable[[], T], build: Callable[[T], object]) -> Following:
        return Following(self._seen, self._seen.followed, pick, build)

    def _unmarked(self) -> Known | None:
        """Without its marks, which have their own place: the texts are not built anew for them."""
        batch, seen = self._seen.batch, self._seen.picture
        shown = batch.image(seen.index).picture if batch and seen else None
        unmarked = {"favourite": False, "rating": 0, "rejected": False, "tags": ()}
        return (batch, shown.model_copy(update=unmarked)) if batch and shown else None

    def _tagged(self) -> tuple[Any, Tags]:
        return self._seen.at, self._seen.picture.tags if self._seen.picture else ()

    def _tags(self, tagged: tuple[Any, Tags]) -> None:
        """The collections that the picture is in."""
        at, tags = tagged
        for name in tags:
            tag_chip(name, name, partial(self._deeds.take_out, at, name))

    def _title(self, place: Place | None) -> None:
        if place:
            with ui.element("div").classes("bg-panel-where"):
                ui.label(words.place_of(place)).classes("bg-muted")
                if place.batch_id:
                    link = ui.link(str(words.OPEN_BATCH), f"/batch/{place.batch_id}")
                    marked(link, "open-batch").classes("bg-panel-link")
            headline(place.prompt)

    def _files(self, known: Known | None) -> None:
        if known:
            batch, shown = known
            if self._context.may(Verb.MAKE):
                use_button(shown)
            download_button(shown, file_name(self._context, batch, shown))
            folder_button(shown.id)

    def _about(self, known: Known | None) -> None:
        if known:
            batch, shown = known
            marks = marks_of(batch, shown, self._origin.of(batch))
            if prompt := marks.get(str(PROMPT)):
                _mark(f"{PROMPT}: {prompt.text}")
            self._reuse(batch, shown)
            Proofs(self._proving, shown.id)
            _facts(batch, shown, marks)
            if shown.extras:
                _extras(shown)
            graph_list(self._context, shown.batch_id, shown.index)

    def _reuse(self, batch: BatchState, shown: GeneratedImage) -> None:
        with marked(ui.element("div"), "reuse").classes("bg-panel-reuse"):
            CopyButton(batch.words(shown.index).prompt, str(words.COPY_PROMPT))
            CopyButton(str(shown.seed), str(words.COPY_SEED))
            CopyButton(_everything(batch, shown.index), str(words.COPY_EVERYTHING))
            if self._context.may(Verb.MAKE):
                use = marked(button(str(words.USE_SETTINGS), icon="tune"), "use-settings")
                use.props["href"] = at(f"/?like={shown.batch_id}&image={shown.index}")
                more = button(str(words.MORE_LIKE_THIS), icon="auto_awesome_motion")
                more.props["title"] = str(words.MORE_LIKE_THIS_HINT)
                more.props["href"] = at(f"/?like={shown.batch_id}&image={shown.index}&seeds=new")
                marked(more, "more-like-this")
                self._proving.button(shown.id)


def _everything(batch: BatchState, index: int) -> str:
    return text_of(batch, index, batch.versions.app if batch.versions else __version__)


def _facts(batch: BatchState, shown: GeneratedImage, marks: Mapping[str, Mark]) -> None:
    facts = dict(words.facts(batch, shown))
    others = {n: m.value for n, m in marks.items() if n not in {*facts, str(PROMPT)} and m.value}
    with marked(ui.element("dl"), "facts").classes("bg-panel-facts"):
        for name, text in {**facts, **others}.items():
            with ui.element("div"):
                Text("dt", name)
                with own_direction(ui.element("dd")):
                    CopyButton(common.broken(text), text)
                    if mark := marks.get(name):
                        _mark(mark.text)


def _mark(text: str) -> None:
    """In words and with a sign: not by colour alone."""
    with marked(ui.element("div"), "differs").classes("bg-differs"):
        ui.icon("compare_arrows").props("aria-hidden=true")
        own_direction(ui.label(text))


def _extras(shown: GeneratedImage) -> None:
    """What the workflow made beside the picture; each opens as a file of its own."""
    ui.label(str(words.EXTRAS)).classes("bg-muted")
    with marked(ui.element("div"), "extras").classes("bg-extras"):
        for extra in shown.extras:
            name = words.extra_picture(shown.index, extra.number)
            with ui.element("a").props("target=_blank") as link:
                link.props["href"] = at(extra.url)
                small = ui.element("img").props("loading=lazy decoding=async")
                small.props.update(src=at(extra.thumbnail_url), alt=name, title=name)
