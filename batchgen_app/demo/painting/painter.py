"""Paints the picture of a motif at any size."""

from PIL import Image

from batchgen_app.demo.painting.canvas import SMALLEST_SIDE, Canvas, fit
from batchgen_app.demo.painting.finish import finish, label
from batchgen_app.demo.painting.motif import Motif
from batchgen_app.demo.painting.palette import choose_palette
from batchgen_app.demo.painting.scenes import choose_scene
from batchgen_app.demo.painting.sky import Brief
from batchgen_app.demo.painting.words import said

LARGEST_CANVAS = 1280  # pixels of the longer side; what is larger is enlarged afterwards
SMALLEST_CANVAS = 192  # of the shorter side, so that thin shapes survive in small pictures


def paint(motif: Motif, width: int, height: int) -> Image.Image:
    """The picture of this motif, RGB, exactly width by height pixels."""
    picture = sketch(motif, (width, height), _canvas_size(width, height))
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    label(picture)
    return picture


def sketch(motif: Motif, proportions: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """The same without its label at another size, with all shapes where they will be."""
    words = said(motif)
    palette = choose_palette(words, motif.random("palette"))
    canvas = Canvas(size, proportions)
    paint_scene = choose_scene(words, motif.random("subject"))
    paint_scene(canvas, Brief(palette, words, motif.random("scene")))
    finish(canvas, motif)
    return canvas.image()


def _canvas_size(width: int, height: int) -> tuple[int, int]:
    longest = max(width, height)
    enlarged = longest * max(1.0, SMALLEST_CANVAS / min(width, height))
    return fit(width, height, min(round(enlarged), LARGEST_CANVAS), SMALLEST_SIDE)
