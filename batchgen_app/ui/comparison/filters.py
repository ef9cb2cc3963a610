"""Chips: what people want to see of a batch, and how many pictures are so."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from nicegui import ui

from batchgen_app.language.texts import Lazy
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.image_actions import ImageActions
from batchgen_app.ui.comparison.shown import Shown, Wanted
from batchgen_app.ui.parts.clean_downloads import clean_switch
from batchgen_app.ui.parts.controls import Click, Following, bind_prop, button, marked, undoable
from batchgen_app.ui.parts.device_tick import DeviceTick
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.quiet import Apart
from batchgen_app.ui.parts.verdicts import MOST_STARS

CHIPS: tuple[tuple[str, Lazy, str], ...] = (
    ("favourites", words.FAVOURITES, "favorite"),
    ("unrated", words.UNRATED, "star_border"),
    ("kept", words.HIDE_REJECTED, "visibility_off"),
)


FILTER_NAMES = {
    "rated": "rating",
    "favourites": "favourites",
    "unrated": "unrated",
    "kept": "hide-rejected",
}
"""In the page, as others rely on them."""
SHOWN = ("indexes", "wanted", "pictures")
"""What the texts follow."""
CHOOSE_KEY = "a"
VALUE = """(event) => {
    emit(event.target.value);
    if (!event.target.matches(":focus-visible")) event.target.blur();
}"""
"""Chosen with the mouse, it no longer takes the keys."""


class Chips:
    """A chip for each wish, with how many pictures it is for; ``choose`` is given the indexes of
    those with enough stars.
    """

    def __init__(
        self, shown: Shown, choose: Callable[[tuple[int, ...]], object], actions: ImageActions
    ) -> None:
        self._shown = shown
        with Apart("div").classes("bg-filters").props("role=group") as row:
            row.props["aria-label"] = str(words.FILTERS)
            self._rating()
            for name, text, icon in CHIPS:
                self._chip(name, icon, partial(self._counted, name, text))
            self._order()
            self._choose(choose)
            if actions.may_delete:
                self._throw_away(actions)
            _advance()
            clean_switch()
        row.bind_visibility_from(shown, "pictures", bool)

    def _rating(self) -> None:
        shown = self._shown
        with ui.element("div").classes("bg-filter-stars"):
            self._chip(
                "rated", "", lambda: words.at_least(shown.wanted.least, self._count("rated"))
            )
            with ui.element("label").classes("bg-filter-least"):
                ui.icon("expand_more").props("aria-hidden=true")
                with ui.element("select") as least:
                    for stars in range(1, MOST_STARS + 1):
                        Text("option", f"≥ {stars} ★").props["value"] = str(stars)
        least.props["aria-label"] = str(words.LEAST_STARS)
        marked(least, "least-stars").on("change", self._mean, js_handler=VALUE)
        bind_prop(least, "value", shown, ("wanted",), lambda: str(shown.wanted.least))

    def _mean(self, event: Any) -> None:
        wanted = self._shown.wanted
        self._shown.want(replace(wanted, least=int(event.args), rated=True, unrated=False))

    def _chip(self, name: str, icon: str, text: Callable[[], str]) -> None:
        shown = self._shown
        chip = self._button(icon, lambda: self._turn(name), "filter", text)
        chip.props["data-filter"] = FILTER_NAMES[name]
        bind_prop(chip, "aria-pressed", shown, ("wanted",), lambda: _as_said(shown.wanted, name))

    def _button(self, icon: str, click: Click, mark: str, text: Callable[[], str]) -> ui.button:
        made = marked(button("", click, icon=icon or None), mark).classes("bg-filter")
        for field in SHOWN:
            made.bind_text_from(self._shown, field, lambda _: text())
        return made

    def _brief(self, icon: str, click: Click, mark: str, text: Callable[[], str]) -> ui.button:
        """One of which only the picture is seen where there is little room."""
        made = self._button(icon, click, mark, text).classes("bg-filter-brief")
        bind_prop(made, "title", self._shown, SHOWN, text)
        return made

    def _counted(self, name: str, text: Lazy) -> str:
        count = self._count(name)
        return f"{text} · {len(self._shown.pictures) - count if name == 'kept' else count}"

    def _count(self, name: str) -> int:
        return self._shown.count(name)

    def _turn(self, name: str) -> None:
        self._shown.want(self._shown.wanted.turned(name))

    def _order(self) -> None:
        shown = self._shown
        made = self._brief("sort", lambda: self._turn("by_rating"), "sort", lambda: self._sorted)
        bind_prop(
            made, "aria-pressed", shown, ("wanted",), lambda: _as_said(shown.wanted, "by_rating")
        )

    @property
    def _sorted(self) -> str:
        return str(words.BY_RATING if self._shown.wanted.by_rating else words.BY_NUMBER)

    def _choose(self, choose: Callable[[tuple[int, ...]], object]) -> None:
        shown = self._shown

        def text() -> str:
            return words.select_rated(shown.wanted.least, len(shown.of_least))

        act = partial(self._button, "done_all", lambda: choose(shown.of_least))
        made = act("select-rated", text).classes("bg-filter-brief")
        made.props("data-chooses").props["data-key"] = CHOOSE_KEY
        bind_prop(made, "title", shown, SHOWN, lambda: common.with_key(text(), CHOOSE_KEY))
        for field in SHOWN:
            made.bind_enabled_from(shown, field, lambda _: bool(shown.of_least))

    def _throw_away(self, actions: ImageActions) -> None:
        shown = self._shown
        made = self._brief(
            "delete_outline",
            lambda: actions.delete(*shown.rejected),
            "trash-rejected",
            lambda: words.throw_rejected_away(len(shown.rejected)),
        )
        undoable(made)
        made.bind_visibility_from(shown, "pictures", lambda _: bool(shown.rejected))


def _advance() -> DeviceTick:
    """Whether a mark by key goes on to the next picture."""
    return DeviceTick("advance", "advance", str(words.ADVANCE), str(words.ADVANCE_HINT))


def _as_said(wanted: Wanted, name: str) -> str:
    return str(getattr(wanted, name)).lower()


def nothing_shown(shown: Shown) -> None:
    """Where no picture is as it is wanted: says so, and shows all again on request."""

    def clear() -> None:
        shown.want(shown.wanted.cleared)

    def build(is_so: bool) -> None:  # noqa: FBT001 - what was picked
        if is_so:
            with marked(ui.element("div"), "nothing-shown").classes("bg-empty"):
                ui.icon("filter_alt_off").props("aria-hidden=true")
                ui.label(str(words.NOTHING_SHOWN)).props("role=status")
                marked(button(str(words.SHOW_ALL), clear), "clear-filters")

    def is_so() -> bool:
        return bool(shown.pictures) and not shown.indexes

    Following(shown, ("indexes", "pictures"), is_so, build)
