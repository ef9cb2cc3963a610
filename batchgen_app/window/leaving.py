"""When the window is to be closed: what has to be asked, and what the answer means."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from batchgen_app.access.lan import Lan
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.workshop import Workshop
from batchgen_app.window import words


class Choice(StrEnum):
    """What a person may answer."""

    BACKGROUND = "background"
    STOP = "stop"
    CANCEL = "cancel"


EVERYWHERE = {"//0.0.0.0:": "//127.0.0.1:", "//[::]:": "//[::1]:"}
"""Where a server listens that listens everywhere, and how this machine opens it."""


@dataclass(frozen=True)
class Served:
    """The app while it is served at ``address``; ``stop`` ends it."""

    workshop: Workshop
    address: str
    stop: Callable[[], None]
    lan: Lan

    @property
    def page(self) -> str:
        """What a window on this machine opens."""
        address = self.address
        for everywhere, here in EVERYWHERE.items():
            address = address.replace(everywhere, here)
        return address

    @property
    def is_needed(self) -> bool:
        """Whether something would be lost or taken from somebody if the app ended now."""
        return self.workshop.queue.is_busy or self.lan.is_open


@dataclass(frozen=True)
class Question:
    """A question for the window."""

    title: str
    text: str
    choices: list[tuple[Choice, str]]


def question(served: Served) -> Question:
    """What to ask before the window of an app that is needed is closed."""
    busy, shared = served.workshop.queue.is_busy, served.lan.is_open
    stop = words.STOP_AFTER_IMAGE if busy else words.END_FOR_ALL
    return Question(
        words.BATCH_RUNS if busy else words.SHARED,
        " ".join(_facts(served.workshop.queue, busy=busy, shared=shared)),
        [
            (Choice.BACKGROUND, words.KEEP_RUNNING),
            (Choice.STOP, stop),
            (Choice.CANCEL, words.STAY),
        ],
    )


def _facts(queue: BatchQueue, *, busy: bool, shared: bool) -> list[str]:
    batch = queue.running
    facts = [words.being_made(batch.current_image, batch.total_images)] if batch else []
    if shared:
        facts.append(words.OTHERS)
    elif busy:
        facts.append(words.ENDS_BY_ITSELF)
    return [*facts, words.START_AGAIN]
