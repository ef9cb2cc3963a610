"""FoundImage: a picture that was searched for, with how it was made."""

from typing import Self

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.request import Lora
from batchgen_app.core.wire import JsonObject, left_out


class FoundImage(GeneratedImage):
    """One that was searched for, with what it shows and how it was made: always its own ``prompt``,
    and what its batch has in common, as far as that is known.
    """

    model: str | None = left_out()
    steps: int | None = left_out()
    cfg: float | None = left_out()
    sampler_name: str | None = left_out()
    scheduler: str | None = left_out()
    refiner: str | None = left_out()
    guidance: float | None = left_out()
    denoise: float | None = left_out()
    loras: list[Lora] | None = left_out()

    @classmethod
    def of(cls, image: JsonObject, batch: JsonObject) -> Self:
        """From the JSON of an image and of its batch; raises ValidationError, a ValueError."""
        made = batch["parameters"]
        common = {name: made.get(name) for name in _MADE_WITH}
        words = {"prompt": batch["prompt"], "negativePrompt": made.get("negativePrompt")}
        return cls.model_validate({**words, **common, **image})


_MADE_WITH = (
    *("model", "steps", "cfg", "samplerName", "scheduler", "refiner", "guidance", "denoise"),
    "loras",
)
