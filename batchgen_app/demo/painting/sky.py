"""Skies: the light, stars, clouds, mist."""

from dataclasses import dataclass

import numpy as np

from batchgen_app.demo.painting.canvas import Canvas, Field, between, field, smoothstep
from batchgen_app.demo.painting.palette import Colour, Palette, mix

Words = frozenset[str]

BAD_WEATHER = ("storm", "stormy", "rain", "rainy", "gloomy", "thunder", "hurricane")


@dataclass(frozen=True)
class Brief:
    """What every part of a scene is painted from."""

    palette: Palette
    words: Words
    random: np.random.Generator

    def wants(self, *words: str) -> bool:
        return bool(self.words & set(words))


@dataclass(frozen=True)
class Light:
    """Sun or moon: where it stands, and how large it is."""

    x: float
    y: float
    radius: float


def paint_sky(canvas: Canvas, brief: Brief, horizon: float) -> Light:
    """Sky, stars, sun or moon and clouds, down to the horizon; gives where the light is."""
    palette, random = brief.palette, brief.random
    bottom = canvas.row(horizon) + 2
    canvas.gradient(
        (0.0, palette.zenith),
        (horizon * 0.55, palette.sky),
        (horizon, palette.horizon),
        bottom=bottom,
    )
    light = Light(
        x=canvas.wide * random.uniform(0.18, 0.82),
        y=horizon * (random.uniform(0.2, 0.6) if palette.dark else random.uniform(0.35, 0.92)),
        radius=random.uniform(0.035, 0.085),
    )
    if palette.dark:
        paint_stars(canvas, brief, horizon)
    shine(canvas, brief, light)
    paint_clouds(canvas, brief, light, horizon)
    return light


def shine(canvas: Canvas, brief: Brief, light: Light) -> None:
    """The disc and the glow around it; in a storm only a pale glow."""
    palette = brief.palette
    distance = canvas.distance(light.x, light.y)
    strength = 0.28 if palette.dark else 0.42
    glow = np.exp(-distance / np.float32(0.16 + light.radius)) * np.float32(strength)
    canvas.blend(mix(palette.light, palette.horizon, 0.35), np.clip(glow, 0, 1))
    if not brief.wants(*BAD_WEATHER):
        near = canvas.part(light.x, light.y, light.radius * 1.2)
        pixel = 1.5 / canvas.unit
        disc = smoothstep(
            light.radius + pixel, light.radius - pixel, near.distance(light.x, light.y)
        )
        near.blend(palette.light, disc)


def paint_stars(canvas: Canvas, brief: Brief, horizon: float, density: float = 1.0) -> None:
    """Points of light, fewer towards the horizon."""
    rows = max(2, canvas.row(horizon))
    width = canvas.size[0]
    number = int(420 * density * canvas.wide * canvas.tall)
    across, down, rare = brief.random.spawn(1)[0].random((3, number))
    x = (across * (width - 1)).astype(np.intp)
    y = (down**1.5 * (rows - 1)).astype(np.intp)
    power = ((1 - rare) ** -0.45 * 0.22 - 0.22).clip(0.05, 0.95).astype(np.float32)
    white = np.asarray(brief.palette.light, np.float32)
    for dy, dx, share in ((0, 0, 1.0), (0, 1, 0.45), (1, 0, 0.45), (1, 1, 0.2)):
        canvas.pixels[:, y + dy, x + dx] += white[:, None] * (power * np.float32(share))


def paint_clouds(canvas: Canvas, brief: Brief, light: Light, horizon: float) -> None:
    """Clouds in perspective, lit from the side of the light."""
    random, palette = brief.random, brief.palette
    heavy = brief.wants("cloud", "clouds", *BAD_WEATHER)
    cover = random.uniform(0.05, 0.45) + (0.4 if heavy else 0.0)
    bottom = canvas.row(horizon)
    depth = _cloud_rows(canvas.y[:bottom], horizon)
    columns = canvas.x * np.float32(random.uniform(1.6, 2.8))
    shape = field(random, depth, columns, octaves=6, gain=0.52)
    body = smoothstep(0.38 - cover, 0.85 - cover * 0.6, shape)
    lit = _lit_side(canvas, shape, light, bottom)
    bright = mix(palette.light, palette.horizon, 0.25)
    shade = mix(palette.sky, palette.far, 0.65 if not heavy else 0.95)
    fade = smoothstep(horizon, horizon * 0.8, canvas.y[:bottom])[:, None]
    thick = body * (np.float32(0.3) + np.float32(0.55) * fade)
    canvas.blend(between(shade, bright, lit), thick)


def _cloud_rows(y: Field, horizon: float) -> Field:
    """Positions that crowd together towards the horizon, like a ceiling seen from below."""
    rows: Field = (2.2 / (1.18 - y / np.float32(horizon))).astype(np.float32)
    return rows


def _lit_side(canvas: Canvas, shape: Field, light: Light, bottom: int) -> Field:
    """Bright where the cloud thins out towards the light, and near the light as such."""
    step = max(2, canvas.unit // 60)
    towards = np.roll(shape, -step if light.y < 0.5 else step, axis=0)
    near = np.exp(-canvas.distance(light.x, light.y, 1.6)[:bottom] / np.float32(0.45))
    lit: Field = np.clip(0.45 + (shape - towards) * 1.5 + near * 0.55, 0, 1)
    return lit


def paint_mist(
    canvas: Canvas,
    brief: Brief,
    *,
    level: float,
    thickness: float,
    colour: Colour,
    strength: float,
) -> None:
    """A band of mist around a level, torn into wisps."""
    top, bottom = canvas.row(level - thickness * 1.6), canvas.row(level + thickness * 1.6)
    if bottom - top < 2:
        return
    rows = canvas.y[top:bottom]
    wisps = field(brief.random, rows * 5, canvas.x * np.float32(1.4), octaves=4)
    band = np.exp(-(((rows - level) / thickness) ** 2))[:, None]
    mask = np.clip(band * (np.float32(0.75) + wisps * np.float32(0.6)), 0, 1)
    canvas.blend(colour, mask * np.float32(strength), top)
