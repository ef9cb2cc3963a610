"""What flows along the links of a graph: names and numbers in place of tensors."""

from dataclasses import dataclass

from PIL.Image import Image

from batchgen_app.demo.painting.motif import Motif

Pictures = tuple[Image, ...]


@dataclass(frozen=True)
class Model:
    """MODEL, and in the same form CLIP and VAE: the file it came from and the LoRAs on it."""

    name: str
    loras: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "+".join((self.name, *self.loras))


@dataclass(frozen=True)
class Conditioning:
    """CONDITIONING: the words of a prompt."""

    text: str = ""


@dataclass(frozen=True)
class Latent:
    """LATENT: a size in pixels, how many pictures, and what they will show once sampled."""

    width: int
    height: int
    batch_size: int = 1
    motif: Motif | None = None


@dataclass(frozen=True)
class Guider:
    """GUIDER of the custom sampling nodes."""

    model: Model
    positive: Conditioning
    negative: Conditioning
    cfg: float


@dataclass(frozen=True)
class Sigmas:
    """SIGMAS: how many steps, and which schedule."""

    steps: int
    scheduler: str
