"""What is asked, what is under way and what came out: the specification's data model.

Names are snake_case here and camelCase on the wire; times are UTC. Limits and their messages
stand in ``limits.py``.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from batchgen_app.core import media, seeds
from batchgen_app.core.limits import MISSING
from batchgen_app.core.wire import (
    BatchCount,
    Cfg,
    Graph,
    LoraStrength,
    Name,
    Prompt,
    Rating,
    Said,
    Seed,
    SeedOrRandom,
    Share,
    Side,
    Steps,
    Strength,
    Text,
    Wire,
)

Family: TypeAlias = Literal[
    "sd15", "sdxl", "sd3", "flux", "flux2", "chroma", "qwen-image", "z-image", "hidream"
]
"""Models that are sampled alike (``workflows/families.py``)."""


class SeedMode(StrEnum):
    """How the images of a batch get their seeds."""

    RANDOM = "random"
    INCREMENTAL = "incremental"


class BatchStatus(StrEnum):
    """The overall state that the specification shows to the outside."""

    QUEUED = "queued"
    GENERATING = "generating"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BaseParameters(Wire):
    """What may be adjusted; what is not given stays as the workflow has it."""

    steps: Steps | None = None
    cfg: Cfg | None = None
    width: Side | None = None
    height: Side | None = None
    sampler_name: Name | None = None
    scheduler: Name | None = None


Adjusted = Annotated[
    BaseParameters,
    # The second argument is what the API's description says that it may be.
    BeforeValidator(lambda given: {} if given is None else given, BaseParameters | None),
]
"""Null is as good as nothing."""


def _left_out() -> Any:
    """A field that is not there where nobody has set it."""
    return Field(default=None, exclude_if=lambda value: value is None)


class Lora(Wire):
    """A LoRA and how strongly it changes the model; a negative strength turns it round."""

    name: Name
    strength: LoraStrength = 1.0


class BatchRequest(Wire):
    """Everything that can influence the images of a batch; what is not here cannot.

    ``roles`` corrects what was understood of the workflow, and ``inputs`` sets others of its
    inputs: both by ``<node id>.<input>``. With ``prompt_as_is`` it runs although the prompt or the
    seed has no place in it.
    """

    prompt: Prompt
    negative_prompt: Text | None = None
    batch_count: BatchCount
    seed_mode: SeedMode
    base_seed: SeedOrRandom | None = None
    workflow: Graph | None = None
    workflow_id: Name | None = _left_out()
    model: Name | None = Field(default=None, validate_default=True)
    base_parameters: Adjusted = BaseParameters()
    family: Family | None = _left_out()
    guidance: Strength | None = _left_out()
    denoise: Share | None = _left_out()
    vae: Name | None = _left_out()
    text_encoders: list[Name] | None = _left_out()
    input_images: dict[Text, Name] | None = _left_out()
    loras: list[Lora] | None = _left_out()
    roles: dict[str, list[Text]] | None = _left_out()
    inputs: dict[Text, Text | int | float | bool] | None = _left_out()
    prompt_as_is: bool | None = _left_out()

    # Fields are validated in the order in which they stand: what stands above is in info.data by
    # then, unless it was at fault itself.
    @field_validator("base_seed")
    @classmethod
    def _leaves_room(cls, base: int | None, info: ValidationInfo) -> int | None:
        counts = info.data.get("seed_mode") is SeedMode.INCREMENTAL and base != -1
        if counts and base is not None and not seeds.fits(base, info.data.get("batch_count", 1)):
            raise PydanticCustomError("past_the_end", "leaves no room for all seeds")
        return base

    @field_validator("workflow_id")
    @classmethod
    def _only_one(cls, named: str | None, info: ValidationInfo) -> str | None:
        if named is not None and info.data.get("workflow") is not None:
            raise PydanticCustomError("two_workflows", "is given beside a workflow")
        return named

    @field_validator("model")
    @classmethod
    def _chosen(cls, model: str | None, info: ValidationInfo) -> str | None:
        # A workflow that is at fault is not in data: a missing model is no second fault then.
        named = info.data.get("workflow_id", "at fault")
        if model is None and named is None and info.data.get("workflow", "at fault") is None:
            raise PydanticCustomError(MISSING, "is missing")
        return model

    @property
    def _fixed_base(self) -> int | None:
        """The base seed where it counts: incremental, and not "pick one" (-1)."""
        counts = self.seed_mode is SeedMode.INCREMENTAL and self.base_seed != -1
        return self.base_seed if counts else None

    def plan_seeds(self, rng: random.Random, avoid: Sequence[int] = ()) -> tuple[int, ...]:
        """One seed per image; random ones are not in ``avoid``. An incremental plan without a base
        picks one that fits.
        """
        if self.seed_mode is SeedMode.RANDOM:
            return seeds.random_seeds(self.batch_count, rng, avoid)
        base = self._fixed_base
        if base is None:
            base = rng.randint(0, seeds.MAX_SEED - self.batch_count + 1)
        return seeds.incremental_seeds(base, self.batch_count)

    def after(self, used: tuple[int, ...]) -> Self:
        """The request for a batch like this with other seeds: new random ones, or the next ones
        after ``used``; raises InvalidRequest where none are left.
        """
        if self.seed_mode is SeedMode.RANDOM:
            return self
        return self.parse({**self.to_json(), "baseSeed": used[-1] + 1})


class SingleImageRequest(BatchRequest):
    """One image through the same flow; asked for on the page only."""

    batch_count: Literal[1] = 1


AnyRequest: TypeAlias = BatchRequest | SingleImageRequest
"""What a batch may have been asked for with."""


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
    width: int | None = _left_out()
    height: int | None = _left_out()
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
    width: int | None = _left_out()
    height: int | None = _left_out()
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
