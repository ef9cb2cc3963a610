"""What is under way and what came out: the specification's data model.

Names are snake_case here and camelCase on the wire; times are UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Self, TypeAlias

from pydantic import Field

from batchgen_app.core import media
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.wire import (
    Rating,
    Said,
    Seed,
    Wire,
    left_out,
)


class BatchStatus(StrEnum):
    """The overall state that the specification shows to the outside."""

    QUEUED = "queued"
    GENERATING = "generating"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Parameters(Wire):
    """What the images of a batch have in common, as the submitted workflow has it."""

    model: str | None = None
    negative_prompt: str | None = None
    steps: int | None = None
    cfg: float | None = None
    width: int | None = None
    height: int | None = None
    sampler_name: str | None = None
    scheduler: str | None = None


class Understood(Wire):
    """What was made of a request's workflow when the batch was planned: the inputs that get an
    image's seed (``<node id>.<input>``), each with the largest one that it takes, what of the
    request did not come through as it was asked, and the nodes that give files, the one of the
    image first.
    """

    seeds: Mapping[str, int] = Field(default_factory=dict)
    remarks: tuple[Said, ...] = ()
    outputs: tuple[str, ...] = Field(default=(), exclude_if=lambda nodes: not nodes)


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
    here.
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
    created_at: datetime
    extras: tuple[ShownExtra, ...] = ()
    remark: Said = ""

    @property
    def filenames(self) -> tuple[str, ...]:
        """Of it and its extras."""
        return self.filename, *(extra.filename for extra in self.extras)

    @property
    def all_bytes(self) -> int:
        """Of its file and those of its extras."""
        return self.bytes + sum(extra.bytes for extra in self.extras)


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
    """A batch as it stands; ``current_image`` is the one being made, counted from 1.
    ``prompts_ahead`` of others run or wait on the server before it; None if there are none.
    ``ended_because`` tells why, and who did it, where it did not run to its end. What remains is
    None while nobody can know it.
    """

    batch_id: str
    total_images: int
    completed_images: int
    failed_images: list[int]
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
    server_trouble: Said | None
    prompts_ahead: int | None
    ended_because: Said | None


class CompletedBatch(Wire):
    """A batch that has ended, whichever way; ``images`` are ids in order."""

    batch_id: str
    prompt: str
    images: list[str]
    parameters: Parameters
    created_at: datetime
    completed_at: datetime | None
    status: BatchStatus
    interrupted: bool = False
    request: AnyRequest
    seeds: list[Seed]
    failed_images: list[int]
    image_errors: list[ImageProblem]
