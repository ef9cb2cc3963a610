"""What of a picture is another one than in its neighbours: in the other pictures of its batch, or
in the batch that this one came from.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from nicegui import ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.changes import Change, differences
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import change_words, words
from batchgen_app.ui.comparison.seen import Looked
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import Following
from batchgen_app.ui.words import LORAS, NEGATIVE, SIZE, size

SIDES = frozenset({"width", "height"})


@dataclass(frozen=True)
class Mark:
    """What is said beside a fact; ``value`` is the fact itself where nobody else tells it."""

    text: str
    value: str = ""


class Origin:
    """What the batch that is looked at came from. It is not waited for: once it is known, what is
    another one here is marked.
    """

    def __init__(self, context: PageContext, seen: Looked) -> None:
        self._context = context
        self._seen = seen
        self._known: BatchState | None = None
        self._sought = ""

    def of(self, batch: BatchState) -> BatchState | None:
        """That of a batch, as soon as it is known."""
        based_on = batch.request.based_on
        is_known = self._known and based_on and self._known.batch_id == based_on.batch_id
        return self._known if is_known else None

    def follow(self, about: Following) -> None:
        """Have ``about`` built anew when another one is known."""

        def look(origin: str) -> None:
            self._sought = origin
            if origin:
                # Once the page is there.
                ui.timer(0, lambda: self._find(origin, about), once=True)

        Following(self._seen, self._seen.followed, self._origin_here, look)

    def _origin_here(self) -> str:
        based_on = self._seen.batch.request.based_on if self._seen.batch else None
        return based_on.batch_id if based_on else ""

    async def _find(self, batch_id: str, about: Following) -> None:
        with suppress(BatchGenError):  # it is in the trash, perhaps
            found = await self._context.queries.batch(batch_id)
            if batch_id == self._sought and not about.is_deleted:
                self._known = found
                about.changed.emit()


def marks_of(
    batch: BatchState, shown: GeneratedImage, origin: BatchState | None
) -> Mapping[str, Mark]:
    """By the names of facts; that of the prompt is among them."""
    marks: dict[str, Mark] = {}
    for name, mark in (*_since(origin, batch), *_in_batch(batch, shown)):
        known = marks.get(name)
        marks[name] = Mark(f"{known.text} · {mark.text}", known.value) if known else mark
    return marks


def _in_batch(batch: BatchState, shown: GeneratedImage) -> Iterator[tuple[str, Mark]]:
    """What every image has for itself, its seed and its file, says nothing."""
    own = _comparable(batch, shown)
    others = [_comparable(batch, each) for each in batch.pictures]
    for name, value in own.items():
        if any(other[name] != value for other in others):
            yield name, Mark(str(words.OTHERS_DIFFER))


def _comparable(batch: BatchState, shown: GeneratedImage) -> dict[str, object]:
    told = batch.words(shown.index)
    return {
        str(change_words.PROMPT): told.prompt,
        str(NEGATIVE): told.negative_prompt,
        str(SIZE): (shown.width, shown.height),
    }


def _since(origin: BatchState | None, batch: BatchState) -> Iterator[tuple[str, Mark]]:
    changes = differences(origin, batch) if origin else []
    for change in changes:
        if change.name not in SIDES:
            yield _name(change), Mark(_before(change), change_words.value(change.new))
    if origin and SIDES.intersection(change.name for change in changes):
        width, height = origin.parameters.width, origin.parameters.height
        yield str(SIZE), Mark(words.other_before(size(width, height) if width and height else ""))


def _name(change: Change) -> str:
    return str(LORAS) if change.name.startswith("loras.") else change_words.field(change.name)


def _before(change: Change) -> str:
    if change.old is None and change.new is None:
        return change_words.change(change)
    if change.name.startswith("loras."):
        return f"{change_words.field(change.name)}: {change_words.change(change)}"
    return words.other_before("" if change.old is None else change_words.value(change.old))
