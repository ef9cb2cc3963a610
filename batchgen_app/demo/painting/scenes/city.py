"""A town at the water: skylines one behind the other, lit windows, reflections."""

from itertools import product
from typing import NamedTuple

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas
from batchgen_app.demo.painting.noise import field
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.scenes.sea import water
from batchgen_app.demo.painting.silhouettes import Drawing, box
from batchgen_app.demo.painting.sky import Brief, paint_mist, paint_sky

ROWS = 3


def city(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    shore = canvas.tall * brief.random.uniform(0.68, 0.78)
    light = paint_sky(canvas, brief, shore)
    for row in range(ROWS):
        _skyline(canvas, brief, shore, row / (ROWS - 1))
    water(canvas, brief, light, shore)


def _skyline(canvas: Canvas, brief: Brief, shore: float, near: float) -> None:
    random, palette = brief.random, brief.palette
    walls, windows = Drawing(canvas), Drawing(canvas)
    x = -0.05
    while x < canvas.wide:
        width = random.uniform(0.035, 0.095) * (0.8 + near * 0.5)
        centre = 1 - abs(x / canvas.wide - 0.5)
        tall = random.uniform(0.1, 0.5) * centre**1.5 * (1.1 - near * 0.45) * min(1.3, canvas.tall)
        _building(walls, windows, Plot(x, shore, width, tall), random)
        x += width * random.uniform(0.8, 1.25)
    body = walls.mask()
    canvas.blend(mix(mix(palette.horizon, palette.far, 0.75), palette.near, near), body)
    lamps = windows.mask() * body * np.float32(0.95 if palette.dark else 0.45)
    canvas.blend(mix(palette.accent, palette.light, 0.35), lamps * np.float32(0.4 + 0.6 * near))
    haze = 0.4 * (1 - near) + 0.05
    paint_mist(canvas, brief, level=shore, thickness=0.07, colour=palette.horizon, strength=haze)
    _shading(canvas, brief, body, near)


def _shading(canvas: Canvas, brief: Brief, body: np.ndarray, near: float) -> None:
    texture = field(brief.random, canvas.y * 3, canvas.x * np.float32(26), octaves=3)
    canvas.blend(brief.palette.light, body * np.clip(texture, 0, 1) * np.float32(0.12 * (1 - near)))


class Plot(NamedTuple):
    """Where a building stands, how wide and how tall it is."""

    left: float
    foot: float
    width: float
    tall: float


def _building(walls: Drawing, windows: Drawing, plot: Plot, random: np.random.Generator) -> None:
    left, foot, width, tall = plot
    roof, middle = foot - tall, left + width / 2
    walls.polygon(box(middle, foot - tall / 2, width / 2, tall))
    shape = random.random()
    if shape < 0.25:
        walls.polygon([(left, roof), (left + width, roof), (middle, roof - width * 0.7)])
    elif shape < 0.5:
        walls.stroke([(middle, roof), (middle, roof - tall * 0.22)], width * 0.06)
    elif shape < 0.65:
        walls.polygon(box(middle, roof - width * 0.2, width * 0.3, width * 0.4))
    _windows(windows, plot, random)


def _windows(windows: Drawing, plot: Plot, random: np.random.Generator) -> None:
    """A grid of windows, some of them lit, each with a brightness of its own."""
    columns, pitch = max(2, int(plot.width / 0.014)), 0.017
    step = plot.width / columns
    alive = random.uniform(0.15, 0.6)
    for floor, column in product(range(int(plot.tall / pitch) - 1), range(columns)):
        if random.random() < alive:
            x = plot.left + (column + 0.5) * step
            y = plot.foot - plot.tall + (floor + 0.8) * pitch
            windows.polygon(box(x, y, step * 0.25, pitch * 0.5), int(random.integers(90, 256)))
