"""Inside a forest: rows of trunks in the mist, rays of light, ferns on the ground."""

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas, field, line, smoothstep
from batchgen_app.demo.painting.palette import mix
from batchgen_app.demo.painting.silhouettes import FUR, Drawing, Point, birds, conifer, fox
from batchgen_app.demo.painting.sky import Brief, Light, paint_mist

ROWS = 5


def forest(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    random = brief.random
    light = Light(canvas.wide * random.uniform(0.25, 0.75), canvas.tall * 0.28, 0.12)
    _air(canvas, brief, light)
    firs = brief.wants("pine", "fir", "spruce", "winter", "snow") or random.random() < 0.45
    for row in range(ROWS):
        _row_of_trees(canvas, brief, row / (ROWS - 1), firs=firs)
    _rays(canvas, brief, light)
    _ground(canvas, brief)
    if brief.wants("fox", "wolf", "deer", "animal"):
        _visitor(canvas, brief)


def _air(canvas: Canvas, brief: Brief, light: Light) -> None:
    """What shows between the trees: light in the mist, and birds."""
    palette = brief.palette
    canvas.gradient(
        (0, mix(palette.sky, palette.zenith, 0.3)),
        (canvas.tall * 0.5, palette.horizon),
        (canvas.tall, palette.sky),
    )
    glow = np.exp(-canvas.distance(light.x, light.y) / np.float32(0.36))
    canvas.blend(palette.light, glow * np.float32(0.9))
    flock = Drawing(canvas)
    birds(flock, (light.x, light.y), 0.09, brief.random)
    canvas.blend(palette.near, flock.mask() * np.float32(0.5))


def _row_of_trees(canvas: Canvas, brief: Brief, near: float, *, firs: bool) -> None:
    random, palette = brief.random, brief.palette
    drawing = Drawing(canvas)
    floor = canvas.tall * (0.66 + 0.26 * near)
    for _ in range(max(2, int((17 - 12 * near) * canvas.wide))):
        x = random.uniform(-0.05, canvas.wide + 0.05)
        if firs:
            height = canvas.tall * random.uniform(0.32, 0.62) * (0.75 + 0.5 * near)
            conifer(drawing, (x, floor + 0.02), height, random)
        else:
            _trunk(canvas, drawing, (x, floor), near, random)
    colour = mix(mix(palette.horizon, palette.far, 0.25 + 0.6 * near), palette.near, near**1.4)
    canvas.blend(colour, drawing.mask())
    haze = mix(palette.horizon, palette.light, 0.4)
    strength = 0.62 * (1 - near) + 0.1
    paint_mist(canvas, brief, level=floor, thickness=0.1, colour=haze, strength=strength)


def _trunk(
    canvas: Canvas, drawing: Drawing, foot: Point, near: float, random: np.random.Generator
) -> None:
    """A bare trunk that leaves the picture at the top, with a few branches."""
    x, floor = foot
    half, lean = random.uniform(0.008, 0.016) * (1 + 3.2 * near), random.normal(0, 0.03)
    left = [(x - half * 1.35, floor + 0.02), (x - half * 0.75 + lean, -0.02)]
    right = [(x + half * 0.75 + lean, -0.02), (x + half * 1.35, floor + 0.02)]
    drawing.polygon([*left, *right])
    for _ in range(int(random.integers(2, 7))):
        start = (x + lean * 0.5, random.uniform(0.05, 0.6) * canvas.tall)
        reach = random.choice((-1, 1)) * random.uniform(0.04, 0.13) * (0.6 + near)
        _branch(drawing, start, reach, half * 0.28, random)


def _branch(
    drawing: Drawing, start: Point, reach: float, width: float, random: np.random.Generator
) -> None:
    x, y = start
    elbow = (x + reach * 0.6, y - abs(reach) * 0.3)
    tip = (x + reach, y - abs(reach) * random.uniform(0.4, 0.9))
    drawing.stroke([start, elbow, tip], width)


def _rays(canvas: Canvas, brief: Brief, light: Light) -> None:
    """Shafts that fan out from the light."""
    across = canvas.x[None, :] - np.float32(light.x)
    down = canvas.y[:, None] - np.float32(light.y - 0.45)
    angle = np.arctan2(across, np.maximum(down, np.float32(0.05)))
    table = line(brief.random, np.linspace(0, 16, 1024, dtype=np.float32), 3)
    at = np.clip((angle / np.float32(np.pi) + np.float32(0.5)) * 1023, 0, 1023).astype(np.intp)
    fade = smoothstep(canvas.tall * 1.0, canvas.tall * 0.2, canvas.y)[:, None]
    rays = smoothstep(0.1, 0.75, table[at]) * fade
    canvas.blend(brief.palette.light, (rays * np.float32(0.34)).astype(np.float32))


def _ground(canvas: Canvas, brief: Brief) -> None:
    random, palette = brief.random, brief.palette
    path = line(random, canvas.x * np.float32(1.3), 4) * np.float32(0.04)
    heights = (np.float32(canvas.tall * 0.87) + path).astype(np.float32)
    _, _, mask, top = canvas.below(heights, softness=0.012)
    canvas.blend(palette.near, mask, top)
    leaves = field(random, canvas.y[top:] * 26, canvas.x * np.float32(30), octaves=4, gain=0.7)
    canvas.blend(palette.accent, mask * np.clip(leaves - 0.12, 0, 1) * np.float32(0.9), top)
    canvas.blend(palette.far, mask * np.clip(-leaves - 0.2, 0, 1) * np.float32(0.7), top)
    _ferns(canvas, brief)


def _ferns(canvas: Canvas, brief: Brief) -> None:
    random = brief.random
    drawing = Drawing(canvas)
    for _ in range(int(46 * canvas.wide)):
        x, y = random.uniform(0, canvas.wide), canvas.tall * random.uniform(0.94, 1.02)
        length, bend = random.uniform(0.05, 0.15), random.normal(0, 0.05)
        middle = (x + bend * 0.35, y - length * 0.65)
        drawing.stroke([(x, y), middle, (x + bend, y - length)], 0.0035)
    canvas.blend(mix(brief.palette.near, (0.0, 0.0, 0.0), 0.35), drawing.mask())


def _visitor(canvas: Canvas, brief: Brief) -> None:
    random = brief.random
    foot = (canvas.wide * random.uniform(0.32, 0.68), canvas.tall * random.uniform(0.88, 0.93))
    near = canvas.part(*foot, 0.3)
    drawing = Drawing(near)
    fox(drawing, foot, random.uniform(0.15, 0.22), to_left=bool(random.random() < 0.5))
    body = drawing.mask()
    near.blend(mix(FUR, brief.palette.accent, 0.3), body)
    fur = field(random, near.y * 40, near.x * np.float32(90), octaves=2)
    near.blend(brief.palette.light, body * np.clip(fur * np.float32(0.35), 0, 0.4))
