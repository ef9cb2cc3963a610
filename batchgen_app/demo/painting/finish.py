"""What happens to a picture after it is painted: the model's manner, grain, and the label."""

import hashlib

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from batchgen_app.demo.painting.canvas import Canvas, between
from batchgen_app.demo.painting.motif import Motif
from batchgen_app.demo.painting.noise import Field, field

LABEL = "demo"
PAPER = (0.96, 0.94, 0.88)
BLACK_INK = (0.09, 0.09, 0.13)


def finish(canvas: Canvas, motif: Motif) -> None:
    """Gives the canvas the manner of the motif's model, and what cfg and steps do to it."""
    random = motif.random("finish")
    manner = int(hashlib.sha256(motif.model.encode()).digest()[0]) % 3
    if "ink" in motif.model:
        _ink(canvas)
    elif manner == 0:
        _brush(canvas, random)
    elif manner == 1:
        _bloom(canvas, 0.35)
    _grade(canvas, motif)
    _grain(canvas, motif, random)


def _brush(canvas: Canvas, random: np.random.Generator) -> None:
    """Moves pixels along short strokes, as a brush drags paint."""
    width, height = canvas.size
    drag = field(random, canvas.y * 90, canvas.x * np.float32(60), octaves=2)
    turn = field(random, canvas.y * 2, canvas.x * np.float32(2), octaves=2) * np.float32(3)
    reach = np.float32(0.0035 * canvas.unit)
    rows = np.arange(height)[:, None] + (np.sin(turn) * drag * reach).astype(np.intp)
    columns = np.arange(width)[None, :] + (np.cos(turn) * drag * reach).astype(np.intp)
    canvas.pixels = canvas.pixels[:, rows.clip(0, height - 1), columns.clip(0, width - 1)]


def _bloom(canvas: Canvas, strength: float) -> None:
    """Light that spills over from the bright parts."""
    small = canvas.image().reduce(4) if canvas.unit >= 64 else canvas.image()
    soft = small.filter(ImageFilter.GaussianBlur(max(1, small.width // 40)))
    spread = np.asarray(soft.resize(canvas.size, Image.Resampling.BILINEAR), np.float32) / 255
    spill = np.moveaxis(spread * spread, -1, 0) * np.float32(strength)
    canvas.pixels += spill * (1 - canvas.pixels)


def _ink(canvas: Canvas) -> None:
    """Greys on warm paper, the darks drawn together."""
    red, green, blue = canvas.pixels
    grey = red * np.float32(0.3) + green * np.float32(0.59) + blue * np.float32(0.11)
    tone = np.clip((grey - np.float32(0.1)) * np.float32(1.25), 0, 1)
    inked = between(BLACK_INK, PAPER, tone)
    canvas.blend(inked, np.full_like(grey, 0.88))


def _grade(canvas: Canvas, motif: Motif) -> None:
    """More cfg, more contrast; and darker corners."""
    contrast = np.float32(np.clip(1 + (motif.cfg - 7) * 0.012, 0.88, 1.2))
    x = (canvas.x / np.float32(canvas.wide) - np.float32(0.5)) ** 2
    y = (canvas.y / np.float32(canvas.tall) - np.float32(0.5)) ** 2
    corners = 1 - np.float32(0.55) * (x[None, :] + y[:, None])
    canvas.pixels -= np.float32(0.5)
    canvas.pixels *= contrast
    canvas.pixels += np.float32(0.5)
    canvas.pixels *= corners


def _grain(canvas: Canvas, motif: Motif, random: np.random.Generator) -> None:
    """Canvas texture; few steps leave more noise."""
    width, height = canvas.size
    rough = 0.011 + 0.05 * float(np.exp(-motif.steps / 5))
    tile: Field = random.normal(0, rough, (256, 256)).astype(np.float32)
    times = (-(-height // 256), -(-width // 256))
    canvas.pixels += np.tile(tile, times)[:height, :width]


def label(picture: Image.Image) -> None:
    """Writes "demo" small into the lower right corner."""
    width, height = picture.size
    size = max(8, min(width, height) // 40)
    font = ImageFont.load_default(size)
    pen = ImageDraw.Draw(picture, "RGBA")
    margin = max(2, size // 2)
    place = (width - margin, height - margin)
    pen.text((place[0] + 1, place[1] + 1), LABEL, (0, 0, 0, 120), font, anchor="rs")
    pen.text(place, LABEL, (255, 255, 255, 190), font, anchor="rs")
