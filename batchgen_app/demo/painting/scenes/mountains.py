"""Mountain ranges one behind the other, a valley with mist, trees in front."""

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas
from batchgen_app.demo.painting.noise import Field, field, line, ridges, smoothstep
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.silhouettes import Drawing, birds, conifer, fox, house, leaf_tree
from batchgen_app.demo.painting.sky import Brief, Light, paint_mist, paint_sky

LAYERS = 5


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
    random, palette = brief.random, brief.palette
    sharp = 1 - near
    columns = canvas.x * np.float32(random.uniform(1.0, 1.7) * (0.8 + near * 0.9))
    peaks = ridges(random, columns, octaves=7) * sharp + (line(random, columns, 5) + 1) * 0.4 * near
    base = horizon + (canvas.tall - horizon) * (near * 0.62 - 0.02)
    height = 0.3 * min(1.4, canvas.tall) * (0.34 + 0.66 * sharp)
    heights: Field = (base - (peaks - peaks.min()) * np.float32(height)).astype(np.float32)
    mask, top = canvas.below(heights)
    colour = mix(mix(palette.horizon, palette.far, 0.5 + near * 0.4), palette.near, near**1.5)
    canvas.blend(colour, mask, top)
    _relief(canvas, brief, light, heights, mask, top, near)
    haze = mix(palette.horizon, palette.light, 0.3)
    paint_mist(canvas, brief, base + 0.02, 0.06 + 0.05 * sharp, haze, 0.5 * sharp + 0.12)


def _relief(
    canvas: Canvas,
    brief: Brief,
    light: Light,
    heights: Field,
    mask: Field,
    top: int,
    near: float,
) -> None:
    """Lit and shaded faces, and snow near the tops."""
    depth = canvas.y[top:, None] - heights[None, :]
    faces = field(brief.random, canvas.y[top:] * 7, canvas.x * np.float32(8), octaves=5, gain=0.6)
    tilt = np.gradient(faces + depth * np.float32(1.5), axis=1) * np.float32(canvas.unit / 9)
    side = np.sign(light.x - canvas.x)[None, :]
    lit = np.clip(np.float32(0.5) - tilt * side, 0, 1)
    strength = mask * np.float32(0.32 * (1 - near * 0.7))
    canvas.blend(brief.palette.light, lit * strength * 0.8, top)
    canvas.blend(brief.palette.near, (1 - lit) * strength, top)
    cold = brief.wants("snow", "snowy", "winter", "ice", "mountain", "alps", "peak", "glacier")
    reach = (0.1 if cold else 0.045) * (1 - near)
    if reach > 0.02:
        snow = smoothstep(reach, reach * 0.35, depth + faces * np.float32(0.06))
        white = mix(brief.palette.light, (1.0, 1.0, 1.0), 0.4)
        canvas.blend(white, snow * mask * (np.float32(0.25) + lit * np.float32(0.65)), top)


def _foreground(canvas: Canvas, brief: Brief) -> Field:
    """The dark ground in front; gives its line of heights."""
    random = brief.random
    swell = line(random, canvas.x * np.float32(1.2), 5) * np.float32(0.06)
    heights: Field = (np.float32(canvas.tall * random.uniform(0.86, 0.93)) + swell).astype(
        np.float32
    )
    mask, top = canvas.below(heights)
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
    if brief.wants("house", "cottage", "cabin", "village", "farm", "home"):
        _cottage(canvas, brief, ground, trees)
    canvas.blend(mix(brief.palette.near, (0.0, 0.0, 0.0), 0.25), trees.mask())
    birds(flock, (random.uniform(0.2, 0.8) * canvas.wide, canvas.tall * 0.3), 0.07, random)
    canvas.blend(brief.palette.near, flock.mask() * np.float32(0.75))
    if brief.wants("fox", "wolf", "dog"):
        _animal(canvas, brief, ground)


def _cottage(canvas: Canvas, brief: Brief, ground: Field, trees: Drawing) -> None:
    x = canvas.wide * brief.random.uniform(0.25, 0.75)
    window = house(trees, (x, _at(canvas, ground, x) + 0.01), 0.13)
    warmth = np.exp(-((canvas.distance(*window) / np.float32(0.05)) ** 2))
    canvas.blend(brief.palette.accent, warmth * np.float32(0.8))


def _animal(canvas: Canvas, brief: Brief, ground: Field) -> None:
    random = brief.random
    x = canvas.wide * random.uniform(0.3, 0.7)
    drawing = Drawing(canvas)
    foot = (x, _at(canvas, ground, x) + 0.025)
    fox(drawing, foot, random.uniform(0.13, 0.2), to_left=bool(random.random() < 0.5))
    canvas.blend(mix(brief.palette.accent, brief.palette.light, 0.12), drawing.mask())


def _at(canvas: Canvas, heights: Field, x: float) -> float:
    return float(heights[min(canvas.size[0] - 1, int(x * canvas.unit))])
