"""A town at the water: skylines one behind the other, lit windows, reflections."""

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas
from batchgen_app.demo.painting.noise import field
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.scenes.sea import water
from batchgen_app.demo.painting.silhouettes import Drawing
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
        _building(walls, windows, (x, shore), width, tall, random)
        x += width * random.uniform(0.8, 1.25)
    body = walls.mask()
    canvas.blend(mix(mix(palette.horizon, palette.far, 0.75), palette.near, near), body)
    lamps = windows.mask() * body * np.float32(0.95 if palette.dark else 0.45)
    canvas.blend(mix(palette.accent, palette.light, 0.35), lamps * np.float32(0.4 + 0.6 * near))
    paint_mist(canvas, brief, shore, 0.07, palette.horizon, 0.4 * (1 - near) + 0.05)
    _shading(canvas, brief, body, near)


def _shading(canvas: Canvas, brief: Brief, body: np.ndarray, near: float) -> None:
    texture = field(brief.random, canvas.y * 3, canvas.x * np.float32(26), octaves=3)
    canvas.blend(brief.palette.light, body * np.clip(texture, 0, 1) * np.float32(0.12 * (1 - near)))


def _building(
    walls: Drawing,
    windows: Drawing,
    corner: tuple[float, float],
    width: float,
    tall: float,
    random: np.random.Generator,
) -> None:
    left, foot = corner
    roof, right = foot - tall, left + width
    walls.polygon([(left, foot), (left, roof), (right, roof), (right, foot)])
    middle = left + width / 2
    shape = random.random()
    if shape < 0.25:
        walls.polygon([(left, roof), (right, roof), (middle, roof - width * 0.7)])
    elif shape < 0.5:
        walls.stroke([(middle, roof), (middle, roof - tall * 0.22)], width * 0.06)
    elif shape < 0.65:
        walls.polygon(
            [
                (left + width * 0.2, roof),
                (left + width * 0.2, roof - width * 0.4),
                (right - width * 0.2, roof - width * 0.4),
                (right - width * 0.2, roof),
            ]
        )
    _windows(windows, (left, roof), width, tall, random)


def _windows(
    windows: Drawing,
    corner: tuple[float, float],
    width: float,
    tall: float,
    random: np.random.Generator,
) -> None:
    across, pitch = max(2, int(width / 0.014)), 0.017
    step = width / across
    alive = random.uniform(0.15, 0.6)
    for floor in range(int(tall / pitch) - 1):
        for place in range(across):
            if random.random() < alive:
                x = corner[0] + (place + 0.25) * step
                y = corner[1] + (floor + 0.55) * pitch
                grey = int(random.integers(90, 256))
                half, high = step * 0.5, pitch * 0.5
                windows.polygon([(x, y), (x + half, y), (x + half, y + high), (x, y + high)], grey)
