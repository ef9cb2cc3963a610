"""Dunes: long crests, one side in the light, one in the shade."""

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas, Ground
from batchgen_app.demo.painting.noise import Field, field, line, ridges
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.silhouettes import Drawing, birds
from batchgen_app.demo.painting.sky import Brief, Light, paint_sky

LAYERS = 6


def dunes(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    horizon = canvas.tall * brief.random.uniform(0.42, 0.56)
    light = paint_sky(canvas, brief, horizon)
    palette = brief.palette
    start = canvas.row(horizon)
    canvas.gradient(
        (horizon, mix(palette.horizon, palette.far, 0.25)), (canvas.tall, palette.far), top=start
    )
    for layer in range(LAYERS):
        _dune(canvas, brief, light, horizon, layer / (LAYERS - 1))
    flock = Drawing(canvas)
    birds(flock, (canvas.wide * 0.5, horizon * 0.6), 0.1, brief.random)
    canvas.blend(palette.near, flock.mask() * np.float32(0.6))


def _dune(canvas: Canvas, brief: Brief, light: Light, horizon: float, near: float) -> None:
    random, palette = brief.random, brief.palette
    wave = ridges(random, canvas.x * np.float32(random.uniform(0.5, 1.1)), 2, 0.3)
    wave = wave + line(random, canvas.x * np.float32(1.1), 2, 0.3) * np.float32(0.6)
    base = horizon + (canvas.tall - horizon) * (0.1 + near**1.2 * 0.95)
    swing = 0.09 + 0.2 * near
    heights: Field = (np.float32(base) - (wave - wave.min()) * np.float32(swing)).astype(np.float32)
    dune = canvas.below(heights)
    sand = mix(mix(palette.horizon, palette.far, 0.4 + 0.6 * near), palette.light, 0.16)
    canvas.blend(sand, dune.mask, dune.top)
    _lee(canvas, brief, light, dune)
    ripple = field(random, canvas.y[dune.top :] * 46, canvas.x * np.float32(6), octaves=2)
    strength = np.clip(ripple * np.float32(0.3 * near), 0, 1)
    canvas.blend(palette.near, dune.mask * strength, dune.top)


def _lee(canvas: Canvas, brief: Brief, light: Light, dune: Ground) -> None:
    """The slope away from the light lies in shade, below an edge that winds down the dune."""
    palette, top = brief.palette, dune.top
    depth = dune.depth.clip(0)
    reach = _reach(canvas, brief, light, dune.heights)[None, :]
    lee = np.clip((reach - depth) / (np.float32(0.004) + depth * np.float32(0.1)), 0, 1)
    shade = mix(palette.near, palette.far, 0.4)
    canvas.blend(shade, dune.mask * np.clip(depth * np.float32(0.9), 0, 0.42), top)
    warmth = np.exp(-np.abs(canvas.x - np.float32(light.x)) / np.float32(0.5))[None, :]
    canvas.blend(palette.light, dune.mask * (1 - lee) * warmth * np.float32(0.25), top)
    canvas.blend(shade, dune.mask * lee * np.float32(0.8), top)
    rim = np.exp(-depth / np.float32(0.007)) * (1 - lee * np.float32(0.7))
    canvas.blend(palette.light, dune.mask * rim * np.float32(0.6), top)


def _reach(canvas: Canvas, brief: Brief, light: Light, heights: Field) -> Field:
    """How far down the shade reaches in each column."""
    slope = np.gradient(heights) * np.float32(canvas.unit)
    away = slope * np.tanh((canvas.x - np.float32(light.x)) * 4)
    wind = line(brief.random, canvas.x * np.float32(2.4), 3) * np.float32(0.03)
    return _smooth(np.clip(away * np.float32(0.75) + wind, 0, 0.4), canvas.unit // 9)


def _smooth(values: Field, width: int) -> Field:
    """A running mean, twice."""
    window = np.full(max(1, width), 1 / max(1, width), np.float32)
    padded = np.pad(values, width, mode="edge")
    for _ in range(2):
        padded = np.convolve(padded, window, mode="same").astype(np.float32)
    return padded[width : width + values.size]
