"""Shapes drawn as polygons: trees, birds, houses, a boat, a lighthouse, a fox.

A Drawing has the canvas's coordinates and twice its resolution, so that edges come out smooth.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw

from batchgen_app.demo.painting.canvas import Canvas, Field

OVERSAMPLING = 2
FUR = (0.84, 0.38, 0.12)

Point = tuple[float, float]


class Drawing:
    """White shapes on black; `mask` gives them to the canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._scale = canvas.unit * OVERSAMPLING
        self._origin = (float(canvas.x[0]), float(canvas.y[0]))
        width, height = canvas.size
        self._image = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
        self._pen = ImageDraw.Draw(self._image)

    def polygon(self, points: Iterable[Point], grey: int = 255) -> None:
        self._pen.polygon([self._place(point) for point in points], fill=grey)

    def stroke(self, points: Sequence[Point], width: float, grey: int = 255) -> None:
        thickness = max(1, round(width * self._scale))
        self._pen.line([self._place(p) for p in points], grey, thickness, joint="curve")

    def disc(self, centre: Point, radius: float, grey: int = 255) -> None:
        x, y = self._place(centre)
        r = radius * self._scale
        self._pen.ellipse((x - r, y - r, x + r, y + r), fill=grey)

    def mask(self) -> Field:
        return self._canvas.mask_of(self._image)

    def _place(self, point: Point) -> Point:
        x, y = point[0] - self._origin[0], point[1] - self._origin[1]
        return x * self._scale, y * self._scale


def conifer(drawing: Drawing, foot: Point, height: float, random: np.random.Generator) -> None:
    """A fir with uneven branches."""
    x, y = foot
    tiers = 9
    reach = height * random.uniform(0.16, 0.24)
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        at = tier / tiers
        level = y - height * (1 - at)
        spread = reach * (0.12 + at) * random.uniform(0.75, 1.15)
        right += [(x + spread * 0.35, level), (x + spread, level + height / tiers * 1.25)]
        left += [(x - spread * 0.35, level), (x - spread, level + height / tiers * 1.25)]
    trunk = height * 0.02
    outline = [(x, y - height * 1.06), *right, (x + trunk, y - height * 0.02), (x + trunk, y)]
    drawing.polygon([*outline, (x - trunk, y), (x - trunk, y - height * 0.02), *reversed(left)])


def leaf_tree(drawing: Drawing, foot: Point, height: float, random: np.random.Generator) -> None:
    """A round tree: a trunk under a cloud of discs."""
    x, y = foot
    lean = random.uniform(-0.08, 0.08) * height
    crown = (x + lean, y - height * 0.68)
    drawing.stroke([foot, (x + lean * 0.5, y - height * 0.4), crown], height * 0.05)
    for _ in range(14):
        turn, far = random.uniform(0, 2 * np.pi), random.uniform(0.05, 0.26) * height
        centre = (crown[0] + np.cos(turn) * far * 1.15, crown[1] + np.sin(turn) * far * 0.9)
        drawing.disc(centre, random.uniform(0.07, 0.15) * height)


def birds(drawing: Drawing, centre: Point, spread: float, random: np.random.Generator) -> None:
    """A flock, each bird two bent strokes."""
    for _ in range(int(random.integers(4, 10))):
        x = centre[0] + random.normal(0, spread)
        y = centre[1] + random.normal(0, spread * 0.4)
        wing = random.uniform(0.006, 0.014)
        lift = wing * random.uniform(0.3, 0.7)
        left, right = (x - wing, y - lift), (x + wing, y - lift)
        drawing.stroke([left, (x - wing * 0.4, y - lift * 0.9), (x, y)], wing * 0.16)
        drawing.stroke([(x, y), (x + wing * 0.4, y - lift * 0.9), right], wing * 0.16)


def sail_boat(drawing: Drawing, keel: Point, size: float) -> None:
    """A boat with two sails, `size` from keel to masthead."""
    x, y = keel
    hull = [(-0.5, -0.14), (0.55, -0.14), (0.36, 0.0), (-0.34, 0.0)]
    main = [(0.02, -1.0), (0.02, -0.2), (0.5, -0.2)]
    jib = [(-0.03, -0.9), (-0.03, -0.2), (-0.42, -0.2)]
    for shape in (hull, main, jib):
        drawing.polygon([(x + px * size, y + py * size) for px, py in shape])


def lighthouse(drawing: Drawing, foot: Point, height: float) -> Point:
    """A tower with gallery and lantern; gives where the light is."""
    x, y = foot
    lower, upper, top = height * 0.085, height * 0.055, y - height * 0.8
    drawing.polygon([(x - lower, y), (x + lower, y), (x + upper, top), (x - upper, top)])
    ledge = upper * 1.5
    drawing.polygon(box(x, top - height * 0.015, ledge, height * 0.03))
    drawing.polygon(box(x, top - height * 0.075, upper * 0.75, height * 0.1))
    roof = top - height * 0.12
    drawing.polygon([(x - upper, roof), (x + upper, roof), (x, roof - height * 0.08)])
    return x, top - height * 0.075


def house(drawing: Drawing, foot: Point, size: float) -> Point:
    """A cottage; gives the middle of its window."""
    x, y = foot
    drawing.polygon(box(x, y - size * 0.3, size * 0.5, size * 0.6))
    eaves = y - size * 0.58
    drawing.polygon([(x - size * 0.62, eaves), (x + size * 0.62, eaves), (x, y - size * 1.05)])
    drawing.polygon(box(x + size * 0.28, y - size * 0.9, size * 0.07, size * 0.36))
    return x - size * 0.14, y - size * 0.32


def box(x: float, y: float, half_width: float, height: float) -> list[Point]:
    """The corners of an upright box around a point."""
    left, right, top, bottom = x - half_width, x + half_width, y - height / 2, y + height / 2
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


FOX = (
    (-1.02, -0.3), (-0.96, -0.46), (-0.82, -0.56), (-0.64, -0.56), (-0.5, -0.5), (-0.4, -0.52),
    (-0.22, -0.58), (0.0, -0.57), (0.2, -0.6), (0.32, -0.7), (0.37, -0.8), (0.38, -1.0),
    (0.47, -0.86), (0.54, -0.86), (0.62, -1.0), (0.64, -0.8), (0.7, -0.71), (0.88, -0.6),
    (0.87, -0.56), (0.7, -0.53), (0.56, -0.5), (0.46, -0.42), (0.42, -0.32), (0.4, -0.16),
    (0.41, -0.03), (0.45, 0.0), (0.34, 0.0), (0.33, -0.16), (0.3, -0.28), (0.27, -0.16),
    (0.27, -0.03), (0.31, 0.0), (0.2, 0.0), (0.19, -0.2), (0.14, -0.3), (-0.04, -0.32),
    (-0.16, -0.3), (-0.17, -0.18), (-0.21, -0.1), (-0.2, -0.03), (-0.16, 0.0), (-0.27, 0.0),
    (-0.28, -0.1), (-0.24, -0.2), (-0.28, -0.26), (-0.32, -0.18), (-0.38, -0.1), (-0.37, -0.03),
    (-0.33, 0.0), (-0.44, 0.0), (-0.45, -0.1), (-0.4, -0.2), (-0.44, -0.34), (-0.52, -0.36),
    (-0.66, -0.3), (-0.84, -0.24), (-0.96, -0.25),
)  # fmt: skip


def fox(drawing: Drawing, foot: Point, size: float, *, to_left: bool) -> None:
    """A fox that stands and looks, its tail stretched out."""
    x, y = foot
    side = -1 if to_left else 1
    drawing.polygon([(x + side * px * size, y + py * size) for px, py in FOX])
