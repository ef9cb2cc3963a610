"""The picture while it is painted: floating point colours, and coordinates that keep circles round.
The shorter side measures 1; x grows to the right, y downwards.

And what covers it: smooth random fields, which are coarse grids of random numbers, interpolated
with cubic B-splines.
"""

from copy import copy
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from batchgen_app.demo.painting.palette import Colour

Field: TypeAlias = NDArray[np.float32]
LARGEST_GRID = 400  # cells along one side; finer noise would not be seen and would cost
Colours = NDArray[np.float32]
SMALLEST_SIDE = 16  # pixels; below that a gradient has nothing to work on


def field(
    random: np.random.Generator, rows: Field, columns: Field, octaves: int = 4, gain: float = 0.5
) -> Field:
    """Noise at rows x columns, given as 1-D positions in cells; about -1 to 1.

    Each octave is twice as fine and `gain` times as strong. Positions need not be regular: rows
    that crowd together give perspective.
    """
    total = np.zeros((rows.size, columns.size), np.float32)
    weight, norm = 1.0, 0.0
    for octave in range(octaves):
        scale = np.float32(2.0**octave)
        total += np.float32(weight) * _layer(random, rows * scale, columns * scale)
        norm += weight
        weight *= gain
    total /= np.float32(norm)
    return total


def line(random: np.random.Generator, columns: Field, octaves: int = 5, gain: float = 0.5) -> Field:
    """The same in one dimension."""
    height: Field = field(random, np.zeros(1, np.float32), columns, octaves, gain)[0]
    return height


def ridges(
    random: np.random.Generator, columns: Field, octaves: int = 6, gain: float = 0.55
) -> Field:
    """A line with sharp peaks, about 0 to 1: folded noise, added up."""
    total = np.zeros(columns.size, np.float32)
    weight, norm = 1.0, 0.0
    for octave in range(octaves):
        wave = _layer(random, np.zeros(1, np.float32), columns * np.float32(2.0**octave))[0]
        folded = 1 - np.abs(wave)
        total += np.float32(weight) * folded**2
        norm += weight
        weight *= gain
    total /= np.float32(norm)
    return total


def _layer(random: np.random.Generator, rows: Field, columns: Field) -> Field:
    own = random.spawn(1)[0]  # so that the size of a picture does not change what follows
    if not rows.size * columns.size:
        return np.zeros((rows.size, columns.size), np.float32)
    down, across = _Spline(rows), _Spline(columns)
    grid = own.uniform(-1.6, 1.6, (down.points, across.points)).astype(np.float32)
    return down.interpolate(across.interpolate(grid.T).T)


class _Spline:
    """Positions in cells of a grid, ready to interpolate along its first axis."""

    def __init__(self, positions: Field) -> None:
        start = positions - positions.min()
        span = float(start.max()) * (1 + 1 / max(1, start.size - 1))
        shrink = min(1.0, LARGEST_GRID / max(span, 1e-6))
        places = start * np.float32(shrink)
        self._cells = np.floor(places).astype(np.intp)
        t = (places - self._cells).astype(np.float32)
        self._weights = (
            (1 - t) ** 3 / 6,
            (3 * t**3 - 6 * t**2 + 4) / 6,
            (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
            t**3 / 6,
        )
        cells = round(span * shrink + 0.499)  # the same at every resolution
        self.points = max(cells, int(self._cells.max())) + 4

    def interpolate(self, grid: Field) -> Field:
        """A row for each position, mixed from the four nearest rows of the grid."""
        grid = np.ascontiguousarray(grid)
        mixed: Field = np.zeros((self._cells.size, grid.shape[1]), np.float32)
        for offset, weight in enumerate(self._weights):
            mixed += grid[self._cells + offset] * weight[:, None]
        return mixed


def smoothstep(low: float, high: float, values: Field) -> Field:
    """0 below low, 1 above high, smooth between; low may be the larger one."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    result: Field = t * t * (3 - 2 * t)
    return result


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
