"""Land: mountain ranges one behind the other, a valley with mist, trees in front; and dunes, long
crests with one side in the light, one in the shade.
"""

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas, Field, Ground, field, line, ridges, smoothstep
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.silhouettes import (
    FUR,
    Drawing,
    birds,
    box,
    conifer,
    fox,
    house,
    leaf_tree,
)
from batchgen_app.demo.painting.sky import Brief, Light, paint_mist, paint_sky

LAYERS = 5
COLD = ("snow", "snowy", "winter", "ice", "alps", "peak", "glacier", "himalaya")
CRESTS = 6


def mountains(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    horizon = canvas.tall * brief.random.uniform(0.58, 0.7)
    light = paint_sky(canvas, brief, horizon)
    for layer in range(LAYERS):
        _range(canvas, brief, light, horizon, layer / (LAYERS - 1))
    ground = _foreground(canvas, brief)
    _life(canvas, brief, ground)


def _range(canvas: Canvas, brief: Brief, light: Light, horizon: float, near: float) -> None:
    """One range; `near` is 0 for the farthest and 1 for the nearest."""
    palette = brief.palette
    base = horizon + (canvas.tall - horizon) * (near * 0.6 - 0.04)
    height = (0.58 - 0.34 * near) * min(1.35, canvas.tall)
    heights = np.float32(base) - _rise(canvas, brief, near) * np.float32(height)
    range_ = canvas.below(heights)
    colour = mix(mix(palette.sky, palette.far, 0.45 + near * 0.5), palette.near, near**1.6)
    canvas.blend(colour, range_.mask, range_.top)
    snow_line = base - height * (0.42 if brief.wants(*COLD) else 0.62)
    _relief(canvas, brief, light, range_, near=near, snow_line=snow_line)
    paint_mist(
        canvas,
        brief,
        level=base + 0.03,
        thickness=0.12 - 0.05 * near,
        colour=mix(palette.horizon, palette.light, 0.25),
        strength=0.69 - 0.55 * near,
    )


def _rise(canvas: Canvas, brief: Brief, near: float) -> Field:
    """A line of peaks, rounder the nearer."""
    random = brief.random
    columns = canvas.x * np.float32(random.uniform(0.9, 1.5) * (1 + near * 0.6))
    peaks = ridges(random, columns, octaves=8, gain=0.5) * np.float32(1 - near)
    hills = (line(random, columns, 5) + 1) * np.float32(0.3 * near + 0.12)
    rise: Field = (peaks - peaks.min()) + (hills - hills.min())
    return rise


def _relief(
    canvas: Canvas,
    brief: Brief,
    light: Light,
    ground: Ground,
    *,
    near: float,
    snow_line: float,
) -> None:
    """Lit and shaded faces, and snow above a line."""
    rows = canvas.y[ground.top :]
    faces = field(brief.random, rows * 6, canvas.x * np.float32(9), octaves=6, gain=0.62)
    tilt = np.gradient(faces + ground.depth * np.float32(1.8), axis=1)
    side = np.sign(light.x - canvas.x)[None, :] * np.float32(canvas.unit / 8)
    lit = np.clip(np.float32(0.5) - tilt * side, 0, 1)
    strength = ground.mask * np.float32(0.36 * (1 - near * 0.75))
    canvas.blend(brief.palette.light, lit * strength * np.float32(0.7), ground.top)
    canvas.blend(brief.palette.near, (1 - lit) * strength, ground.top)
    if near < 0.45:
        above = np.float32(snow_line) - rows[:, None] + faces * np.float32(0.05)
        snow = smoothstep(-0.02, 0.05, above) * (np.float32(0.2) + lit * np.float32(0.7))
        white = mix(brief.palette.light, (1.0, 1.0, 1.0), 0.45)
        canvas.blend(white, snow * ground.mask, ground.top)


def _foreground(canvas: Canvas, brief: Brief) -> Field:
    """The dark ground in front; gives its line of heights."""
    random = brief.random
    swell = line(random, canvas.x * np.float32(1.2), 5) * np.float32(0.06)
    heights: Field = (np.float32(canvas.tall * random.uniform(0.86, 0.93)) + swell).astype(
        np.float32
    )
    _, _, mask, top = canvas.below(heights)
    canvas.blend(brief.palette.near, mask, top)
    grass = field(random, canvas.y[top:] * 14, canvas.x * np.float32(50), octaves=3)
    warm = mix(brief.palette.near, brief.palette.accent, 0.55)
    canvas.blend(warm, mask * np.clip(grass * np.float32(0.55), 0, 1), top)
    return heights


def _life(canvas: Canvas, brief: Brief, ground: Field) -> None:
    random = brief.random
    trees, flock = Drawing(canvas), Drawing(canvas)
    grow = leaf_tree if brief.wants("autumn", "oak", "meadow", "summer", "spring") else conifer
    clump = random.uniform(0, canvas.wide)
    for _ in range(int(random.integers(9, 26) * canvas.wide)):
        x = (clump + random.normal(0, 0.3)) % canvas.wide
        grow(trees, (x, _at(canvas, ground, x) + 0.012), random.uniform(0.08, 0.26), random)
    canvas.blend(mix(brief.palette.near, (0.0, 0.0, 0.0), 0.25), trees.mask())
    if brief.wants("house", "cottage", "cabin", "village", "farm", "home"):
        _cottage(canvas, brief, ground)
    birds(flock, (random.uniform(0.2, 0.8) * canvas.wide, canvas.tall * 0.3), 0.07, random)
    canvas.blend(brief.palette.near, flock.mask() * np.float32(0.75))
    if brief.wants("fox", "wolf", "dog"):
        _animal(canvas, brief, ground)


def _cottage(canvas: Canvas, brief: Brief, ground: Field) -> None:
    x = canvas.wide * brief.random.uniform(0.25, 0.75)
    foot = (x, _at(canvas, ground, x) + 0.01)
    near = canvas.part(x, foot[1], 0.24)
    walls, panes = Drawing(near), Drawing(near)
    window = house(walls, foot, 0.14)
    panes.polygon(box(*window, 0.013, 0.034))
    near.blend(mix(brief.palette.near, brief.palette.far, 0.22), walls.mask())
    warmth = np.exp(-near.distance(*window) / np.float32(0.045)) * np.float32(0.6)
    near.blend(brief.palette.accent, warmth)
    near.blend(mix(brief.palette.light, brief.palette.accent, 0.3), panes.mask())


def _animal(canvas: Canvas, brief: Brief, ground: Field) -> None:
    random = brief.random
    x = canvas.wide * random.uniform(0.3, 0.7)
    foot = (x, _at(canvas, ground, x) + 0.025)
    near = canvas.part(*foot, 0.25)
    drawing = Drawing(near)
    fox(drawing, foot, random.uniform(0.13, 0.2), to_left=bool(random.random() < 0.5))
    near.blend(mix(FUR, brief.palette.accent, 0.3), drawing.mask())


def _at(canvas: Canvas, heights: Field, x: float) -> float:
    return float(heights[min(canvas.size[0] - 1, int(x * canvas.unit))])


def dunes(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    horizon = canvas.tall * brief.random.uniform(0.42, 0.56)
    light = paint_sky(canvas, brief, horizon)
    palette = brief.palette
    start = canvas.row(horizon)
    canvas.gradient(
        (horizon, mix(palette.horizon, palette.far, 0.25)), (canvas.tall, palette.far), top=start
    )
    for layer in range(CRESTS):
        _dune(canvas, brief, light, horizon, layer / (CRESTS - 1))
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
