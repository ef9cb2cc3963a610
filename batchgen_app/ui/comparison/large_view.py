"""LargeView: one picture of many in the browser, and the strip of all of them."""

from collections.abc import Callable
from itertools import count

from nicegui import events, ui

from batchgen_app.language.texts import each
from batchgen_app.places import assets_dir
from batchgen_app.ui.comparison import words


class LargeView(
    ui.element,
    component=assets_dir() / "large_view.js",
    esm={
        "batchgen-large": str(assets_dir() / "large"),
        "batchgen-zooming": str(assets_dir() / "zooming"),
    },
):
    """Changes the picture by itself, and then says which one is seen: the next one does not wait
    for the way to the app and back. Its prop ``pictures`` holds what is ``viewed``; its events are
    ``close``, and with the index of an image ``see``, ``keep`` and ``reject``.
    """

    def __init__(self, at: int, *, may_mark: bool) -> None:
        super().__init__()
        self._turns = count(1)
        self.props["words"] = each(words.LARGE_VIEW)
        self.props["marks"] = may_mark
        self.props["wanted"] = [at, 0]

    def show(self, index: int) -> None:
        """Go to a picture, whichever one is seen there."""
        self.props["wanted"] = [index, next(self._turns)]

    def on_index(self, event: str, tell: Callable[[int], object]) -> None:
        """Call ``tell`` with the index that one of its events has."""
        self.on(event, lambda told: tell(_index_in(told)))


def _index_in(told: events.GenericEventArguments) -> int:
    """What is none is that of no image."""
    return told.args if isinstance(told.args, int) else 0
