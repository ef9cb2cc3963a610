"""Abstract: ribbons of colour that follow a current."""

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas
from batchgen_app.demo.painting.noise import Field, field, smoothstep
from batchgen_app.demo.painting.silhouettes import Drawing
from batchgen_app.demo.painting.sky import Brief

STEPS = 34


def flow(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    palette = brief.palette
    canvas.gradient(
        (0, palette.zenith), (canvas.tall * 0.6, palette.sky), (canvas.tall, palette.near)
    )
    _marble(canvas, brief)
    angles = _currents(canvas, brief)
    inks = (palette.near, palette.far, palette.horizon, palette.accent, palette.light)
    for depth, ink in enumerate(inks):
        drawing = Drawing(canvas)
        _ribbons(canvas, brief, drawing, angles, thickness=0.02 / (1 + depth * 0.9))
        canvas.blend(ink, drawing.mask() * np.float32(0.88))


def _marble(canvas: Canvas, brief: Brief) -> None:
    """Washes of colour that run into each other."""
    random, palette = brief.random, brief.palette
    for colour, share in ((palette.far, 0.8), (palette.horizon, 0.65), (palette.near, 0.6)):
        wash = field(random, canvas.y * 2, canvas.x * np.float32(2), octaves=4, gain=0.42)
        canvas.blend(colour, smoothstep(0.0, 0.75, wash) * np.float32(share))


def _currents(canvas: Canvas, brief: Brief) -> Field:
    """The direction of the current on a coarse grid over the canvas."""
    rows = np.linspace(0, canvas.tall * 1.4, 96, dtype=np.float32)
    columns = np.linspace(0, canvas.wide * 1.4, 96, dtype=np.float32)
    swirl = field(brief.random, rows, columns, octaves=3, gain=0.45)
    angles: Field = (swirl * np.float32(2.6 * np.pi)).astype(np.float32)
    return angles


def _ribbons(
    canvas: Canvas, brief: Brief, drawing: Drawing, angles: Field, thickness: float
) -> None:
    random = brief.random
    number = int(90 * canvas.wide * canvas.tall)
    x = random.uniform(-0.1, canvas.wide + 0.1, number)
    y = random.uniform(-0.1, canvas.tall + 0.1, number)
    paths = np.empty((STEPS, 2, number))
    for step in range(STEPS):
        paths[step] = x, y
        at_row = np.clip(y / canvas.tall * 95, 0, 95).astype(np.intp)
        at_column = np.clip(x / canvas.wide * 95, 0, 95).astype(np.intp)
        direction = angles[at_row, at_column]
        x, y = x + np.cos(direction) * 0.014, y + np.sin(direction) * 0.014
    for ribbon in range(number):
        width = thickness * random.uniform(0.3, 1.0)
        points = [(float(px), float(py)) for px, py in paths[:, :, ribbon]]
        drawing.stroke(points, width, int(random.integers(120, 256)))
