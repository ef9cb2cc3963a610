"""How far something has come that goes through all batches, for whoever waits for it; and what a
reindex came to.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from batchgen_app.language.message import Message, counted, joined, later

T = TypeVar("T")
FIRST_SECONDS = 1.0
"""What takes no longer is not told."""
NEXT_SECONDS = 5.0


class ProgressCallback(Protocol):
    """Is told what is done to how many things, and how many of them are behind it."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


def silent(what: str, done: int, total: int) -> None:
    """For whoever does not want to know."""


class InWords:
    """Tells by ``tell``, in sentences, now and then; the end, too, of what it has told of."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self._next = 0.0
        self._is_end_told = True

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done == 0:
            self._next, self._is_end_told = now + FIRST_SECONDS, True
        is_end = done >= total
        if now >= self._next or (is_end and not self._is_end_told):
            self._next, self._is_end_told = now + NEXT_SECONDS, is_end
            self._tell(f"{what}: {done} of {total}.")


def each(things: Iterable[T], progress: ProgressCallback, what: str) -> Iterator[T]:
    """``things``, one after the other, and ``progress`` knows."""
    all_things = list(things)
    for done, thing in enumerate(all_things):
        progress(what, done, len(all_things))
        yield thing
    progress(what, len(all_things), len(all_things))


@dataclass
class ReindexReport:
    """What there is, what of it had to be restored, and problems in words for a person."""

    batches: int = 0
    images: int = 0
    restored_batches: int = 0
    restored_images: int = 0
    without_folder: int = field(default=0, compare=False)
    """Batches whose pictures are not there at all."""
    problems: list[str] = field(default_factory=list)
    rebuilt: list[str] = field(default_factory=list)
    """Batches that only their pictures told of."""
    was_damaged: bool = field(default=False, compare=False)
    """Whether the database had to be mended."""
    behind: int = field(default=0, compare=False)
    images_behind: int = field(default=0, compare=False)
    """Batches that the log did not know all of, and their images."""

    def __str__(self) -> str:
        images, batches = _some(self.images, "image"), _some(self.batches, "batch", "es")
        told = f"The gallery is rebuilt: {images} in {batches}. "
        if self.restored_batches or self.restored_images:
            images = _some(self.restored_images, "image")
            batches = _some(self.restored_batches, "batch", "es")
            told += (
                f"From the folders came back {images}, and {batches} that the database did not "
                "know. "
            )
        elif self.behind:
            batches = _some(self.behind, "batch", "es")
            told += f"From the folders came back what was not known of {batches}. "
        elif not (self.was_damaged or self.without_folder):
            told += "The database knew all that the folders know. "
        if self.without_folder:
            batches = _some(self.without_folder, "batch", "es")
            have = "it has" if self.without_folder == 1 else "these have"
            told += f"The pictures of {batches} are not there: {have} no folder. "
        told += f"{self.rebuilt_in_words} " if self.rebuilt else ""
        return told + (f"Problems: {len(self.problems)}." if self.problems else "No problems.")

    def after(self, earlier: "ReindexReport") -> "ReindexReport":
        """The same, with what had been restored, and found, before."""
        return replace(
            self,
            restored_batches=self.restored_batches + earlier.restored_batches,
            restored_images=self.restored_images + earlier.restored_images,
            behind=self.behind + earlier.behind,
            was_damaged=self.was_damaged or earlier.was_damaged,
            problems=list(dict.fromkeys((*earlier.problems, *self.problems))),
            rebuilt=list(dict.fromkeys((*earlier.rebuilt, *self.rebuilt))),
        )

    @property
    def rebuilt_in_words(self) -> str:
        """Which batches only their pictures told of; empty if none."""
        if not self.rebuilt:
            return ""
        return later(
            "These batches had no batch.json that can be read, and were rebuilt from their "
            "pictures: {batches}. What the pictures do not tell is unknown: ratings, favourites, "
            "rejections, which batch they came from, and what became of images without a file.",
            batches=", ".join(self.rebuilt),
        )

    @property
    def problems_in_words(self) -> str:
        """How many there are, and the first; empty if none."""
        if not self.problems:
            return ""
        return later(
            "Batch folders with something wrong in them: {count}. The first: {problem}",
            count=len(self.problems),
            problem=self.problems[0],
        )


def _some(count: int, noun: str, ending: str = "s") -> str:
    """In English, for the terminal."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{ending}"


def how_many(batches: int, images: int) -> Message:
    """For people: "1 batch with 3 images"."""
    with_images = counted("with {count} image", "with {count} images", images)
    return joined([counted("{count} batch", "{count} batches", batches), with_images])
