"""Dunes: long crests, one side in the light, one in the shade."""

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas
from batchgen_app.demo.painting.noise import Field, field, line, smoothstep
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.silhouettes import Drawing, birds
from batchgen_app.demo.painting.sky import Brief, Light, paint_sky

LAYERS = 6


def dunes(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    horizon = canvas.tall * brief.random.uniform(0.45, 0.58)
    light = paint_sky(canvas, brief, horizon)
    canvas.blend(
        brief.palette.far,
        np.ones((canvas.size[1] - canvas.row(horizon), canvas.size[0]), np.float32),
        canvas.row(horizon),
    )
    for layer in range(LAYERS):
        _dune(canvas, brief, light, horizon, layer / (LAYERS - 1))
    flock = Drawing(canvas)
    birds(flock, (canvas.wide * 0.5, horizon * 0.6), 0.1, brief.random)
    canvas.blend(brief.palette.near, flock.mask() * np.float32(0.6))


def _dune(canvas: Canvas, brief: Brief, light: Light, horizon: float, near: float) -> None:
    random, palette = brief.random, brief.palette
    wave = line(random, canvas.x * np.float32(random.uniform(0.7, 1.5)), 2, 0.35)
    base = horizon + (canvas.tall - horizon) * near**1.25 * 0.85
    heights: Field = (np.float32(base) - wave * np.float32(0.05 + 0.13 * near)).astype(np.float32)
    mask, top = canvas.below(heights)
    depth = np.clip(canvas.y[top:, None] - heights[None, :], 0, None)
    sand = mix(mix(palette.horizon, palette.far, 0.35 + 0.65 * near), palette.light, 0.12)
    canvas.blend(sand, mask, top)
    _sides(canvas, brief, light, depth, mask, top, near)
    ripple = field(random, canvas.y[top:] * 60, canvas.x * np.float32(7), octaves=2)
    canvas.blend(palette.near, mask * np.clip(ripple * np.float32(0.22 * near), 0, 1), top)


def _sides(
    canvas: Canvas,
    brief: Brief,
    light: Light,
    depth: Field,
    mask: Field,
    top: int,
    near: float,
) -> None:
    """A lee side: the crest wanders away from its line and leaves a shadow beneath."""
    random, palette = brief.random, brief.palette
    bend = line(random, canvas.x * np.float32(2.2), 3)
    reach = np.clip(bend * np.float32(0.3) * np.float32(0.3 + near), 0, None)[None, :]
    slant = field(random, canvas.y[top:] * 3, canvas.x * np.float32(2), octaves=2)
    lee = smoothstep(0.012, -0.012, depth - reach - slant * np.float32(0.03)) * (reach > 0)
    canvas.blend(mix(palette.near, palette.far, 0.35), mask * lee * np.float32(0.78), top)
    rim = np.exp(-depth / np.float32(0.006 + 0.01 * near))
    canvas.blend(palette.light, mask * rim * np.float32(0.55), top)
    shine = np.exp(-np.abs(canvas.x - np.float32(light.x)) / np.float32(0.6))[None, :]
    canvas.blend(palette.light, mask * (1 - lee) * shine * np.float32(0.22), top)
    fall = np.clip(depth * np.float32(1.3), 0, 0.5)
    canvas.blend(mix(palette.near, palette.far, 0.4), mask * fall, top)
