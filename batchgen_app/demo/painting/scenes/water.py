"""Water: the open sea, with waves in perspective, the light's path on them, a lighthouse or a boat;
and a town at it, with skylines one behind the other, lit windows, reflections.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas, Field, field, line, smoothstep
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.silhouettes import Drawing, birds, box, lighthouse, sail_boat
from batchgen_app.demo.painting.sky import Brief, Light, paint_mist, paint_sky

ROWS = 3


def sea(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    horizon = canvas.tall * brief.random.uniform(0.48, 0.62)
    light = paint_sky(canvas, brief, horizon)
    if brief.random.random() < 0.6:
        _far_coast(canvas, brief, horizon)
    water(canvas, brief, light, horizon)
    if brief.wants("boat", "ship", "sail", "regatta") or brief.random.random() < 0.5:
        _boat(canvas, brief, horizon)
    beacon = brief.wants("lighthouse", "coast", "beacon", "cliff", "tower")
    if beacon or brief.random.random() < 0.35:
        _rock_with_lighthouse(canvas, brief)
    flock = Drawing(canvas)
    birds(flock, (canvas.wide * brief.random.uniform(0.2, 0.8), horizon * 0.55), 0.08, brief.random)
    canvas.blend(brief.palette.near, flock.mask() * np.float32(0.7))


def _far_coast(canvas: Canvas, brief: Brief, horizon: float) -> None:
    hills = line(brief.random, canvas.x * np.float32(1.6), 6)
    heights = (np.float32(horizon) - np.clip(hills, 0, 1) * np.float32(0.14)).astype(np.float32)
    _, _, mask, top = canvas.below(heights)
    canvas.blend(mix(brief.palette.far, brief.palette.horizon, 0.45), mask, top)


def water(canvas: Canvas, brief: Brief, light: Light, horizon: float) -> None:
    """The sea from the horizon down: the sky upside down, broken by waves."""
    top = canvas.row(horizon)
    rows = canvas.y[top:]
    if rows.size < 2:
        return
    depth = ((rows - rows[0]) / np.float32(canvas.tall - horizon + 1e-3))[:, None]
    crowded = np.log1p(depth[:, 0] * 30).astype(np.float32)
    waves = field(brief.random, crowded * 14, canvas.x * np.float32(9), octaves=4, gain=0.6)
    _mirror(canvas, waves * depth, top)
    _swell(canvas, brief, waves, depth, top)
    _light_path(canvas, brief, light, waves, top)
    if brief.wants("storm", "stormy", "wave", "waves", "surf", "wild"):
        foam = smoothstep(0.42, 0.7, waves) * smoothstep(0.02, 0.4, depth)
        crest = mix(brief.palette.light, brief.palette.horizon, 0.3)
        canvas.blend(crest, foam * np.float32(0.8), top)


def _swell(canvas: Canvas, brief: Brief, waves: Field, depth: Field, top: int) -> None:
    """The water's own colour, deeper towards the front, and the sides of the waves."""
    palette = brief.palette
    body = np.broadcast_to(np.float32(0.3) + np.float32(0.45) * depth, waves.shape)
    canvas.blend(mix(palette.near, palette.sky, 0.35), body, top)
    swell = waves * (np.float32(0.25) + depth * np.float32(0.75))
    canvas.blend(palette.near, np.clip(swell * np.float32(-0.55), 0, 0.6), top)
    bright = mix(palette.sky, palette.light, 0.5)
    canvas.blend(bright, np.clip(swell * np.float32(0.45), 0, 0.5), top)


def _light_path(canvas: Canvas, brief: Brief, light: Light, waves: Field, top: int) -> None:
    """Glitter below the light, wider towards the front."""
    depth = np.linspace(0, 1, waves.shape[0], dtype=np.float32)[:, None]
    away = (canvas.x[None, :] - np.float32(light.x)) / (np.float32(0.05) + np.float32(0.3) * depth)
    path = np.exp(-(away**2))
    glitter = smoothstep(0.05, 0.55, waves) * np.float32(0.9) + np.float32(0.12)
    canvas.blend(brief.palette.light, np.clip(glitter * path, 0, 1), top)


def _mirror(canvas: Canvas, waves: Field, top: int) -> None:
    """Fills the rows from `top` on with what is above them, mirrored and bent by the waves."""
    height = canvas.size[1] - top
    source = top - 1 - np.arange(height)[:, None] * min(1.0, top / height) * 0.9
    bent = np.clip(source + waves * canvas.unit * 0.06, 0, max(0, top - 1)).astype(np.intp)
    canvas.pixels[:, top:] = canvas.pixels[:, bent, np.arange(canvas.size[0])[None, :]]


def _rock_with_lighthouse(canvas: Canvas, brief: Brief) -> None:
    random, palette = brief.random, brief.palette
    right = bool(random.random() < 0.5)
    x = canvas.wide * (random.uniform(0.72, 0.84) if right else random.uniform(0.16, 0.28))
    crest = canvas.tall * random.uniform(0.6, 0.72)
    _rock(canvas, brief, x, crest)
    tower = Drawing(canvas)
    height = random.uniform(0.3, 0.42) * min(1.2, canvas.tall)
    lamp = lighthouse(tower, (x, crest + 0.015), height)
    canvas.blend(mix(palette.near, palette.light, 0.16 if palette.dark else 0.55), tower.mask())
    _beam(canvas, brief, lamp, to_left=right)


def _rock(canvas: Canvas, brief: Brief, x: float, crest: float) -> None:
    """Rock that falls off to both sides of x, in steps."""
    random, palette = brief.random, brief.palette
    away = np.clip(np.abs(canvas.x - np.float32(x)) - np.float32(0.06), 0, None)
    steps = np.floor(away * 9 + line(random, canvas.x * 3, 3) * np.float32(0.9)) / 9
    rough = line(random, canvas.x * 6, 7, 0.6) * np.float32(0.07) * np.clip(away * 9, 0.05, 1)
    fall = ((away + np.clip(steps, 0, None)) * np.float32(0.45)) ** np.float32(1.15)
    _, _, mask, top = canvas.below(np.float32(crest) + fall + rough)
    canvas.blend(palette.near, mask, top)
    grain = field(random, canvas.y[top:] * 9, canvas.x * np.float32(12), octaves=6, gain=0.7)
    stone = mix(palette.far, palette.light, 0.2)
    canvas.blend(stone, mask * np.clip(grain * np.float32(0.55), 0, 0.6), top)


def _beam(canvas: Canvas, brief: Brief, lamp: tuple[float, float], *, to_left: bool) -> None:
    """The lantern's glow and one ray of light."""
    side = -1 if to_left else 1
    away = (canvas.x[None, :] - np.float32(lamp[0])) * side
    slant = canvas.y[:, None] - np.float32(lamp[1]) + away * np.float32(0.1)
    cone = smoothstep(1.0, 0.0, np.abs(slant) / (np.clip(away, 1e-3, None) * np.float32(0.1)))
    ray = cone * np.exp(-np.clip(away, 0, None) * 2.2) * (away > 0)
    strength = 0.75 if brief.palette.dark else 0.4
    canvas.blend(brief.palette.light, (ray * np.float32(strength)).astype(np.float32))
    glow = np.exp(-canvas.distance(*lamp) / np.float32(0.022))
    canvas.blend(mix(brief.palette.light, brief.palette.accent, 0.3), glow)


def _boat(canvas: Canvas, brief: Brief, horizon: float) -> None:
    random, palette = brief.random, brief.palette
    near = random.uniform(0.08, 0.4)
    x, y = canvas.wide * random.uniform(0.25, 0.75), horizon + (canvas.tall - horizon) * near
    size = 0.05 + 0.16 * near
    canvas = canvas.part(x, y, size * 1.2)
    hull, shadow = Drawing(canvas), Drawing(canvas)
    sail_boat(hull, (x, y), size)
    shadow.polygon([(x - size * 0.4, y), (x + size * 0.4, y), (x, y + size)])
    canvas.blend(palette.near, shadow.mask() * np.float32(0.35))
    colour = palette.accent if random.random() < 0.5 else palette.near
    canvas.blend(mix(colour, palette.light, 0.2), hull.mask())


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
