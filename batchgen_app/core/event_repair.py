"""A batch's events, some of which were lost, told again so that they can have happened.

Where one is missing, that what follows was possible, the batch's own file has it. What is told
here is not all that the file knows: the rest can be told afterwards, by ``events_between``.
"""

import copy
from collections.abc import Iterable, Iterator

from batchgen_app.core.batch_file import MADE, BatchFile
from batchgen_app.core.batch_file_events import events_of
from batchgen_app.core.errors import LifecycleError
from batchgen_app.core.events import (
    BatchInterrupted,
    BatchQueued,
    BatchResumed,
    Event,
    ImageCompleted,
    ImageEdited,
    ImageEvent,
)
from batchgen_app.core.state import BatchState


def is_possible(events: Iterable[Event]) -> bool:
    """Whether nothing is missing that must have happened among the events of a batch."""
    repair = EventRepair(None)
    return all(repair.tell(event) == [event] for event in events)


class EventRepair:
    """Of one batch, with its own file where that can be read."""

    def __init__(self, file: BatchFile | None) -> None:
        self._known = events_of(file) if file else []
        self._batch: BatchState | None = None

    def tell(self, event: Event) -> list[Event]:
        """``event`` behind what must have happened before it; nothing if it cannot have."""
        for before in self._bridges(event):
            if after := self._after([*before, event]):
                self._batch = after
                return [*before, event]
        return []

    def _bridges(self, event: Event) -> Iterator[list[Event]]:
        """What may have been lost just before ``event``, the least first."""
        yield []
        beginning = self._known[:1] if self._batch is None else []
        yield beginning
        wanting = [known for known in self._known[1:] if self._lacks(known)]
        yield from ([*beginning, known] for known in wanting)
        yield [known for known in wanting if isinstance(known, ImageEvent)]
        yield from self._ways_to_resume(event)

    def _lacks(self, known: Event) -> bool:
        if not isinstance(known, ImageEvent) or self._batch is None:
            return True
        # A further image whose planning was lost is told with all that the file knows of it.
        is_planned = known.index <= self._batch.total_images
        return is_planned and self._batch.image(known.index).status not in MADE

    def _ways_to_resume(self, event: Event) -> Iterator[list[Event]]:
        if self._batch is None:
            return
        stamp = {"at": event.at, "batch_id": event.batch_id}
        interrupted = BatchInterrupted(because="", **stamp)
        yield [interrupted]
        missing = [image.index for image in self._batch.missing]
        resumed: list[Event] = [BatchResumed(missing=missing, **stamp)]
        for started in ([], [known for known in self._known if known.type == "batch_started"]):
            yield [*resumed, *started]
            yield [interrupted, *resumed, *started]

    def _after(self, events: Iterable[Event]) -> BatchState | None:
        """The batch to which these have happened as well, if they can."""
        # A shallow copy is enough: apply() replaces what it changes.
        batch = copy.copy(self._batch)
        try:
            for event in events:
                batch = _happened(batch, event)
        except LifecycleError:
            return None
        return batch


def _happened(batch: BatchState | None, event: Event) -> BatchState:
    if batch is None:
        return _begun(event)
    if isinstance(event, BatchQueued) or not _fits(batch, event):
        raise LifecycleError(f"{event.type} is not possible here")
    batch.apply(event)
    return batch


def _begun(event: Event) -> BatchState:
    if not isinstance(event, BatchQueued):
        raise LifecycleError(f"A batch begins with batch_queued, not with {event.type}")
    return BatchState.queued(event)


def _fits(batch: BatchState, event: Event) -> bool:
    """A picture has the seed that was planned for it, and there is one before it is marked or
    moved.
    """
    if not isinstance(event, ImageEvent) or not 1 <= event.index <= batch.total_images:
        return True
    image = batch.image(event.index)
    if isinstance(event, ImageCompleted):
        return image.seed == event.seed
    return not isinstance(event, ImageEdited) or bool(image.picture or image.in_trash)
