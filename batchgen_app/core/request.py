"""What is asked: a request, and everything in it that can influence the images. Limits and their
messages stand in ``limits.py``.
"""

import random
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from batchgen_app.core import seeds
from batchgen_app.core.limits import MISSING
from batchgen_app.core.wire import (
    BatchCount,
    Cfg,
    Graph,
    LoraStrength,
    Name,
    Prompt,
    SeedOrRandom,
    Share,
    Side,
    Steps,
    Strength,
    Text,
    Wire,
    left_out,
)

Family: TypeAlias = Literal[
    "sd15", "sdxl", "sd3", "flux", "flux2", "chroma", "qwen-image", "z-image", "hidream"
]
"""Models that are sampled alike (``workflows/families.py``)."""


class SeedMode(StrEnum):
    """How the images of a batch get their seeds."""

    RANDOM = "random"
    INCREMENTAL = "incremental"


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
    workflow_id: Name | None = left_out()
    model: Name | None = Field(default=None, validate_default=True)
    base_parameters: Adjusted = BaseParameters()
    family: Family | None = left_out()
    guidance: Strength | None = left_out()
    denoise: Share | None = left_out()
    vae: Name | None = left_out()
    text_encoders: list[Name] | None = left_out()
    input_images: dict[Text, Name] | None = left_out()
    loras: list[Lora] | None = left_out()
    roles: dict[str, list[Text]] | None = left_out()
    inputs: dict[Text, Text | int | float | bool] | None = left_out()
    prompt_as_is: bool | None = left_out()

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
