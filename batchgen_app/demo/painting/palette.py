"""Colours that go together, and which words of a prompt call for them."""

import colorsys
from dataclasses import dataclass, fields

import numpy as np

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Palette:
    """The colours of a scene, from the top of the sky to the nearest dark shape."""

    zenith: Colour
    sky: Colour
    horizon: Colour
    light: Colour
    far: Colour
    near: Colour
    accent: Colour

    @property
    def dark(self) -> bool:
        """Whether stars and lit windows belong in this picture."""
        return brightness(self.zenith) < 0.16

    def shifted(self, hue: float, value: float) -> "Palette":
        """All hues turned by `hue` (1 is the full circle), all brightnesses times `value`."""
        return Palette(*(_shift(getattr(self, f.name), hue, value) for f in fields(self)))


def brightness(colour: Colour) -> float:
    """From 0 to 1, as the eye weighs the channels."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b, the rest of a."""
    return (
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
    )


def _shift(colour: Colour, hue: float, value: float) -> Colour:
    h, s, v = colorsys.rgb_to_hsv(*colour)
    return colorsys.hsv_to_rgb((h + hue) % 1, s, min(1.0, v * value))


def _palette(*colours: str) -> Palette:
    def channel(text: str, at: int) -> float:
        return int(text[at : at + 2], 16) / 255

    return Palette(*((channel(c, 0), channel(c, 2), channel(c, 4)) for c in colours))


PALETTES = {
    "sunset": _palette("2b2350", "8e3f6b", "f6a15b", "ffe3a8", "7a4a6d", "231a2e", "e8553a"),
    "dawn": _palette("5d7fb0", "b7a9c9", "fbd3b4", "fff1d6", "8b93b5", "2e3a4f", "e59a8a"),
    "day": _palette("2f74b8", "7db7e0", "dff0f4", "fffbe8", "8fb0c4", "2f5240", "e2b44a"),
    "night": _palette("060b1f", "14234a", "34507e", "f4f2dc", "22375e", "070b16", "ffcf6b"),
    "storm": _palette("1d252c", "3c4a52", "8d9a99", "dfe6df", "4b5a60", "12181b", "c9d36a"),
    "forest": _palette("3d5a52", "8fae8b", "e5ecc2", "fdf6c4", "6d8f79", "14261d", "d98e32"),
    "autumn": _palette("5b4a5e", "c07a52", "f4c58a", "ffeccb", "a8663f", "2c1712", "d2491a"),
    "winter": _palette("6f8fae", "b4cbdd", "f3f3f1", "ffffff", "a3b8cb", "33475c", "c96a5a"),
    "desert": _palette("3c7d9b", "a9c9c6", "f8dcb0", "fff3cf", "d99a63", "6d3321", "e36d3a"),
    "neon": _palette("0b0620", "2a0f56", "d62f8f", "ff9ad5", "4b1f7c", "090414", "1fe0d6"),
    "sea": _palette("1b5a86", "5aa7c4", "d7efe6", "fffbe0", "4f8ca6", "12324a", "f2c14e"),
    "fire": _palette("1a0a0d", "5a1512", "e2571c", "ffd27a", "5f1d18", "0f0606", "ffb02e"),
    "pastel": _palette("a9b8e8", "e3c6e6", "fde4d5", "fff8ea", "c0b4dc", "6b6f9c", "f59fb0"),
    "ink": _palette("c9c5ba", "dedad0", "f3f0e8", "fbf9f3", "a09c95", "23211f", "b23a2e"),
}

PALETTE_WORDS = {
    "sunset": "sunset dusk evening golden warm orange romantic",
    "dawn": "dawn morning sunrise mist misty fog foggy soft peaceful quiet",
    "day": "day sunny noon bright clear summer meadow field clouds picnic",
    "night": "night midnight moon moonlight moonlit stars starry dark dream astronaut",
    "storm": "storm stormy thunder rain rainy grey gray gloomy lightning hurricane",
    "forest": "forest green jungle moss fern woods tree trees garden bamboo",
    "autumn": "autumn fall fox rust copper october leaves brown horse",
    "winter": "winter snow snowy ice frozen arctic cold glacier christmas polar",
    "desert": "desert dune dunes sand sahara canyon camel egypt mars",
    "neon": "neon cyberpunk cyber synthwave retro futuristic robot purple violet magenta",
    "sea": "sea ocean coast beach harbor harbour lighthouse ship boat island blue lake river",
    "fire": "fire lava volcano dragon flame inferno burning red apocalypse",
    "pastel": "pastel pink candy flower flowers blossom cherry spring cute kawaii unicorn",
    "ink": "ink sketch charcoal monochrome noir drawing pencil woodcut etching white black",
}


def choose_palette(words: frozenset[str], random: np.random.Generator) -> Palette:
    """A palette that the words call for, or any; slightly different for each seed."""
    fitting = [name for name, calls in PALETTE_WORDS.items() if words & set(calls.split())]
    name = str(random.choice(fitting or list(PALETTES)))
    turn = float(random.normal(0, 0.018))
    return PALETTES[name].shifted(turn, float(random.uniform(0.93, 1.07)))
