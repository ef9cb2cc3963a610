"""One line of text in letters of any script, drawn with the fonts of this computer where our own
has none for them. Letters that no font has are left out, and ``…`` stands in their place.
"""

import os
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import TypeAlias

from PIL import ImageDraw, ImageFont, features
from PIL.ImageFont import FreeTypeFont, Layout

Ink: TypeAlias = tuple[int, int, int]
Form: TypeAlias = tuple[tuple[int, int], bytes]
"""What is drawn for a letter: how wide and high, and its pixels."""

WELL_KNOWN = (
    *("segoeui.ttf", "arial.ttf", "msyh.ttc", "meiryo.ttc", "malgun.ttf", "nirmala.ttf"),
    *("leelawui.ttf", "seguisym.ttf"),
    *("arial unicode.ttf", "pingfang.ttc", "hiragino sans gb.ttc", "applesdgothicneo.ttc"),
    *("dejavusans.ttf", "notosans-regular.ttf", "notosanscjk-regular.ttc"),
    *("notosansarabic-regular.ttf", "notosansthai-regular.ttf", "notosansdevanagari-regular.ttf"),
    *("droidsansfallbackfull.ttf", "wqy-zenhei.ttc", "wqy-microhei.ttc", "freesans.ttf"),
)
"""Of Windows, macOS and Linux; they are looked into first."""
ENDINGS = {".ttf", ".ttc", ".otf", ".otc"}
ODD = ("bold", "italic", "oblique", "mono", "condensed", "narrow", "light", "black", "serif")
MOST_FONTS = 60
"""That are looked into for one letter."""
MOST_KEPT = 4096
"""Letters of which it is remembered which font has them."""
LEFT_OUT = "…"
WAYS = {"L": False, "R": True, "AL": True}
"""Of letters, whether they are read leftward."""
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_NOBODYS = "\uffff"
_IN_WORDS_ONLY = ((0x0900, 0x0DFF), (0x1000, 0x109F), (0x1780, 0x17FF))
"""Scripts of which letters change their places or shapes in a word."""


@dataclass(frozen=True)
class Run:
    """Letters of one font and one direction."""

    text: str
    font: FreeTypeFont
    is_leftward: bool

    @property
    def length(self) -> float:
        """Pixels."""
        return self.font.getlength(self._seen, direction=self._direction)

    def draw(self, draw: ImageDraw.ImageDraw, at: tuple[float, float], ink: Ink) -> None:
        """Upon the line that letters stand on."""
        draw.text(at, self._seen, ink, self.font, anchor="ls", direction=self._direction)

    @property
    def _knows_ways(self) -> bool:
        return self.font.layout_engine == Layout.RAQM

    @property
    def _direction(self) -> str | None:
        if not self._knows_ways:
            return None
        return "rtl" if self.is_leftward else "ltr"

    @property
    def _seen(self) -> str:
        """Signs between words, where nobody else turns them round."""
        if self._knows_ways or not self.is_leftward:
            return self.text
        return self.text[::-1].translate(_MIRRORED)


@dataclass(frozen=True)
class Line:
    """Runs from left to right; ``known`` is the share of the text that there are letters for."""

    runs: tuple[Run, ...]
    known: float

    @classmethod
    def of(cls, text: str, size: int) -> "Line":
        """``text`` on one line, ``size`` pixels high."""
        letters = list(_lettered(" ".join(unicodedata.normalize("NFC", text).split()), size))
        known = sum(font is not None for _, font in letters) / max(len(letters), 1)
        return cls(tuple(_in_sight(_runs(letters, size))), known)

    @property
    def length(self) -> float:
        """Pixels."""
        return sum(run.length for run in self.runs)

    def draw(self, draw: ImageDraw.ImageDraw, at: tuple[float, float], ink: Ink) -> None:
        """From ``at`` on, its upper left corner."""
        if not self.runs:
            return
        x, stands_on = at[0], at[1] + _ours(round(self.runs[0].font.size)).getmetrics()[0]
        for run in self.runs:
            run.draw(draw, (x, stands_on), ink)
            x += run.length


def fitting(text: str, size: int, wide: int) -> Line:
    """The beginning of ``text``, as far as it fits into ``wide`` pixels."""

    def begun(letters: int) -> Line:
        return Line.of(f"{text[:letters].rstrip()}…", size)

    whole = Line.of(text, size)
    if whole.length <= wide:
        return whole
    too_many = bisect_right(range(len(text)), wide, key=lambda letters: ceil(begun(letters).length))
    return begun(max(too_many - 1, 0))


def _lettered(text: str, size: int) -> Iterator[tuple[str, FreeTypeFont | None]]:
    """Each letter with a font that has it: accents, spaces and signs with what stands before."""
    font: FreeTypeFont | None = _ours(size)
    for letter in text:
        category = unicodedata.category(letter)
        if category == "Zs":
            font = font or _ours(size)
        elif category != "Cf":
            goes_along = category[0] != "L" and font is not None and _has(font, letter)
            font = font if goes_along else _font_for(letter, size)
        yield letter, font


def _runs(letters: Sequence[tuple[str, FreeTypeFont | None]], size: int) -> Iterator[Run]:
    """In the order in which they are read."""
    ways = _ways([letter for letter, _ in letters])
    said: list[tuple[str, FreeTypeFont, bool]] = []
    told = ((letter, font, way) for (letter, font), way in zip(letters, ways, strict=True))
    for font, group in groupby(told, lambda one: one[1]):
        if font:
            said += [(letter, font, way) for letter, _, way in group]
        else:
            said.append((LEFT_OUT, _ours(size), next(group)[2]))
    for (font, way), run in groupby(said, lambda one: one[1:]):
        yield Run("".join(letter for letter, _, _ in run), font, way)


def _ways(letters: Sequence[str]) -> list[bool]:
    """Whether each is read leftward. What stands between letters is so as both of them, or else as
    the line (Unicode Standard Annex 9, N1 and N2).
    """
    own = [WAYS.get(unicodedata.bidirectional(letter)) for letter in letters]
    line = next((way for way in own if way is not None), False)
    pairs = zip(own, _latest(own, line), _latest(own[::-1], line)[::-1], strict=True)
    return [
        (before if before == after else line) if way is None else way
        for way, before, after in pairs
    ]


def _latest(ways: Sequence[bool | None], line: bool) -> list[bool]:  # noqa: FBT001 - of two ways
    """The last one that was known, at each."""
    found = []
    for way in ways:
        line = line if way is None else way
        found.append(line)
    return found


def _in_sight(runs: Iterable[Run]) -> Iterator[Run]:
    """From left to right; the first one says which way the line goes."""
    ways = [(way, [*group]) for way, group in groupby(runs, lambda run: run.is_leftward)]
    is_leftward = bool(ways) and ways[0][0]
    for way, group in reversed(ways) if is_leftward else ways:
        yield from reversed(group) if way else group


@lru_cache(MOST_KEPT)
def _font_for(letter: str, size: int) -> FreeTypeFont | None:
    if _has(_ours(size), letter):
        return _ours(size)
    if _is_in_words_only(letter) and not features.check("raqm"):
        return None
    return next((font for font in _fonts(size) if _has(font, letter)), None)


def _is_in_words_only(letter: str) -> bool:
    if unicodedata.bidirectional(letter) in {"R", "AL"}:
        return True
    return any(first <= ord(letter) <= last for first, last in _IN_WORDS_ONLY)


@cache
def _ours(size: int) -> FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, FreeTypeFont)
    return font


def _fonts(size: int) -> Iterator[FreeTypeFont]:
    for path in font_files():
        if font := _opened(path, size):
            yield font


@cache
def _opened(path: Path, size: int) -> FreeTypeFont | None:
    try:
        return ImageFont.truetype(str(path), size)
    except OSError:  # none, or one of pictures
        return None


@lru_cache(MOST_KEPT)
def _has(font: FreeTypeFont, letter: str) -> bool:
    plain, of_none = _plain(font)
    return _form(plain, letter) != of_none


@cache
def _plain(font: FreeTypeFont) -> tuple[FreeTypeFont, Form]:
    """The same, letter by letter, and what it has in the place of those that it has not."""
    plain = font.font_variant(layout_engine=Layout.BASIC)
    return plain, _form(plain, _NOBODYS)


def _form(font: FreeTypeFont, letter: str) -> Form:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


@cache
def font_files() -> tuple[Path, ...]:
    """Those of this computer, the likeliest first."""
    found = {
        Path(folder, name)
        for place in _places()
        for folder, _, names in os.walk(place)
        for name in names
        if Path(name).suffix.lower() in ENDINGS
    }
    return tuple(sorted(found, key=_likelihood)[:MOST_FONTS])


def _likelihood(path: Path) -> tuple[int, int, str]:
    name = path.name.lower()
    place = WELL_KNOWN.index(name) if name in WELL_KNOWN else len(WELL_KNOWN)
    return place, sum(word in name for word in ODD), str(path)


def _places() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        windows, own = os.environ.get("WINDIR", r"C:\Windows"), os.environ.get("LOCALAPPDATA")
        users = [Path(own, "Microsoft", "Windows", "Fonts")] if own else []
        return [Path(windows, "Fonts"), *users]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    own = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    return [*(Path(one, "fonts") for one in [own, *shared.split(":")] if one), home / ".fonts"]
