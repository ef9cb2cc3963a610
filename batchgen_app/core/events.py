"""What happened: one small class per event type, in the past tense. It is logged, and the log is
the truth.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from batchgen_app.core.batch import (
    ExtraPicture,
    GeneratedImage,
    ImagePrompt,
    Imported,
    Parameters,
    Prompts,
    ShownExtra,
    Understood,
    Versions,
)
from batchgen_app.core.ids import image_id
from batchgen_app.core.proof import Proof
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.tags import Tags
from batchgen_app.core.wire import Graph, JsonObject, Rating, Said, Seed, Wire, left_out


class BatchEvent(Wire):
    """Base of all logged events; ``at`` is the time it happened, UTC."""

    at: AwareDatetime
    batch_id: str


class ImageEvent(BatchEvent):
    """About one image, counted from 1."""

    index: int


class BatchQueued(BatchEvent):
    """A request was accepted. ``workflow`` is what will be submitted, with the first seed in it.
    ``prompts`` are what each image gets, where that varies from image to image. Of a batch that was
    ``imported``, all events have the times of its pictures.
    """

    type: Literal["batch_queued"] = "batch_queued"
    request: AnyRequest
    seeds: list[Seed]
    workflow: Graph
    parameters: Parameters
    understood: Understood | None = left_out()
    prompts: Prompts = left_out()
    imported: Imported | None = left_out()


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


class ImageSkipped(ImageEvent):
    """The image was passed over while it was made; the batch goes on."""

    type: Literal["image_skipped"] = "image_skipped"
    because: Said


class ImageWithdrawn(ImageEvent):
    """It was taken back from the server before it was begun there; it is still to come."""

    type: Literal["image_withdrawn"] = "image_withdrawn"


class ImageAdded(ImageEvent):
    """One more image is planned, behind all others: in the place of a rejected one. ``prompt`` is
    there where prompts vary from image to image.
    """

    type: Literal["image_added"] = "image_added"
    seed: Seed
    prompt: ImagePrompt | None = left_out()


class ImageLost(ImageEvent):
    """The picture's file is gone or damaged; the image is still to come, as before it was made."""

    type: Literal["image_lost"] = "image_lost"
    message: Said


class BatchPaused(BatchEvent):
    """Nothing more is begun until the batch is continued; the image being made is finished."""

    type: Literal["batch_paused"] = "batch_paused"


class BatchContinued(BatchEvent):
    """The batch goes on after a pause."""

    type: Literal["batch_continued"] = "batch_continued"


class BatchFinishRequested(BatchEvent):
    """Somebody wants the batch to end with the image being made."""

    type: Literal["batch_finish_requested"] = "batch_finish_requested"
    because: Said


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


class BatchProved(BatchEvent):
    """Its picture was compared with the one that it was to come out as, or cannot be."""

    type: Literal["batch_proved"] = "batch_proved"
    proof: Proof


class ImageEdited(ImageEvent):
    """Base of what people do with a finished image: they mark it, delete it, have it back."""


class ImageFavourited(ImageEdited):
    """Somebody marked the image, or took the mark away."""

    type: Literal["image_favourited"] = "image_favourited"
    favourite: bool


class ImageRated(ImageEdited):
    """Somebody gave the image 1 to 5 stars, or took them away (0)."""

    type: Literal["image_rated"] = "image_rated"
    rating: Rating


class ImageRejected(ImageEdited):
    """Somebody does not want the image, or does after all; it stays where it is."""

    type: Literal["image_rejected"] = "image_rejected"
    rejected: bool


class ImageTagged(ImageEdited):
    """Somebody gave the image tags: these, and none besides."""

    type: Literal["image_tagged"] = "image_tagged"
    tags: Tags


class ImageDeleted(ImageEdited):
    """The image went to the trash."""

    type: Literal["image_deleted"] = "image_deleted"


class BatchDeleted(BatchEvent):
    """The batch went to the trash."""

    type: Literal["batch_deleted"] = "batch_deleted"


class ImageRestored(ImageEdited):
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
