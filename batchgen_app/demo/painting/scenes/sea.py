"""The open sea: waves in perspective, the light's path on the water, a lighthouse or a boat."""

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas
from batchgen_app.demo.painting.noise import Field, field, line, smoothstep
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.silhouettes import Drawing, birds, lighthouse, sail_boat
from batchgen_app.demo.painting.sky import Brief, Light, paint_sky


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
