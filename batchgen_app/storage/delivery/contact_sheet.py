"""Contact sheets: small pictures on white paper, under each its number, its seed and what somebody
thought of it, and its prompt where they have several. As wide as a page of A4 in print at 200 dots
an inch, and never longer.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from batchgen_app.storage.decoding import THUMBNAIL_SIDE
from batchgen_app.storage.delivery import words
from batchgen_app.storage.delivery.lettering import Line, fitting

DOTS = 200
"""An inch."""
WIDTH, HEIGHT = 1654, 2339
"""A4."""
MARGIN, GAP = 45, 16
CAPTION = 60
PROMPT = 28
"""More, where prompts are told."""
HEAD = 70
PER_SHEET = 25
QUALITY = 90
LONGEST = 150
"""Letters of a prompt that may fit under a picture."""
FEWEST_KNOWN = 0.5
"""Of the letters of a prompt: with fewer, it says nothing."""
FEWEST_COLUMNS = ((4, 2), (9, 3), (16, 4), (PER_SHEET, 5))
"""Up to so many pictures, so many columns."""

_PAPER, _INK, _QUIET = (255, 255, 255), (24, 24, 27), (105, 105, 112)
_STAR, _HEART, _CROSS = (196, 138, 0), (200, 30, 60), (170, 30, 30)
_LETTERS, _SMALL_LETTERS, _HEAD_LETTERS = 24, 20, 26


@dataclass(frozen=True)
class Cell:
    """One picture: ``small`` is a WebP of it, ``said`` stands in its place where there is none. A
    seed that is not to be told is None, such a prompt empty.
    """

    small: bytes | None
    said: str
    number: str
    seed: int | None
    rating: int
    favourite: bool
    rejected: bool
    prompt: str = ""


def columns(count: int) -> int:
    """Of a sheet with so many pictures."""
    return next((number for most, number in FEWEST_COLUMNS if count <= most), 5)


def side(count: int, *, has_prompts: bool = False) -> int:
    """Pixels of the longer side of a picture, on a sheet with so many."""
    number = columns(count)
    room = (WIDTH - 2 * MARGIN - (number - 1) * GAP) // number
    rows = math.ceil(count / number)
    high = (HEIGHT - HEAD - MARGIN) // rows - GAP - _caption_height(has_prompts=has_prompts)
    return max(min(room, high), 1)


def _caption_height(*, has_prompts: bool) -> int:
    return CAPTION + PROMPT * has_prompts


def contact_sheet(cells: Sequence[Cell], head: str) -> bytes:
    """A JPEG of at most ``PER_SHEET`` pictures, under a line that says ``head``."""
    has_prompts = any(cell.prompt for cell in cells)
    caption = _caption_height(has_prompts=has_prompts)
    number, square = columns(len(cells)), side(len(cells), has_prompts=has_prompts)
    lines = [cells[start : start + number] for start in range(0, len(cells), number)]
    drawn = [[_picture(cell, square) for cell in line] for line in lines]
    highest = [max(image.height for image in line) for line in drawn]
    high = HEAD + sum(each + caption + GAP for each in highest) + MARGIN
    sheet = Image.new("RGB", (WIDTH, min(high, HEIGHT)), _PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, HEAD / 2), head, _QUIET, ImageFont.load_default(_HEAD_LETTERS), anchor="lm")
    left, y = (WIDTH - number * square - (number - 1) * GAP) // 2, HEAD
    for line, images, tall in zip(lines, drawn, highest, strict=True):
        for column, (cell, image) in enumerate(zip(line, images, strict=True)):
            x = left + column * (square + GAP)
            at = (x + (square - image.width) // 2, y + tall - image.height)
            sheet.paste(image, at, image)
            _caption(draw, cell, (x, y + tall + 6), square)
        y += tall + caption + GAP
    return _jpeg(sheet)


def _picture(cell: Cell, square: int) -> Image.Image:
    """As large as fits into a square; one that is small stays so."""
    if cell.small is None:
        return _tile(cell.said, square)
    with Image.open(io.BytesIO(cell.small), formats=["WEBP"]) as opened:
        image = opened.convert("RGBA")
    if max(image.size) > square or max(image.size) >= THUMBNAIL_SIDE:
        scale = square / max(image.size)
        whole = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
        return image.resize(whole, Image.Resampling.LANCZOS)
    return image


def _tile(said: str, square: int) -> Image.Image:
    """A plain area in the place of a picture, and why."""
    size = (square, square * 2 // 3)
    image = Image.new("RGBA", size, (236, 236, 238))
    font, middle = ImageFont.load_default(_SMALL_LETTERS), (size[0] / 2, size[1] / 2)
    ImageDraw.Draw(image).text(middle, said, _QUIET, font, anchor="mm")
    return image


def _caption(draw: ImageDraw.ImageDraw, cell: Cell, at: tuple[int, int], wide: int) -> None:
    """The number, the marks behind it, and below the seed and the prompt."""
    bold, small = ImageFont.load_default(_LETTERS), ImageFont.load_default(_SMALL_LETTERS)
    draw.text(at, cell.number, _INK, bold)
    x, middle = at[0] + wide - 10, at[1] + 14
    for _ in range(cell.rating):
        _star(draw, (x, middle))
        x -= 22
    if cell.favourite:
        x -= 4
        _heart(draw, (x, middle))
        x -= 24
    if cell.rejected:
        _cross(draw, (x, middle))
    if cell.seed is not None:
        draw.text((at[0], at[1] + 30), f"{cell.seed}", _QUIET, small)
    _prompt(cell.prompt, wide).draw(draw, (at[0], at[1] + 56), _QUIET)


def _prompt(prompt: str, wide: int) -> Line:
    """Its beginning, on one line; or that there are no letters here for most of it."""
    beginning = prompt if len(prompt) <= LONGEST else f"{prompt[:LONGEST].rstrip()}…"
    line = fitting(beginning, _SMALL_LETTERS, wide)
    if line.known >= FEWEST_KNOWN:
        return line
    return fitting(str(words.NO_FONT), _SMALL_LETTERS, wide)


def _star(draw: ImageDraw.ImageDraw, at: tuple[float, float]) -> None:
    corners = []
    for corner in range(10):
        far = 10 if corner % 2 == 0 else 4
        angle = math.pi * corner / 5 - math.pi / 2
        corners.append((at[0] + far * math.cos(angle), at[1] + far * math.sin(angle)))
    draw.polygon(corners, fill=_STAR)


def _heart(draw: ImageDraw.ImageDraw, at: tuple[float, float]) -> None:
    x, y = at
    draw.ellipse((x - 10, y - 9, x, y + 1), fill=_HEART)
    draw.ellipse((x, y - 9, x + 10, y + 1), fill=_HEART)
    draw.polygon([(x - 9, y - 1), (x + 9, y - 1), (x, y + 10)], fill=_HEART)


def _cross(draw: ImageDraw.ImageDraw, at: tuple[float, float]) -> None:
    x, y = at
    draw.line((x - 8, y - 8, x + 8, y + 8), fill=_CROSS, width=4)
    draw.line((x - 8, y + 8, x + 8, y - 8), fill=_CROSS, width=4)


def _jpeg(sheet: Image.Image) -> bytes:
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=QUALITY, dpi=(DOTS, DOTS), optimize=True)
    return buffer.getvalue()
