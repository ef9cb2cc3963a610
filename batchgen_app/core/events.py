"""What happened: one small class per event type, in the past tense. It is logged, and the log is
the truth. Those of a batch as a whole are in ``batch_events``, those of one image in
``image_events``; here is what the log may hold of both, and how it is read.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter

from batchgen_app.core.batch_events import (
    BatchCancelled,
    BatchCompleted,
    BatchContinued,
    BatchDeleted,
    BatchEvent,
    BatchFailed,
    BatchFinishRequested,
    BatchInterrupted,
    BatchPaused,
    BatchProved,
    BatchQueued,
    BatchRestored,
    BatchResumed,
    BatchStarted,
    TrashEmptied,
)
from batchgen_app.core.image_events import (
    ImageAdded,
    ImageCancelled,
    ImageCompleted,
    ImageDeleted,
    ImageEdited,
    ImageEvent,
    ImageFailed,
    ImageFavourited,
    ImageLost,
    ImageRated,
    ImageRejected,
    ImageRestored,
    ImageSkipped,
    ImageSubmitted,
    ImageTagged,
    ImageWithdrawn,
)
from batchgen_app.core.wire import JsonObject

__all__ = [
    "BatchCancelled",
    "BatchCompleted",
    "BatchContinued",
    "BatchDeleted",
    "BatchEvent",
    "BatchFailed",
    "BatchFinishRequested",
    "BatchInterrupted",
    "BatchPaused",
    "BatchProved",
    "BatchQueued",
    "BatchRestored",
    "BatchResumed",
    "BatchStarted",
    "Event",
    "ImageAdded",
    "ImageCancelled",
    "ImageCompleted",
    "ImageDeleted",
    "ImageEdited",
    "ImageEvent",
    "ImageFailed",
    "ImageFavourited",
    "ImageLost",
    "ImageRated",
    "ImageRejected",
    "ImageRestored",
    "ImageSkipped",
    "ImageSubmitted",
    "ImageTagged",
    "ImageWithdrawn",
    "Logged",
    "TrashEmptied",
    "read_event",
]

Event: TypeAlias = Annotated[
    BatchQueued
    | BatchStarted
    | ImageSubmitted
    | ImageCompleted
    | ImageFailed
    | ImageCancelled
    | ImageSkipped
    | ImageWithdrawn
    | ImageAdded
    | ImageLost
    | BatchPaused
    | BatchContinued
    | BatchFinishRequested
    | BatchCompleted
    | BatchFailed
    | BatchCancelled
    | BatchInterrupted
    | BatchResumed
    | BatchProved
    | ImageFavourited
    | ImageRated
    | ImageRejected
    | ImageTagged
    | ImageDeleted
    | BatchDeleted
    | ImageRestored
    | BatchRestored
    | TrashEmptied,
    Field(discriminator="type"),
]

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def read_event(data: object) -> Event:
    """An event from its JSON object (or JSON text); raises pydantic.ValidationError."""
    if isinstance(data, str | bytes):
        return _EVENT.validate_json(data)
    return _EVENT.validate_python(data)


@dataclass(frozen=True)
class Logged:
    """An event with its place in the log: 1, 2, 3 …"""

    seq: int
    event: Event

    def to_json(self) -> JsonObject:
        """As ``GET /api/events`` and ``batchgen events`` give it."""
        return {"seq": self.seq, **self.event.to_json()}

    def to_text(self) -> str:
        """The same as one line of JSON."""
        return f'{{"seq":{self.seq},{self.event.model_dump_json(by_alias=True)[1:]}'
