"""What is under way and what came out: the specification's data model.

Names are snake_case here and camelCase on the wire; times are UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, StrictBool, ValidationInfo
from pydantic_core import PydanticCustomError

from batchgen_app.core import media
from batchgen_app.core.image_source import Source
from batchgen_app.core.proof import Proof
from batchgen_app.core.request import AnyRequest, BasedOn, Lora
from batchgen_app.core.tags import Tags
from batchgen_app.core.wire import Rating, Said, Seed, Text, Wire, left_out


class BatchStatus(StrEnum):
    """The overall state that the specification shows to the outside."""

    QUEUED = "queued"
    GENERATING = "generating"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Parameters(Wire):
    """What the images of a batch have in common, as the submitted workflow has it; ``denoise`` is
    there where only a part of a picture is made anew.
    """

    model: str | None = None
    negative_prompt: str | None = None
    steps: int | None = None
    cfg: float | None = None
    width: int | None = None
    height: int | None = None
    sampler_name: str | None = None
    scheduler: str | None = None
    refiner: str | None = left_out()
    guidance: float | None = left_out()
    denoise: float | None = left_out()
    vae: str | None = left_out()
    text_encoders: list[str] | None = left_out()
    loras: list[Lora] | None = left_out()
    hashes: dict[str, str] | None = left_out(
        "Of the model and the LoRAs whose files say theirs, by their names: 12 hexadecimal digits, "
        "as sharing sites know them (AutoV3)"
    )


class Understood(Wire):
    """What was made of a request's workflow when the batch was planned: the inputs that get an
    image's seed (``<node id>.<input>``), each with the largest one that it takes, what of the
    request did not come through as it was asked, and the nodes that give files, the one of the
    image first. Where the prompt varies from image to image, also the inputs that get it and the
    negative one.
    """

    seeds: Mapping[str, int] = Field(default_factory=dict)
    remarks: tuple[Said, ...] = ()
    outputs: tuple[str, ...] = Field(default=(), exclude_if=lambda nodes: not nodes)
    prompts: tuple[str, ...] = Field(default=(), exclude_if=lambda slots: not slots)
    negative_prompts: tuple[str, ...] = Field(default=(), exclude_if=lambda slots: not slots)


class ImagePrompt(Wire):
    """What one image shows, in the words that were chosen for it."""

    prompt: Text
    negative_prompt: Text | None = left_out()


class Imported(Wire):
    """That a batch was not made here: the program that made its pictures, what their files were
    called, in order, and when they were taken in.
    """

    source: Source
    at: datetime
    filenames: list[Text]


class Versions(Wire):
    """Who made a batch: this app and the server."""

    app: str
    server: str | None = None


def _type_of(made: dict[str, Any]) -> str:
    return media.type_of(made["filename"])


class ExtraPicture(Wire):
    """A further picture or file that the prompt of an image made, numbered from 2. Width and height
    are pixels, where they are known; ``animated`` is a picture that moves.
    """

    number: int
    filename: str
    width: int | None = left_out()
    height: int | None = left_out()
    bytes: int
    animated: bool = Field(default=False, exclude_if=lambda moves: not moves)


class ShownExtra(ExtraPicture):
    """The same with its addresses."""

    url: str
    thumbnail_url: str
    media_type: str = Field(default_factory=_type_of)

    @classmethod
    def of(cls, image_url: str, extra: ExtraPicture) -> Self:
        """That of the image at ``image_url``."""
        url = f"{image_url}/extras/{extra.number}"
        return cls(**dict(extra), url=url, thumbnail_url=f"{url}/thumbnail")


class GeneratedImage(Wire):
    """One finished image, which may be a film or whatever a workflow makes; ``bytes`` is the size
    of its file. Width and height are pixels, where they are known; ``animated`` is a picture that
    moves. ``extras`` are what the workflow made beside it; ``remark`` says what of that is not
    here. ``prompt`` and ``negative_prompt`` are there where they are others than its batch's.
    """

    id: str
    batch_id: str
    index: int
    seed: Seed
    url: str
    thumbnail_url: str
    filename: str
    media_type: str = Field(default_factory=_type_of)
    width: int | None = left_out()
    height: int | None = left_out()
    bytes: int
    animated: bool = Field(default=False, exclude_if=lambda moves: not moves)
    favourite: bool = False
    rating: Rating = 0
    rejected: bool = False
    tags: Tags = ()
    created_at: datetime
    extras: tuple[ShownExtra, ...] = ()
    remark: Said = ""
    prompt: str | None = left_out("Where it is another one than that of the batch")
    negative_prompt: str | None = left_out("Likewise")

    @property
    def filenames(self) -> tuple[str, ...]:
        """Of it and its extras."""
        return self.filename, *(extra.filename for extra in self.extras)

    @property
    def all_bytes(self) -> int:
        """Of its file and those of its extras."""
        return self.bytes + sum(extra.bytes for extra in self.extras)


class Marks(Wire):
    """What somebody thinks of an image; what is left out stays as it is. Of what several people
    say, the last word counts for each field.
    """

    favourite: StrictBool | None = None
    rating: Rating | None = None
    rejected: StrictBool | None = None
    tags: Tags | None = Field(default=None, description="All that it has from then on, in order")


EstimateBasis: TypeAlias = Literal["observed", "measured"]
"""What the time that remains rests on: the pace of this run, or that of earlier batches."""


class Activity(Wire):
    """What the server does for an image besides its steps, and the node that does it; none while
    the image is still being sent there.
    """

    phase: Literal["sending", "loading", "encoding", "sampling", "decoding", "saving", "working"]
    node: str

    @property
    def is_sending(self) -> bool:
        """Whether the server has not answered yet."""
        return self.phase == "sending"


class ImageProblem(Wire):
    """Why one image failed, in words."""

    index: int
    message: Said


class BatchProgress(Wire):
    """A batch as it stands; ``current_image`` is the one being made, counted from 1. ``server`` is
    the id of the one that makes the batch, or did; None while it waits for its first turn;
    ``waits_because`` tells for what, where there is more than one.
    ``cancelled_images`` were skipped, or are not wanted any more. ``prompts_ahead`` of others run
    or wait on the server before it; None if there are none. ``ended_because`` tells why, and who
    did it, where it did not run to its end. What remains is None while nobody can know it.
    ``paused`` and ``finishing`` hold from the request on: the image being made is finished, and
    when ``current_image`` is None, nothing is made any more.
    """

    batch_id: str
    server: str | None
    total_images: int
    completed_images: int
    failed_images: list[int]
    cancelled_images: list[int]
    current_image: int | None
    status: BatchStatus
    thumbnails: list[str]
    seeds: list[Seed]
    image_errors: list[ImageProblem]
    estimated_seconds_remaining: float | None
    estimate_basis: EstimateBasis | None
    current_step: int | None
    total_steps: int | None
    activity: Activity | None
    interrupted: bool
    paused: bool
    finishing: bool
    server_trouble: Said | None
    waits_because: Said | None
    prompts_ahead: int | None
    ended_because: Said | None


def _one_for_each_seed(
    prompts: list[ImagePrompt] | None, info: ValidationInfo
) -> list[ImagePrompt] | None:
    """The ``prompts`` of a batch, whose ``seeds`` stand before; raises ValueError."""
    if prompts is not None and len(prompts) != len(info.data.get("seeds", ())):
        raise PydanticCustomError("not_the_plan", "prompts and seeds do not match")
    return prompts


Prompts: TypeAlias = Annotated[list[ImagePrompt] | None, AfterValidator(_one_for_each_seed)]
"""Of all images, in order; None where they all have the batch's."""


class CompletedBatch(Wire):
    """A batch that has ended, whichever way; ``images`` are ids in order. ``prompts`` are those of
    all planned images, where they vary from image to image.
    """

    batch_id: str
    prompt: str
    images: list[str]
    parameters: Parameters
    created_at: datetime
    completed_at: datetime | None
    status: BatchStatus
    interrupted: bool = False
    based_on: BasedOn | None = left_out()
    imported: Imported | None = left_out("Where its pictures came from, if they were not made here")
    request: AnyRequest
    seeds: list[Seed]
    failed_images: list[int]
    image_errors: list[ImageProblem]
    prompts: Prompts = left_out("Of all planned images, where they vary from image to image")
    proof: Proof | None = left_out("Where it was made to prove that a picture comes out again")
