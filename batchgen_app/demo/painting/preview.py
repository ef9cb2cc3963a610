"""What a sampler would show of an unfinished picture: JPEG frames that resolve step by step."""

from functools import cached_property
from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter

from batchgen_app.demo.painting.canvas import SMALLEST_SIDE, fit
from batchgen_app.demo.painting.motif import Motif
from batchgen_app.demo.painting.painter import sketch

PREVIEW_SIZE = 512
SKETCH_SIZE = 256


class Preview:
    """The frames of one sampling run; the longer side is 512, as PROTOCOL.md, section 4, says."""

    def __init__(self, motif: Motif, width: int, height: int) -> None:
        self._motif = motif
        self._size = (width, height)

    @cached_property
    def _sketch(self) -> Image.Image:
        return sketch(self._motif, self._size, fit(*self._size, SKETCH_SIZE, SMALLEST_SIDE))

    @cached_property
    def _noise(self) -> np.ndarray[tuple[int, int, int], np.dtype[np.float32]]:
        width, height = fit(*self._size, SKETCH_SIZE // 2, SMALLEST_SIDE)
        noise = self._motif.random("noise").normal(128, 62, (height, width, 3))
        return np.asarray(noise, dtype=np.float32)

    def frame(self, progress: float) -> bytes:
        """A JPEG of the picture at this progress (0 is pure noise, 1 is the picture)."""
        hidden = (1 - progress) ** 1.4
        blurred = self._sketch.filter(ImageFilter.GaussianBlur(hidden * SKETCH_SIZE / 14))
        picture = self._veiled(blurred, hidden)
        encoded = BytesIO()
        picture.resize(fit(*self._size, PREVIEW_SIZE), Image.Resampling.BICUBIC).save(
            encoded, "JPEG", quality=90
        )
        return encoded.getvalue()

    def _veiled(self, picture: Image.Image, hidden: float) -> Image.Image:
        if hidden == 0:
            return picture
        noise = np.clip(self._noise, 0, 255).astype(np.uint8)
        veil = Image.fromarray(noise).resize(picture.size, Image.Resampling.BICUBIC)
        return Image.blend(picture, veil, hidden)
