"""LargeView: one picture of many in the browser, and the strip of those around it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Any

from nicegui import events, ui

from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import Lazy, each
from batchgen_app.places import assets_dir


class LargeView(
    ui.element,
    component=assets_dir() / "large_view.js",
    esm={
        "batchgen-files": str(assets_dir() / "files"),
        "batchgen-large": str(assets_dir() / "large"),
        "batchgen-zooming": str(assets_dir() / "zooming"),
    },
):
    """Changes the picture by itself, and then says which one is seen: the next one does not wait
    for the way to the app and back. Its prop ``pictures`` holds what is ``viewed``; its events are
    ``close``, and with the key of a picture ``see``, ``keep`` and ``reject``.

    Where there are more pictures than it knows, ``tell`` says so, ``reach`` comes with the place of
    one that somebody wants to see, and the page's address is ``address`` and the key of the one
    that is seen.
    """

    def __init__(
        self, at: Any, said: Mapping[str, Lazy], *, may_mark: bool, address: str = ""
    ) -> None:
        super().__init__()
        self._turns = count(1)
        self.props["words"] = each(said)
        self.props["marks"] = may_mark
        self.props["wanted"] = [at, 0]
        self.props["address"] = address

    def show(self, at: Any) -> None:
        """Go to a picture, whichever one is seen there."""
        self.props["wanted"] = [at, next(self._turns)]

    def tell(self, pictures: Sequence[JsonObject], start: int, total: int) -> None:
        """These are known: the first is the one at the place ``start`` of ``total``."""
        self.props.update(pictures=list(pictures), start=start, total=total)

    def on_index(self, event: str, tell: Callable[[int], object]) -> None:
        """Call ``tell`` with the index, or place, that one of its events has."""
        self.on(event, lambda told: tell(_index_in(told)))

    def on_id(self, event: str, tell: Callable[[str], Awaitable[None] | None]) -> None:
        """Call ``tell`` with the id that one of its events has."""
        self.on(event, lambda told: tell(told.args if isinstance(told.args, str) else ""))


def _index_in(told: events.GenericEventArguments) -> int:
    """What is none is that of no image."""
    return told.args if isinstance(told.args, int) else 0
