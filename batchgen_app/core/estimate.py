"""How long it will take: count times the average of what was measured (FUN-BATCH-GEN-025)."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from batchgen_app.core.batch import Parameters

DEFAULT_STEPS = 20
DEFAULT_SIDE = 1024
DEFAULT_SECONDS_PER_STEP = 0.5
"""One step at 1024 x 1024 on a middling graphics card, before anything was measured."""


@dataclass(frozen=True)
class ImageTime:
    """Expected seconds per image, and what that rests on."""

    seconds: float
    basis: Literal["measured", "default"]

    @property
    def known(self) -> float | None:
        """The seconds, unless they are only a guess."""
        return self.seconds if self.basis == "measured" else None

    def of(self, count: int) -> float:
        """Seconds for ``count`` images."""
        return self.seconds * count


def expect(measured: Sequence[float], parameters: Parameters) -> ImageTime:
    """From seconds measured for images of this kind (model, size, steps), else a default."""
    if measured:
        return ImageTime(fmean(measured), "measured")
    return ImageTime(_default(parameters), "default")


def _default(parameters: Parameters) -> float:
    steps = parameters.steps or DEFAULT_STEPS
    pixels = (parameters.width or DEFAULT_SIDE) * (parameters.height or DEFAULT_SIDE)
    return steps * DEFAULT_SECONDS_PER_STEP * pixels / DEFAULT_SIDE**2
