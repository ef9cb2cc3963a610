"""What happened: one small class per event type, in the past tense.

A ``BatchEvent`` is logged, and the log is the truth. A ``Passing`` event (step progress, a
preview, server trouble) is shown and forgotten.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from batchgen_app.core.batch import (
    Activity,
    ExtraPicture,
    GeneratedImage,
    Parameters,
    ShownExtra,
    Understood,
    Versions,
)
from batchgen_app.core.ids import image_id
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.wire import Graph, JsonObject, Rating, Said, Seed, Wire, left_out


class BatchEvent(Wire):
    """Base of all logged events; ``at`` is the time it happened, UTC."""

    at: AwareDatetime
    batch_id: str


class ImageEvent(BatchEvent):
    """About one image, counted from 1."""

    index: int


class BatchQueued(BatchEvent):
    """A request was accepted. ``workflow`` is what will be submitted, with the first seed in it."""

    type: Literal["batch_queued"] = "batch_queued"
    request: AnyRequest
    seeds: list[Seed]
    workflow: Graph
    parameters: Parameters
    understood: Understood | None = left_out()


class BatchStarted(BatchEvent):
    """The runner took the batch up."""

    type: Literal["batch_started"] = "batch_started"
    versions: Versions


class ImageSubmitted(ImageEvent):
    """About to be sent to the server: logged before the request leaves."""

    type: Literal["image_submitted"] = "image_submitted"
    prompt_id: str
    seed: Seed


class ImageCompleted(ImageEvent):
    """The picture, or whatever file it is, is on disk, whole, and so are its ``extras``; ``remark``
    says what of those could not be had. ``seconds`` is the server's time to make it: if it told,
    and did not recall it.
    """

    type: Literal["image_completed"] = "image_completed"
    seed: Seed
    filename: str
    width: int | None = Field(default=None, exclude_if=lambda side: side is None)
    height: int | None = Field(default=None, exclude_if=lambda side: side is None)
    bytes: int
    animated: bool = Field(default=False, exclude_if=lambda moves: not moves)
    sha256: str
    seconds: float | None = None
    extras: tuple[ExtraPicture, ...] = ()
    remark: Said = ""

    def picture(self) -> GeneratedImage:
        """The image as the outside sees it, not yet marked or rated."""
        identity = image_id(self.batch_id, self.index)
        url = f"/api/images/{identity}"
        return GeneratedImage(
            id=identity,
            batch_id=self.batch_id,
            index=self.index,
            seed=self.seed,
            url=url,
            thumbnail_url=f"{url}/thumbnail",
            filename=self.filename,
            width=self.width,
            height=self.height,
            bytes=self.bytes,
            animated=self.animated,
            created_at=self.at,
            extras=tuple(ShownExtra.of(url, extra) for extra in self.extras),
            remark=self.remark,
        )


class ImageFailed(ImageEvent):
    """The image could not be made; the batch goes on."""

    type: Literal["image_failed"] = "image_failed"
    message: Said
    details: JsonObject | None = None


class ImageCancelled(ImageEvent):
    """The image will not be made, because the batch was cancelled."""

    type: Literal["image_cancelled"] = "image_cancelled"


class ImageLost(ImageEvent):
    """The picture's file is gone or damaged; the image is still to come, as before it was made."""

    type: Literal["image_lost"] = "image_lost"
    message: Said


class BatchCompleted(BatchEvent):
    """Every image was tried, at least one was made."""

    type: Literal["batch_completed"] = "batch_completed"


class BatchFailed(BatchEvent):
    """Every image was tried, none was made."""

    type: Literal["batch_failed"] = "batch_failed"
    message: Said


class BatchCancelled(BatchEvent):
    """Somebody stopped the batch."""

    type: Literal["batch_cancelled"] = "batch_cancelled"
    because: Said


class BatchInterrupted(BatchEvent):
    """The app stopped in the middle, by accident or by a fault of this machine."""

    type: Literal["batch_interrupted"] = "batch_interrupted"
    because: Said


class BatchResumed(BatchEvent):
    """What is missing is being made after all, with the planned seeds."""

    type: Literal["batch_resumed"] = "batch_resumed"
    missing: list[int]


class ImageFavourited(ImageEvent):
    """Somebody marked the image, or took the mark away."""

    type: Literal["image_favourited"] = "image_favourited"
    favourite: bool


class ImageRated(ImageEvent):
    """Somebody gave the image 1 to 5 stars, or took them away (0)."""

    type: Literal["image_rated"] = "image_rated"
    rating: Rating


class ImageDeleted(ImageEvent):
    """The image went to the trash."""

    type: Literal["image_deleted"] = "image_deleted"


class BatchDeleted(BatchEvent):
    """The batch went to the trash."""

    type: Literal["batch_deleted"] = "batch_deleted"


class ImageRestored(ImageEvent):
    """The image came back from the trash."""

    type: Literal["image_restored"] = "image_restored"


class BatchRestored(BatchEvent):
    """The batch came back from the trash."""

    type: Literal["batch_restored"] = "batch_restored"


class TrashEmptied(BatchEvent):
    """What the trash held of this batch is gone for good: the batch itself if it was deleted, else
    its deleted images. They stay deleted.
    """

    type: Literal["trash_emptied"] = "trash_emptied"


Event: TypeAlias = Annotated[
    BatchQueued
    | BatchStarted
    | ImageSubmitted
    | ImageCompleted
    | ImageFailed
    | ImageCancelled
    | ImageLost
    | BatchCompleted
    | BatchFailed
    | BatchCancelled
    | BatchInterrupted
    | BatchResumed
    | ImageFavourited
    | ImageRated
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


@dataclass(frozen=True)
class Passing:
    """Shown and forgotten; never logged. ``at`` is in seconds of a steady clock of this run."""

    batch_id: str
    at: float = field(default=0.0, kw_only=True)


@dataclass(frozen=True)
class StepDone(Passing):
    """The server finished sampling step ``step`` of ``steps`` of image ``index``."""

    index: int
    step: int
    steps: int


@dataclass(frozen=True)
class TimePassed(Passing):
    """Nothing else happened; what takes longer than it should is noticed by this."""


@dataclass(frozen=True)
class NodeBegun(Passing):
    """The server has come to a node of image ``index``; or it is being sent there, or was: None."""

    index: int
    activity: Activity | None


@dataclass(frozen=True)
class PlaceChanged(Passing):
    """``ahead`` prompts of others run or wait on the server before image ``index``; None once it
    has begun.
    """

    index: int
    ahead: int | None


@dataclass(frozen=True)
class PreviewArrived(Passing):
    """A frame of image ``index`` while it is sampled; JPEG or PNG bytes."""

    index: int
    picture: bytes
    content_type: str


@dataclass(frozen=True)
class ServerTroubled(Passing):
    """The server does not answer (``message``), or does so again (None)."""

    message: Said | None
