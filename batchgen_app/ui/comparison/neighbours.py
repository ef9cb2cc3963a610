"""What of a picture is another one than in its neighbours: in the other pictures of its batch, or
in the batch that this one came from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.changes import Change, differences
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import change_words, words
from batchgen_app.ui.words import LORAS, NEGATIVE, SIZE, size

SIDES = frozenset({"width", "height"})


@dataclass(frozen=True)
class Mark:
    """What is said beside a fact; ``value`` is the fact itself where nobody else tells it."""

    text: str
    value: str = ""


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
