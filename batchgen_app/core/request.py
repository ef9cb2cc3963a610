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
from batchgen_app.core.limits import (
    MAX_BATCH_COUNT,
    MAX_LONG_PROMPT_LENGTH,
    MAX_PROMPT_LENGTH,
    MAX_STYLES,
    MISSING,
    PROMPT_LIMIT,
)
from batchgen_app.core.wire import (
    BatchCount,
    Cfg,
    Graph,
    Keep,
    LoraStrength,
    Name,
    Prompt,
    Seed,
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


How: TypeAlias = Literal["regenerated", "changed", "picture", "proved"]


class BasedOn(Wire):
    """Which batch another one came from, and how: made again with other seeds, with something
    changed, from one of its pictures; or to prove that its ``image`` comes out again.
    """

    batch_id: Name
    how: How
    image: Annotated[int, Field(strict=True, ge=1, le=MAX_BATCH_COUNT)] | None = left_out(
        "Which one is proved"
    )


class BatchRequest(Wire):
    """Everything that can influence the images of a batch; what is not here cannot.

    ``input_images`` are ids of pictures to start from, by ``<node id>.<input>``; a built-in
    workflow takes one as ``picture.image``, and changes 0.6 of it unless ``denoise`` says
    otherwise. ``roles`` corrects what was understood of the workflow, and ``inputs`` sets others
    of its inputs, both likewise. With ``prompt_as_is`` it runs although the prompt or the seed has
    no place in it. With ``dynamic_prompt``, the words of the prompt and of the negative one are
    chosen anew for each image (``core/dynamic_prompt``). ``styles`` are names: what is accepted has
    their words instead, and gets none of them once more when it is used again. With ``seeds``, the
    images have just these, and ``seed_mode`` says how others are found when it is made again.
    """

    prompt: Prompt
    negative_prompt: Text | None = None
    batch_count: BatchCount
    seed_mode: SeedMode
    keep: Keep | None = left_out(
        "How many pictures to keep: as long as fewer are left of those that were not rejected "
        "while the batch runs, a further image is made with the next seed, up to 20 in all"
    )
    base_seed: SeedOrRandom | None = None
    seeds: list[Seed] | None = left_out(
        "One for each image, in their order; instead of a base seed. batchCount says as many"
    )
    workflow: Graph | None = None
    workflow_id: Name | None = left_out()
    workflow_key: Name | None = left_out(
        "Of the stored workflow that the graph is from: the key in its file, which tells it from "
        "others with the same graph"
    )
    model: Name | None = Field(default=None, validate_default=True)
    base_parameters: Adjusted = BaseParameters()
    family: Family | None = left_out()
    guidance: Strength | None = left_out()
    denoise: Share | None = left_out()
    vae: Name | None = left_out()
    text_encoders: list[Name] | None = left_out()
    input_images: dict[Text, Name] | None = left_out()
    refiner: Name | None = left_out()
    loras: list[Lora] | None = left_out()
    styles: Annotated[list[Name], Field(max_length=MAX_STYLES)] | None = left_out()
    roles: dict[str, list[Text]] | None = left_out()
    inputs: dict[Text, Text | int | float | bool] | None = left_out()
    prompt_as_is: bool | None = left_out()
    based_on: BasedOn | None = left_out()
    server: Name | None = left_out("The id of the server that is to make it; otherwise any may")
    dynamic_prompt: bool | None = left_out(
        "Choices such as {red|blue}, {2$$a|b|c} and __wildcards__ in the prompt and the negative "
        "prompt are made anew for each image, by its seed; lines that begin with # are comments"
    )

    @classmethod
    def parse(cls, data: object, *, prompt_limit: int = MAX_PROMPT_LENGTH) -> Self:
        """From JSON data; raises InvalidRequest with a message per field, also for a prompt of more
        than ``prompt_limit`` characters.
        """
        return cls.parse_in({PROMPT_LIMIT: prompt_limit}, data)

    @field_validator("prompt")
    @classmethod
    def _not_too_long(cls, prompt: str, info: ValidationInfo) -> str:
        most = (info.context or {}).get(PROMPT_LIMIT, MAX_LONG_PROMPT_LENGTH)
        if len(prompt) > most:
            raise PydanticCustomError("too_long", "is too long", {"max_length": most})
        return prompt

    # Fields are validated in the order in which they stand: what stands above is in info.data by
    # then, unless it was at fault itself.
    @field_validator("base_seed")
    @classmethod
    def _leaves_room(cls, base: int | None, info: ValidationInfo) -> int | None:
        counts = info.data.get("seed_mode") is SeedMode.INCREMENTAL and base != -1
        if counts and base is not None and not seeds.fits(base, info.data.get("batch_count", 1)):
            raise PydanticCustomError("past_the_end", "leaves no room for all seeds")
        return base

    @field_validator("seeds")
    @classmethod
    def _one_each(cls, given: list[int] | None, info: ValidationInfo) -> list[int] | None:
        if given is None:
            return None
        if info.data.get("batch_count", len(given)) != len(given):
            raise PydanticCustomError("not_one_each", "are not one for each image")
        if len(set(given)) < len(given):
            raise PydanticCustomError("twice", "names one twice")
        counts = info.data.get("seed_mode") is SeedMode.INCREMENTAL
        if counts and info.data.get("base_seed") is not None:
            raise PydanticCustomError("two_plans", "are given beside a base seed")
        return given

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
        if self.seeds is not None:
            return tuple(self.seeds)
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
        rolled = self.model_copy(update={"seeds": None})
        if self.seed_mode is SeedMode.RANDOM:
            return rolled
        return self.parse_in({}, {**rolled.to_json(), "baseSeed": max(used) + 1})

    def with_seeds(self, given: Sequence[int]) -> "AnyRequest":
        """The request for a batch like this with just these seeds; raises InvalidRequest. How many
        to ``keep`` was said of the whole batch, and what it proves, of its graph.
        """
        asked = {**self.to_json(), "baseSeed": None, "seeds": list(given), "batchCount": len(given)}
        asked.pop("keep", None)
        if self.based_on and self.based_on.how == "proved":
            del asked["basedOn"]
        return (BatchRequest if len(given) > 1 else SingleImageRequest).parse_in({}, asked)


class SingleImageRequest(BatchRequest):
    """One image through the same flow; asked for on the page only."""

    batch_count: Literal[1] = 1


AnyRequest: TypeAlias = BatchRequest | SingleImageRequest
"""What a batch may have been asked for with."""
