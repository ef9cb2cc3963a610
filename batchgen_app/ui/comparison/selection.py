"""Selection: which pictures are chosen, and the bar of what can be done with all of them at once.
They are chosen as on a desktop (``assets/selecting.js``) or by their checkboxes.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from nicegui import binding, ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.language.texts import Lazy
from batchgen_app.places import assets_dir
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.image_actions import ImageActions
from batchgen_app.ui.comparison.shown import Shown
from batchgen_app.ui.parts.collecting import collect_button
from batchgen_app.ui.parts.controls import Click, bind_prop, icon_button, marked, undoable
from batchgen_app.ui.parts.verdicts import REJECT_ICON, star_row


class Selection:
    """``chosen`` are the indexes of images, in order; widgets bind to it. Only what is shown is
    chosen.
    """

    chosen = binding.BindableProperty()

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self.chosen = ()
        shown.settled.subscribe(lambda: self.choose_only(self.chosen))

    @property
    def everything(self) -> tuple[int, ...]:
        """The indexes of all images that are shown."""
        return tuple(sorted(self._shown.indexes))

    @property
    def pictures(self) -> list[GeneratedImage]:
        """The chosen images."""
        return [picture for picture in self._shown.pictures if picture.index in self.chosen]

    @property
    def is_everything(self) -> bool:
        """Whether all of them are chosen."""
        return bool(self.chosen) and self.chosen == self.everything

    def choose(self, index: int, *, on: bool) -> None:
        """Take an image in, or out."""
        others = set(self.chosen) - {index}
        self.choose_only(others | {index} if on else others)

    def choose_only(self, indexes: Iterable[int]) -> None:
        """These and no others, as far as they are shown."""
        self.chosen = tuple(sorted(set(indexes) & set(self.everything)))

    def choose_everything(self, *, on: bool) -> None:
        """Follow the checkbox for all of them, which itself follows what is chosen: it goes out,
        too, when one of them is no longer chosen.
        """
        if on:
            self.chosen = self.everything
        elif self.is_everything:
            self.chosen = ()


class Selecting(ui.element, component=assets_dir() / "selecting.js"):
    """Choosing with mouse, keys and fingers; stands beside the grid."""

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self._selection = selection
        self.props["heard"] = 0
        bind_prop(self, "count", selection, ("chosen",), lambda: len(selection.chosen))
        self.on("choose", self._choose)

    def _choose(self, event: Any) -> None:
        """``how`` is one of toggle, add, only and all; ``turn`` counts what was chosen there."""
        chosen, given = set(self._selection.chosen), set(event.args["indexes"])
        ways: dict[str, Callable[[], set[int]]] = {
            "toggle": lambda: chosen ^ given,
            "add": lambda: chosen | given,
            "only": lambda: given,
            "all": lambda: set(self._selection.everything),
        }
        self._selection.choose_only(ways[event.args["how"]]())
        self.props["heard"] = event.args["turn"]


def selection_bar(
    selection: Selection, actions: ImageActions, ways: Mapping[Lazy, ui.button]
) -> None:
    """What can be done with the selection, with which it comes and goes; as long as it is there,
    keys that mark a picture are for all of it. ``ways`` stand elsewhere, too.
    """
    bar = marked(ui.element("div"), "selection-bar").classes("bg-selection")
    bar.props("role=toolbar data-for-chosen").props["aria-label"] = str(words.SELECTION)
    bar.bind_visibility_from(selection, "chosen", bool)
    with bar:
        count = marked(ui.label().props("role=status"), "selected-count")
        count.bind_text_from(selection, "chosen", lambda chosen: words.selected(len(chosen)))
        for name, way in ways.items():
            _same_as(way, str(name))
        _judge(selection, actions)
        clear = icon_button(
            "deselect", str(words.SELECT_NONE), lambda: selection.choose_only(()), key="Escape"
        )
        marked(clear, "select-none").props("data-chooses")


def _same_as(way: ui.button, name: str) -> None:
    made = icon_button(str(way.icon), name)
    made.on("click", js_handler=f"() => getHtmlElement({way.id}).click()")
    made.bind_enabled_from(way, "enabled")


def _judge(selection: Selection, actions: ImageActions) -> None:
    def of_all(act: Callable[..., Awaitable[None]]) -> Click:
        return lambda: act(*selection.chosen)

    icon_button("favorite_border", str(words.FAVOURITE), of_all(actions.toggle), key="f")
    icon_button(REJECT_ICON, str(common.REJECT), of_all(actions.reject), key="x")
    star_row(lambda stars: actions.rate_all(selection.chosen, stars))
    collect_button(of_all(actions.collect))
    if actions.may_delete:
        name = str(words.DELETE)
        undoable(icon_button("delete_outline", name, of_all(actions.delete), key="Delete"))
