"""No ground at all: deep space, with nebulae, stars, a planet with or without a ring; and the
abstract, ribbons of colour that follow a current.
"""

from dataclasses import replace

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas, Field, between, field, line, smoothstep
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.silhouettes import Drawing
from batchgen_app.demo.painting.sky import Brief, paint_stars

BLACK = (0.01, 0.01, 0.03)
STEPS = 34


def space(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene, in a hue of its own for each seed."""
    hue = float(brief.random.uniform(0, 1))
    brief = replace(brief, palette=brief.palette.shifted(hue, 1.1))
    canvas.gradient((0, BLACK), (canvas.tall, mix(BLACK, brief.palette.zenith, 0.35)))
    _nebula(canvas, brief)
    paint_stars(canvas, brief, canvas.tall, density=2.2)
    for _ in range(int(brief.random.integers(1, 3))):
        _planet(canvas, brief)


def _nebula(canvas: Canvas, brief: Brief) -> None:
    random, palette = brief.random, brief.palette
    detail = field(random, canvas.y * 5, canvas.x * np.float32(5), octaves=5, gain=0.6)
    for colour, share in ((palette.sky, 0.9), (palette.horizon, 0.55), (palette.accent, 0.5)):
        veil = field(random, canvas.y * 2, canvas.x * np.float32(2), octaves=4, gain=0.56)
        cloud = smoothstep(-0.2, 0.55, veil + detail * np.float32(0.3))
        canvas.blend(colour, cloud * cloud * np.float32(share))
    dust = field(random, canvas.y * 3, canvas.x * np.float32(3), octaves=6, gain=0.6)
    canvas.blend(BLACK, smoothstep(0.12, 0.5, dust) * np.float32(0.75))


def _planet(canvas: Canvas, brief: Brief) -> None:
    random = brief.random
    x, y = canvas.wide * random.uniform(0.2, 0.8), canvas.tall * random.uniform(0.25, 0.75)
    radius = random.uniform(0.08, 0.3)
    ringed, tilt = random.random() < 0.45, random.uniform(-0.5, 0.5)
    canvas = canvas.part(x, y, radius * 2.3)
    if ringed:
        _ring(canvas, brief, (x, y), radius, tilt, behind=True)
    _globe(canvas, brief, (x, y), radius, tilt)
    if ringed:
        _ring(canvas, brief, (x, y), radius, tilt, behind=False)


def _globe(
    canvas: Canvas, brief: Brief, centre: tuple[float, float], radius: float, tilt: float
) -> None:
    """A banded sphere, lit from the upper left, with a rim of air."""
    palette = brief.palette
    across = (canvas.x[None, :] - np.float32(centre[0])) / np.float32(radius)
    down = (canvas.y[:, None] - np.float32(centre[1])) / np.float32(radius)
    inside = np.clip(1 - across**2 - down**2, 0, 1)
    towards = across * np.float32(-0.6) - down * np.float32(0.45)
    lit = np.clip(towards + np.sqrt(inside) * np.float32(0.75), 0, 1)
    surface = _surface(canvas, brief, down + across * np.float32(tilt), across)
    base, bright = mix(palette.far, palette.accent, 0.75), mix(palette.light, palette.sky, 0.45)
    colours = between(base, bright, surface) * (np.float32(0.05) + np.float32(0.95) * lit)
    canvas.blend(colours, smoothstep(0.0, 4.0 / (canvas.unit * radius), inside))
    rim = np.exp(-np.abs(np.sqrt(across**2 + down**2) - 1) * 14) * np.clip(-across - down, 0, 1)
    canvas.add(palette.horizon, (rim * np.float32(0.35)).astype(np.float32))


def _surface(canvas: Canvas, brief: Brief, along: Field, across: Field) -> Field:
    """Bands of a gas planet, stirred."""
    bands = line(brief.random, np.linspace(0, 14, 512, dtype=np.float32), 3)
    stir = field(brief.random, canvas.y * 9, canvas.x * np.float32(9), octaves=5, gain=0.6)
    bulge = along * (1 + np.float32(0.12) * across**2) + stir * np.float32(0.09)
    at = np.clip((bulge + 1.2) / 2.4 * 511, 0, 511).astype(np.intp)
    result: Field = np.clip(0.5 + bands[at] * 0.8, 0, 1).astype(np.float32)
    return result


def _ring(
    canvas: Canvas,
    brief: Brief,
    centre: tuple[float, float],
    radius: float,
    tilt: float,
    *,
    behind: bool,
) -> None:
    across = canvas.x[None, :] - np.float32(centre[0])
    down = canvas.y[:, None] - np.float32(centre[1])
    along = across * np.float32(np.cos(tilt)) + down * np.float32(np.sin(tilt))
    up = (down * np.float32(np.cos(tilt)) - across * np.float32(np.sin(tilt))) * np.float32(3.6)
    distance: Field = (np.sqrt(along**2 + up**2) / np.float32(radius)).astype(np.float32)
    band = smoothstep(1.25, 1.35, distance) * smoothstep(2.15, 2.0, distance)
    grooves = np.float32(0.62) + np.float32(0.38) * np.sin(distance * 46) * np.sin(distance * 17)
    half = up <= 0 if behind else up > 0
    canvas.blend(brief.palette.light, (band * grooves * half * np.float32(0.6)).astype(np.float32))


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
