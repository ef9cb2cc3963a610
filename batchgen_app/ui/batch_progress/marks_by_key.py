"""MarksByKey: what the keys of a mark say of a picture while its batch still runs."""

from collections.abc import Callable
from typing import Any

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.state import BatchState
from batchgen_app.ui.live import truth
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.marking import Choose, Marking, liked, rated, rejected
from batchgen_app.ui.parts.toast import tried, undos_here
from batchgen_app.ui.parts.verdicts import MOST_STARS

CHOICES: dict[str, Choose] = {
    "f": liked,
    "x": rejected,
    **{str(stars): rated(stars) for stars in range(MOST_STARS + 1)},
}


class MarksByKey:
    """The same keys as everywhere. What has no picture yet, or none any more, has no marks."""

    def __init__(self, context: PageContext, batch: BatchState) -> None:
        self._batch = batch
        self._marking = Marking(context.caller, context.commands, undos_here(), self._find)

    async def press(self, event: Any) -> None:
        """``args`` of the event: a key, and the number of the image whose place has the focus."""
        key, index = event.args
        if picture := self._first(lambda picture: picture.index == index):
            if key in CHOICES:
                await tried(self._marking.mark([picture.id], CHOICES[key]))
            elif key == "u":
                await tried(self._marking.take_back(picture.id))

    async def reject(self, index: int) -> None:
        """It is not wanted, or is after all."""
        if picture := self._first(lambda picture: picture.index == index):
            await tried(self._marking.mark([picture.id], rejected))

    async def _find(self, image_id: str) -> GeneratedImage | None:
        return self._first(lambda picture: picture.id == image_id)

    def _first(self, is_it: Callable[[GeneratedImage], bool]) -> GeneratedImage | None:
        return next(filter(is_it, truth(self._batch).pictures), None)
