"""Paints the picture of a motif at any size."""

import numpy as np
from PIL import Image

from batchgen_app.demo.painting.motif import Motif


def paint(motif: Motif, width: int, height: int) -> Image.Image:
    """The picture of this motif, RGB, exactly width by height pixels."""
    random = motif.random("first light")
    top, bottom = random.uniform(0, 255, 3), random.uniform(0, 255, 3)
    mix = np.linspace(0, 1, height)[:, None, None]
    rows = (top * (1 - mix) + bottom * mix).astype(np.uint8)
    return Image.fromarray(np.broadcast_to(rows, (height, width, 3)).copy())
