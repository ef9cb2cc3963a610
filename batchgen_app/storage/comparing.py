"""Two pictures, pixel by pixel. For a process of its own (``decoding_apart``): how much memory it
takes is known by what both claim to be, and that may be much.
"""

import io
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import reduce
from itertools import zip_longest
from typing import Self

from PIL import Image, ImageChops, ImageSequence

from batchgen_app.core.errors import PictureBroken
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage import decoding, png

ROWS = 512
"""That are compared at a time: what differs is a picture as well."""
NO_PICTURE = later("It is no picture that can be decoded here.")
TOO_LARGE = later("The picture is too large to be compared.")
PLAIN = ("L", "LA", "RGB", "RGBA")
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Kind:
    """What a file is: its format and how its pixels are kept, by Pillow's names; width and height
    in pixels, and how many frames.
    """

    format: str
    mode: str
    width: int
    height: int
    frames: int


@dataclass(frozen=True)
class Compared:
    """What both are, and of those of the same size how many pixels of ``total`` differ, the largest
    step of a channel, of 255, and the area that holds them all: left, top, width, height.
    ``is_finer``: they differ in less than such a step.
    """

    first: Kind
    second: Kind
    count: int = 0
    total: int = 0
    largest: int = 0
    area: tuple[int, int, int, int] | None = None
    is_finer: bool = False

    @property
    def is_same_kind(self) -> bool:
        """Whether the pixels could be compared one by one."""
        return self.first == self.second

    @property
    def is_identical(self) -> bool:
        """Whether they are the same picture."""
        return self.is_same_kind and not self.count and not self.is_finer

    def to_json(self) -> JsonObject:
        """On its way from another process."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: JsonObject) -> Self:
        """Raises TypeError, KeyError where it is not whole."""
        area = data["area"]
        kinds = {name: Kind(**data[name]) for name in ("first", "second")}
        return cls(**{**data, **kinds, "area": tuple(area) if area else None})


def compared(first: bytes, second: bytes) -> Compared:
    """Raises PictureBroken where one of them cannot be decoded, MemoryError."""
    with _opened(first) as one, _opened(second) as other:
        kinds = _kind(one), _kind(other)
        if kinds[0] != kinds[1]:
            return Compared(*kinds)
        found = _Found()
        try:
            for before, after in zip_longest(_frames(one), _frames(other)):
                found.compare(before, after)
        except MemoryError:
            raise
        except Exception as error:
            raise PictureBroken(NO_PICTURE) from error
    is_finer = not found.count and (found.is_finer or _are_finer(first, second))
    return Compared(*kinds, found.count, found.total, found.largest, found.area, is_finer)


class _Found:
    """What differs, over all frames."""

    def __init__(self) -> None:
        self.count = self.total = self.largest = 0
        self.is_finer = False
        self._box: Box | None = None

    @property
    def area(self) -> tuple[int, int, int, int] | None:
        if self._box is None:
            return None
        left, top, right, bottom = self._box
        return left, top, right - left, bottom - top

    def compare(self, first: Image.Image, second: Image.Image) -> None:
        width, height = first.size
        self.total += width * height
        for top in range(0, height, ROWS):
            strip = (0, top, width, min(top + ROWS, height))
            self._compare(first.crop(strip), second.crop(strip), top)

    def _compare(self, first: Image.Image, second: Image.Image, top: int) -> None:
        if first.tobytes() == second.tobytes() and first.getpalette() == second.getpalette():
            return
        difference = ImageChops.difference(_plain(first), _plain(second))
        worst = reduce(ImageChops.lighter, difference.split())
        if box := worst.getbbox():
            steps = worst.histogram()
            self.count += sum(steps[1:])
            self.largest = max(self.largest, *(n for n, times in enumerate(steps) if times))
            self._hold(box, top)
        elif first.mode not in {*PLAIN, "P"}:
            self.is_finer = True

    def _hold(self, box: Box, top: int) -> None:
        left, upper, right, lower = box
        moved = (left, upper + top, right, lower + top)
        known = self._box or moved
        self._box = (*map(min, known[:2], moved[:2]), *map(max, known[2:], moved[2:]))  # type: ignore[assignment]


def _opened(data: bytes) -> Image.Image:
    if decoding.is_picture(data):
        claim = decoding.claim_of(data)
        if not claim.is_decoded:
            raise PictureBroken(TOO_LARGE)
        return decoding.opened(data, claim)
    try:
        image = Image.open(io.BytesIO(data), formats=decoding.STILLS)
    except MemoryError:
        raise
    except Exception as error:
        raise PictureBroken(NO_PICTURE) from error
    if image.width * image.height > decoding.MAX_STILL_PIXELS:
        raise PictureBroken(TOO_LARGE)
    return image


def _kind(image: Image.Image) -> Kind:
    frames = getattr(image, "n_frames", 1)
    return Kind(image.format or "", image.mode, image.width, image.height, frames)


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    yield from ImageSequence.Iterator(image)


def _plain(image: Image.Image) -> Image.Image:
    if image.mode in PLAIN:
        return image
    if image.mode.startswith("I;16"):  # which Pillow would cut off at 255, not scale
        return image.point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _are_finer(first: bytes, second: bytes) -> bool:
    """Of a PNG with 16 bits a channel, Pillow keeps eight in colours."""
    if not (first.startswith(png.SIGNATURE) and second.startswith(png.SIGNATURE)):
        return False
    parts = png.chunks(first), png.chunks(second)
    return parts[0][0].content[8] > 8 and _scanlines(parts[0]) != _scanlines(parts[1])


def _scanlines(parts: list[png.Chunk]) -> bytes:
    packed = b"".join(part.content for part in parts if part.kind == b"IDAT")
    return zlib.decompress(packed)
