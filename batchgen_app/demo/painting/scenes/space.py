"""Deep space: nebulae, stars, a planet with or without a ring."""

from dataclasses import replace

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas, between
from batchgen_app.demo.painting.noise import Field, field, line, smoothstep
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.sky import Brief, paint_stars

BLACK = (0.01, 0.01, 0.03)


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
