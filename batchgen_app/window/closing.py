"""When the window is to be closed: what has to be asked, and what the answer means."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from batchgen_app.core.state import BatchState
from batchgen_app.services import HERE, Queries, Services, Sharing
from batchgen_app.window import words


class CloseChoice(StrEnum):
    """What a person may answer."""

    BACKGROUND = "background"
    STOP = "stop"
    CANCEL = "cancel"


EVERYWHERE = {"//0.0.0.0:": "//127.0.0.1:", "//[::]:": "//[::1]:"}
"""Where a server listens that listens everywhere, and how this machine opens it."""


@dataclass(frozen=True)
class Served:
    """The app while it is served at ``address``; ``stop`` ends it."""

    services: Services
    sharing: Sharing
    address: str
    stop: Callable[[], None]

    @property
    def queries(self) -> Queries:
        """What the window may ask."""
        return self.services.queries(HERE)

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
        return self.queries.is_busy or self.sharing.is_on


@dataclass(frozen=True)
class Question:
    """A question for the window."""

    title: str
    text: str
    choices: list[tuple[CloseChoice, str]]


def question(served: Served) -> Question:
    """What to ask before the window of an app that is needed is closed."""
    busy, shared = served.queries.is_busy, served.sharing.is_on
    stop = str(words.STOP_AFTER_IMAGE) if busy else str(words.END_FOR_ALL)
    return Question(
        str(words.BATCH_RUNS) if busy else str(words.SHARED),
        " ".join(_facts(served.queries.running, busy=busy, shared=shared)),
        [
            (CloseChoice.BACKGROUND, str(words.KEEP_RUNNING)),
            (CloseChoice.STOP, stop),
            (CloseChoice.CANCEL, str(words.STAY)),
        ],
    )


def _facts(batch: BatchState | None, *, busy: bool, shared: bool) -> list[str]:
    facts = [_progress(batch)] if batch else []
    if shared:
        facts.append(str(words.OTHERS))
    elif busy:
        facts.append(str(words.ENDS_BY_ITSELF))
    return [*facts, str(words.START_AGAIN)]


def _progress(batch: BatchState) -> str:
    if batch.paused and not batch.current_image:
        return str(words.PAUSED)
    return words.being_made(batch.current_image, batch.total_images)
