"""Fruit on a table, light from the side."""

from typing import NamedTuple

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas, Field, field, smoothstep
from batchgen_app.demo.painting.palette import Colour, mix
from batchgen_app.demo.painting.silhouettes import Drawing
from batchgen_app.demo.painting.sky import Brief

FRUIT: dict[str, Colour] = {
    "red": (0.72, 0.09, 0.08),
    "green": (0.42, 0.6, 0.14),
    "orange": (0.93, 0.5, 0.08),
    "yellow": (0.92, 0.76, 0.18),
    "purple": (0.33, 0.13, 0.38),
    "pink": (0.88, 0.46, 0.46),
    "blue": (0.17, 0.22, 0.5),
}
HABITUAL = {
    "apple": "red",
    "pear": "green",
    "lemon": "yellow",
    "plum": "purple",
    "peach": "pink",
    "lime": "green",
    "grape": "purple",
}
BLACK = (0.03, 0.02, 0.03)
WHITE = (1.0, 1.0, 0.97)
WALLS: tuple[Colour, ...] = (
    (0.2, 0.32, 0.34),
    (0.36, 0.33, 0.24),
    (0.3, 0.24, 0.34),
    (0.42, 0.3, 0.22),
    (0.24, 0.28, 0.42),
    (0.44, 0.42, 0.4),
)
WOODS: tuple[Colour, ...] = ((0.42, 0.26, 0.15), (0.25, 0.16, 0.12), (0.62, 0.48, 0.34))


def still_life(canvas: Canvas, brief: Brief) -> None:
    """Paints the scene."""
    edge = canvas.tall * brief.random.uniform(0.58, 0.68)
    from_left = bool(brief.random.random() < 0.5)
    _wall(canvas, brief, edge, from_left=from_left)
    _table(canvas, brief, edge)
    alone = brief.wants("a", "one", "single") and not brief.wants("bowl", "fruits", "apples")
    number = int(brief.random.integers(1, 3) if alone else brief.random.integers(3, 6))
    for place in sorted(brief.random.uniform(0.1, 1.0, number)):
        _fruit(canvas, brief, edge, float(place), from_left=from_left)


def _wall(canvas: Canvas, brief: Brief, edge: float, *, from_left: bool) -> None:
    random = brief.random
    bottom = canvas.row(edge)
    wall = WALLS[int(random.integers(len(WALLS)))]
    canvas.gradient((0, mix(wall, BLACK, 0.55)), (edge, mix(wall, BLACK, 0.2)), bottom=bottom + 1)
    across = canvas.distance(canvas.wide * (0.15 if from_left else 0.85), edge * 0.3, 1.4)[:bottom]
    canvas.blend(mix(wall, WHITE, 0.5), np.exp(-across / np.float32(0.5)) * np.float32(0.85))
    plaster = field(random, canvas.y[:bottom] * 5, canvas.x * np.float32(5), octaves=7, gain=0.75)
    canvas.blend(mix(wall, WHITE, 0.4), np.clip(plaster * np.float32(0.3), 0, 1))
    canvas.blend(BLACK, np.clip(-plaster * np.float32(0.25), 0, 1))


def _table(canvas: Canvas, brief: Brief, edge: float) -> None:
    random = brief.random
    top = canvas.row(edge)
    wood = WOODS[int(random.integers(len(WOODS)))]
    canvas.gradient((edge, mix(wood, WHITE, 0.16)), (canvas.tall, mix(wood, BLACK, 0.35)), top=top)
    rows = np.log1p((canvas.y[top:] - np.float32(edge)).clip(0) * 6).astype(np.float32)
    grain = field(random, rows * 30, canvas.x * np.float32(1.3), octaves=5, gain=0.7)
    canvas.blend(BLACK, np.clip(grain * np.float32(0.5), 0, 0.5), top)
    canvas.blend(WHITE, np.clip(-grain * np.float32(0.16), 0, 0.4), top)
    crease = np.exp(-np.abs(canvas.y[top:] - np.float32(edge)) / np.float32(0.006))[:, None]
    canvas.blend(WHITE, np.broadcast_to(crease * np.float32(0.2), grain.shape), top)


def _colour(brief: Brief) -> Colour:
    named = [FRUIT[word] for word in sorted(brief.words) if word in FRUIT]
    named += [FRUIT[HABITUAL[word]] for word in sorted(brief.words) if word in HABITUAL]
    choices = named[:1] or [*FRUIT.values(), brief.palette.accent]
    return choices[int(brief.random.integers(len(choices)))]


def _fruit(canvas: Canvas, brief: Brief, edge: float, near: float, *, from_left: bool) -> None:
    random = brief.random
    radius = random.uniform(0.1, 0.15) * (0.75 + 0.6 * near)
    floor = edge + (canvas.tall - edge) * (0.12 + 0.62 * near)
    x = canvas.wide * 0.5 + random.uniform(-0.36, 0.36) * min(canvas.wide, 1.6)
    side = 1 if from_left else -1
    _shadow(canvas, brief, (x + side * radius * 0.75, floor), radius)
    _body(canvas, brief, (x, floor - radius * 0.88), radius, side)
    _stalk(canvas, (x, floor - radius * 1.72), radius)


def _stalk(canvas: Canvas, foot: tuple[float, float], radius: float) -> None:
    near = canvas.part(*foot, radius)
    drawing = Drawing(near)
    curve = ((0.0, 0.12), (0.1, -0.2), (0.24, -0.38))
    points = [(foot[0] + x * radius, foot[1] + y * radius) for x, y in curve]
    drawing.stroke(points, radius * 0.07)
    near.blend((0.2, 0.12, 0.06), drawing.mask())


def _shadow(canvas: Canvas, brief: Brief, at: tuple[float, float], radius: float) -> None:
    canvas = canvas.part(*at, radius * 3.2)
    distance = canvas.distance(at[0], at[1], 3.4) / np.float32(radius)
    shade = np.exp(-((distance / np.float32(0.42)) ** 2))
    canvas.blend(mix(brief.palette.near, BLACK, 0.5), shade * np.float32(0.75))


class Form(NamedTuple):
    """A round body: places on it from -1 to 1, how much light falls on them, and where it is."""

    across: Field
    down: Field
    lit: Field
    mask: Field


def _body(
    canvas: Canvas, brief: Brief, centre: tuple[float, float], radius: float, side: int
) -> None:
    """A fruit: base colour, blush, light from below, highlight."""
    colour = _colour(brief)
    canvas = canvas.part(*centre, radius * 1.1)
    form = _form(canvas, centre, radius, side)
    canvas.blend(mix(colour, BLACK, 0.72), form.mask)
    canvas.blend(colour, form.mask * smoothstep(0.0, 0.62, form.lit))
    skin = field(brief.random, canvas.y * 4, canvas.x * np.float32(22), octaves=3)
    blush = np.clip(skin * np.float32(0.4) + np.float32(0.25), 0, 0.6)
    warm = mix(colour, (0.98, 0.78, 0.3), 0.55)
    canvas.blend(warm, form.mask * smoothstep(0.45, 1.05, form.lit) * blush)
    bounce = np.clip(form.down - np.float32(0.35), 0, 1) * (1 - form.lit)
    canvas.blend(brief.palette.horizon, form.mask * bounce * np.float32(0.3))
    spot = (form.across + np.float32(0.38 * side)) ** 2 + (form.down + np.float32(0.42)) ** 2
    canvas.blend(WHITE, form.mask * np.exp(-spot * np.float32(26)) * np.float32(0.9))


def _form(canvas: Canvas, centre: tuple[float, float], radius: float, side: int) -> Form:
    """A sphere, dented at the top, lit from one side."""
    across = (canvas.x[None, :] - np.float32(centre[0])) / np.float32(radius)
    height = (canvas.y[:, None] - np.float32(centre[1])) / np.float32(radius)
    dent = np.float32(0.16) * np.exp(-((across / np.float32(0.35)) ** 2)) * (height < 0)
    down = (height - dent) * np.float32(1.08)
    inside = np.clip(1 - across**2 - down**2, 0, 1)
    towards = across * np.float32(-0.62 * side) - down * np.float32(0.5)
    lit = np.clip(towards + np.sqrt(inside) * np.float32(0.6), 0, 1)
    return Form(across, down, lit, smoothstep(0.0, 4.0 / (canvas.unit * radius), inside))
