"""The picture while it is painted: floating point colours, and coordinates that keep circles round.

The shorter side measures 1; x grows to the right, y downwards.
"""

from copy import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from batchgen_app.demo.painting.noise import Field
from batchgen_app.demo.painting.palette import Colour

Colours = NDArray[np.float32]


SMALLEST_SIDE = 16  # pixels; below that a gradient has nothing to work on


def fit(width: int, height: int, longest: int, shortest: int = 1) -> tuple[int, int]:
    """Width and height scaled so that the longer side is `longest`, neither under `shortest`."""
    scale = longest / max(width, height)
    return max(shortest, round(width * scale)), max(shortest, round(height * scale))


class Canvas:
    """Colours from 0 to 1 in an array of shape (3, height, width): one plane for each channel."""

    def __init__(self, size: tuple[int, int], proportions: tuple[int, int]) -> None:
        """`size` in pixels; `proportions` are those of the final picture, which size is near to."""
        width, height = size
        self.unit = min(size)
        self.wide, self.tall = (side / min(proportions) for side in proportions)
        self.pixels: Colours = np.zeros((3, height, width), np.float32)
        self.x: Field = _centres(width, self.wide)
        self.y: Field = _centres(height, self.tall)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.x.size, self.y.size

    def row(self, y: float) -> int:
        """The pixel row at y, kept on the canvas."""
        return _index(self.y, y)

    def part(self, x: float, y: float, reach: float) -> "Canvas":
        """The square around a point, as a canvas that shares this one's paint and coordinates."""
        top = min(self.row(y - reach), self.y.size - 1)
        left = min(_index(self.x, x - reach), self.x.size - 1)
        rows = slice(top, max(self.row(y + reach), top + 1))
        columns = slice(left, max(_index(self.x, x + reach), left + 1))
        piece = copy(self)
        piece.pixels = self.pixels[:, rows, columns]
        piece.x, piece.y = self.x[columns], self.y[rows]
        return piece

    def gradient(
        self, *stops: tuple[float, Colour], top: int = 0, bottom: int | None = None
    ) -> None:
        """Fills rows top to bottom with colours that run through (y, colour) stops."""
        heights = self.y[top:bottom]
        places = [stop[0] for stop in stops]
        for channel in range(3):
            shades = np.interp(heights, places, [stop[1][channel] for stop in stops])
            self.pixels[channel, top:bottom] = shades[:, None]

    def blend(self, colour: Colour | Colours, mask: Field, top: int = 0) -> None:
        """Lays a colour, or planes of the mask's size, over the rows from `top` on."""
        for channel in range(3):
            plane = self.pixels[channel, top : top + mask.shape[0]]
            change = np.subtract(colour[channel], plane, dtype=np.float32)
            change *= mask
            plane += change

    def add(self, colour: Colour, strength: Field, top: int = 0) -> None:
        """Adds light of a colour."""
        for channel in range(3):
            plane = self.pixels[channel, top : top + strength.shape[0]]
            plane += strength * np.float32(colour[channel])

    def distance(self, x: float, y: float, stretch: float = 1.0) -> Field:
        """How far each pixel is from a point; `stretch` > 1 makes it a wide ellipse."""
        across = (self.x - np.float32(x)) / np.float32(stretch)
        down = self.y - np.float32(y)
        result: Field = np.sqrt(across[None, :] ** 2 + down[:, None] ** 2)
        return result

    def below(self, heights: Field, softness: float = 0.0) -> "Ground":
        """What lies under a line of heights, one for each column."""
        top = self.row(float(heights.min()) - softness - 2 / self.unit)
        edge = max(softness, 1 / self.unit)
        depth = self.y[top:, None] - heights[None, :]
        mask = np.clip(depth / np.float32(edge) + np.float32(0.5), 0, 1)
        return Ground(heights, depth, mask, top)

    def mask_of(self, drawing: Image.Image) -> Field:
        """A drawing in grey as a mask of the canvas's size."""
        fitted = drawing.resize(self.size, Image.Resampling.BOX)
        return np.asarray(fitted, np.float32) / np.float32(255)

    def image(self) -> Image.Image:
        planes = (np.clip(self.pixels, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)
        return Image.merge("RGB", [Image.fromarray(plane) for plane in planes])


class Ground(NamedTuple):
    """Hills, waves or rock: the rows from `top` on, with the depth below the line of heights."""

    heights: Field
    depth: Field
    mask: Field
    top: int


def _index(centres: Field, place: float) -> int:
    """How many pixels lie before a place."""
    return int(np.searchsorted(centres, place))


def _centres(pixels: int, length: float) -> Field:
    """Where the middles of so many pixels are on a side of this length."""
    centres: Field = ((np.arange(pixels) + 0.5) * (length / pixels)).astype(np.float32)
    return centres


def between(dark: Colour, bright: Colour, share: Field) -> Colours:
    """Planes that run from one colour to the other with `share`."""
    planes = [np.float32(d) + share * np.float32(b - d) for d, b in zip(dark, bright, strict=True)]
    return np.stack(planes)
