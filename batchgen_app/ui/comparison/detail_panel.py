"""Beside a picture in large: what can be done with it, and all that is known about it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from nicegui import ui

from batchgen_app import __version__
from batchgen_app.access import Verb
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.picture_text import text_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.tags import Tags
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.change_words import PROMPT
from batchgen_app.ui.comparison.graph_list import graph_list
from batchgen_app.ui.comparison.image_actions import ImageActions
from batchgen_app.ui.comparison.neighbours import Mark, marks_of
from batchgen_app.ui.comparison.proof import Proofs, Proving
from batchgen_app.ui.comparison.seen import Seen
from batchgen_app.ui.page_context import PageContext
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
from batchgen_app.ui.parts.toast import undos_here
from batchgen_app.ui.parts.verdicts import back_button, cross_button, star_row

FOLLOWED = ("at", "images")


class Marks:
    """Heart, stars, verdict and trash for whichever picture is seen. They stay in the page when it
    is another one, so that a key that is pressed at once after an arrow means that one.
    """

    def __init__(self, context: PageContext, seen: Seen, actions: ImageActions) -> None:
        self._seen = seen
        self._actions = actions
        self._heart()
        self._reject()
        self._stars()
        self._back()
        collect_button(self._on(actions.collect))
        if context.may(Verb.DELETE):
            self._bin()

    @property
    def _picture(self) -> GeneratedImage | None:
        return self._seen.batch.image(self._seen.at).picture

    def _heart(self) -> None:
        name = str(words.FAVOURITE)
        made = marked(icon_button("", name, self._on(self._actions.toggle), key="f"), "favourite")
        made.classes("bg-heart")
        self._follow(made, "icon", lambda: "favorite" if self._is_loved else "favorite_border")
        self._follow(made, "aria-pressed", lambda: str(self._is_loved).lower())

    @property
    def _is_loved(self) -> bool:
        return bool(self._picture and self._picture.favourite)

    def _reject(self) -> None:
        made = cross_button(self._on(self._actions.reject))
        self._follow(made, "aria-pressed", lambda: str(self._is_rejected).lower())

    @property
    def _is_rejected(self) -> bool:
        return bool(self._picture and self._picture.rejected)

    def _stars(self) -> None:
        row = marked(star_row(lambda stars: self._actions.rate(self._seen.at, stars)), "rating")
        self._follow(row, "data-value", lambda: str(self._picture.rating if self._picture else 0))

    def _back(self) -> None:
        undos = undos_here()
        made = back_button(self._on(self._actions.take_back))

        def is_idle() -> str:
            return str(self._picture is None or self._picture.id not in undos.marked)

        bind_quietly(made, "data-idle", self._seen, FOLLOWED, is_idle)
        bind_quietly(made, "data-idle", undos, ("marked",), is_idle)

    def _bin(self) -> None:
        delete = self._on(self._actions.delete)
        undoable(icon_button("delete_outline", str(words.DELETE), delete, key="Delete"))

    def _on(self, act: Callable[[int], object]) -> Callable[[], object]:
        return lambda: act(self._seen.at)

    def _follow(self, element: ui.element, prop: str, pick: Callable[[], str]) -> None:
        bind_prop(element, prop, self._seen, FOLLOWED, pick)


class DetailPanel:
    """Follows what is ``seen``."""

    def __init__(self, context: PageContext, seen: Seen, actions: ImageActions) -> None:
        self._context = context
        self._seen = seen
        self._batch = seen.batch
        self._actions = actions
        self._origin: BatchState | None = None
        self._proving = Proving(context, actions.attempt)
        with ui.element("div").classes("bg-panel-body"):
            Following(seen, ("at", "images"), lambda: seen.place, self._title)
            with ui.element("div").classes("bg-panel-actions"):
                Marks(context, seen, actions)
                Following(seen, ("at",), lambda: seen.at, self._files).classes("bg-panel-files")
            tags = Following(seen, ("at", "images"), self._tagged, self._tags)
            marked(tags, "tags").classes("bg-chips")
            about = Following(seen, ("at", "images"), self._shown, self._about)
            about.classes("bg-panel-body")
        if origin := self._batch.request.based_on:
            # Once the page is there: it is not waited for.
            ui.timer(0, lambda: self._find_origin(origin.batch_id, about), once=True)

    async def _find_origin(self, batch_id: str, about: Following) -> None:
        """What the batch came from: what is another one here is marked then."""
        with suppress(BatchGenError):  # it is in the trash, perhaps
            self._origin = await self._context.queries.batch(batch_id)
            if not about.is_deleted:
                about.changed.emit()

    def _shown(self) -> GeneratedImage | None:
        """Without its marks, which have their own place: the texts are not built anew for them."""
        shown = self._batch.image(self._seen.at).picture
        unmarked = {"favourite": False, "rating": 0, "rejected": False, "tags": ()}
        return shown and shown.model_copy(update=unmarked)

    def _tagged(self) -> tuple[int, Tags]:
        shown = self._batch.image(self._seen.at).picture
        return self._seen.at, shown.tags if shown else ()

    def _tags(self, tagged: tuple[int, Tags]) -> None:
        """The collections that the picture is in."""
        index, tags = tagged
        for name in tags:
            tag_chip(name, name, partial(self._actions.take_out, index, name))

    def _title(self, place: tuple[int, tuple[int, ...]]) -> None:
        index, kept = place
        if index in kept:
            said = words.image_of(index, kept.index(index) + 1, len(kept))
            ui.label(said).classes("bg-muted")
            headline(self._batch.words(index).prompt)

    def _files(self, index: int) -> None:
        if shown := self._batch.image(index).picture:
            self._actions.use(shown)
            download_button(shown, self._actions.file_name(shown))
            folder_button(shown.id)
            self._actions.back(shown)

    def _about(self, shown: GeneratedImage | None) -> None:
        if shown:
            marks = marks_of(self._batch, shown, self._origin)
            if prompt := marks.get(str(PROMPT)):
                _mark(f"{PROMPT}: {prompt.text}")
            self._reuse(shown)
            Proofs(self._proving, shown.id)
            _facts(self._batch, shown, marks)
            if shown.extras:
                _extras(shown)
            graph_list(self._context, shown.batch_id, shown.index)

    def _reuse(self, shown: GeneratedImage) -> None:
        with marked(ui.element("div"), "reuse").classes("bg-panel-reuse"):
            CopyButton(self._batch.words(shown.index).prompt, str(words.COPY_PROMPT))
            CopyButton(str(shown.seed), str(words.COPY_SEED))
            CopyButton(self._everything(shown.index), str(words.COPY_EVERYTHING))
            if self._context.may(Verb.MAKE):
                use = marked(button(str(words.USE_SETTINGS), icon="tune"), "use-settings")
                use.props["href"] = f"/?like={shown.batch_id}&image={shown.index}"
                more = button(str(words.MORE_LIKE_THIS), icon="auto_awesome_motion")
                more.props["title"] = str(words.MORE_LIKE_THIS_HINT)
                more.props["href"] = f"/?like={shown.batch_id}&image={shown.index}&seeds=new"
                marked(more, "more-like-this")
                self._proving.button(shown.id)

    def _everything(self, index: int) -> str:
        versions = self._batch.versions
        return text_of(self._batch, index, versions.app if versions else __version__)


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
                link.props["href"] = extra.url
                small = ui.element("img").props("loading=lazy decoding=async")
                small.props.update(src=extra.thumbnail_url, alt=name, title=name)
