"""Pictures for stories that are about something else: painting one takes longer than all the rest
that is done with it.
"""

from collections.abc import Callable
from functools import lru_cache, partial

from PIL import Image

from batchgen_app.demo.painting.painter import Easel, Motif

PAINTED = Easel()
SEEDS = 4
"""So many pictures of one prompt differ."""


class Sketchbook(Easel):
    """Has few pictures of each prompt, and paints them once for all stories."""

    def picture(self, motif: Motif, width: int, height: int) -> Image.Image:
        return _picture(_one_of_few(motif), width, height).copy()

    def previews(self, motif: Motif, width: int, height: int) -> Callable[[float], bytes]:
        return partial(_preview, _one_of_few(motif), width, height)


def _one_of_few(motif: Motif) -> Motif:
    return Motif(motif.prompt, motif.seed % SEEDS)


@lru_cache(64)
def _picture(motif: Motif, width: int, height: int) -> Image.Image:
    return PAINTED.picture(motif, width, height)


@lru_cache(256)
def _preview(motif: Motif, width: int, height: int, progress: float) -> bytes:
    return _previews(motif, width, height)(progress)


@lru_cache(64)
def _previews(motif: Motif, width: int, height: int) -> Callable[[float], bytes]:
    return PAINTED.previews(motif, width, height)
