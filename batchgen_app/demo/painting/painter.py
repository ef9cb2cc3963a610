"""Paints the picture of a motif at any size, and its previews.

A motif is what a picture is to show: everything that may influence it, and its own random numbers.
After it is painted, a picture gets the model's manner, grain and the label.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from batchgen_app.demo.painting.canvas import SMALLEST_SIDE, Canvas, Field, between, field, fit
from batchgen_app.demo.painting.palette import choose_palette
from batchgen_app.demo.painting.scenes import choose_scene
from batchgen_app.demo.painting.sky import Brief

LARGEST_CANVAS = 1280  # pixels of the longer side; what is larger is enlarged afterwards
SMALLEST_CANVAS = 192  # of the shorter side, so that thin shapes survive in small pictures
LABEL = "demo"
PAPER = (0.96, 0.94, 0.88)
BLACK_INK = (0.09, 0.09, 0.13)
PREVIEW_SIZE = 512
SKETCH_SIZE = 256


@dataclass(frozen=True)
class Motif:
    """The request behind one picture. Equal motifs are painted equal, bit by bit."""

    prompt: str
    seed: int
    negative: str = ""
    steps: int = 20
    cfg: float = 7.0
    sampler_name: str = "euler"
    scheduler: str = "normal"
    model: str = ""

    def in_batch(self, position: int) -> "Motif":
        """The motif of the picture at this position (from 0) of a latent batch."""
        return replace(self, seed=self.seed + position * 7919) if position else self

    def random(self, purpose: str) -> np.random.Generator:
        """A generator that depends on prompt, seed and purpose only."""
        text = f"{self.prompt}\x00{self.seed}\x00{purpose}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        return np.random.default_rng(int.from_bytes(digest[:16]))


def said(motif: Motif) -> frozenset[str]:
    """The words of the prompt without those of the negative prompt, plurals also in singular."""
    return _words(motif.prompt) - _words(motif.negative)


def _words(text: str) -> frozenset[str]:
    found = set(re.findall(r"[a-z]+", text.lower()))
    return frozenset(found | {word.removesuffix("s") for word in found if len(word) > 3})


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


class Easel:
    """Where an engine has its pictures made: each is painted when it is asked for."""

    def picture(self, motif: Motif, width: int, height: int) -> Image.Image:
        """The finished one, RGB, exactly width by height pixels."""
        return paint(motif, width, height)

    def previews(self, motif: Motif, width: int, height: int) -> Callable[[float], bytes]:
        """What shows it at a progress between 0 and 1: a JPEG."""
        return Preview(motif, width, height).frame
