"""Decoding: what a picture file claims to be, whether every pixel is there, how it looks small; and
of files of other formats, whatever still can be made of them.

How much memory and time it takes is known before: by what the file claims, not by what it is.
What may take more than an app should give is for a process of its own (``decoding_apart``).
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

from PIL import ExifTags, Image, ImageDraw, ImageFont
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.message import later
from batchgen_app.storage import png
from batchgen_app.storage.metadata import webp

MODEST_PIXELS = 8_400_000
"""Up to 2048 x 4096: decoded here, in at most 100 MB."""
MODEST_SCANS = 100
"""In a JPEG: each one may take as long as the whole picture; cameras and savers write about ten."""
MAX_PIXELS = {"PNG": 16384 * 16384, "WEBP": 100_000_000}
"""More are not decoded at all, by formats: 1.1 GB in a PNG; WebP takes 16 bytes for each. A JPEG is
decoded at an eighth of its sides, which is never too much.
"""
THUMBNAIL_SIDE = 300
THUMBNAIL_QUALITY = 80

MAX_STILL_PIXELS = 100_000_000
"""Of a file of another format, which may take 16 bytes for each."""
STILLS = ("GIF", "AVIF", "TIFF", "BMP", "TGA", "JPEG2000", "PSD")
"""Other formats that Pillow may have: of several frames, the first one is the still."""
LYING = frozenset({5, 6, 7, 8})
"""Orientations (EXIF 0x0112) of pictures whose rows are columns of what is seen."""
MOVING = frozenset({"GIF", "AVIF"})

_GREY, _LIGHT = (96, 96, 104), (208, 208, 212)
_KINDS: dict[str, Callable[[io.BytesIO], Image.Image]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "WEBP": WebPImageFile,
}
"""By Pillow's names. Its own bound of pixels is not asked: it cannot tell where it is decoded."""


@dataclass(frozen=True)
class Claim:
    """What the beginning of a file says: its format, width and height in pixels, and whether it
    moves.
    """

    format: str
    width: int
    height: int
    is_modest: bool
    is_animated: bool = False

    @property
    def is_decoded(self) -> bool:
        """Whether it is small enough for that, be it in a process of its own."""
        return self.width * self.height <= MAX_PIXELS.get(self.format, self.width * self.height)


@dataclass(frozen=True)
class Still:
    """What is seen of a file of another format."""

    width: int
    height: int
    is_animated: bool
    thumbnail: bytes

    _HEAD: ClassVar = struct.Struct(">II?")

    def packed(self) -> bytes:
        """On its way from another process."""
        return self._HEAD.pack(self.width, self.height, self.is_animated) + self.thumbnail

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Raises struct.error where it is not whole."""
        width, height, moves = cls._HEAD.unpack_from(data)
        return cls(width, height, moves, data[cls._HEAD.size :])


def is_picture(data: bytes) -> bool:
    """Whether it begins like a PNG, JPEG or WebP."""
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return is_webp or data.startswith((png.SIGNATURE, b"\xff\xd8\xff"))


def claim_of(data: bytes) -> Claim:
    """Without decoding, but with every checksum of a PNG checked; raises PictureBroken."""
    if data.startswith(png.SIGNATURE):
        return _png_claim(png.chunks(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        moves = data[12:16] == b"VP8X" and bool(data[20] & 2)
        return _claim("WEBP", *webp.size(data), is_animated=moves)
    if not data.startswith(b"\xff\xd8\xff"):
        raise PictureBroken(later("The file is not a PNG, JPEG or WebP picture."))
    with _opened(data, "JPEG") as image:  # reads no pixels yet
        return _jpeg_claim(data, *image.size)


def upright_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of a picture as it is seen: cameras note how they were held.
    Raises PictureBroken.
    """
    claim = claim_of(data)
    # A PNG is decoded for that: only where it has such a note at all.
    may_be_turned = claim.format != "PNG" or b"eXIf" in data
    is_turned = may_be_turned and _orientation(data, claim.format) in LYING
    return (claim.height, claim.width) if is_turned else (claim.width, claim.height)


def _orientation(data: bytes, kind: str) -> object:
    with _opened(data, kind) as image:
        try:
            return image.getexif().get(ExifTags.Base.Orientation)
        except Exception:  # noqa: BLE001 - what is broken there says nothing
            return None


def is_transparent(thumbnail: bytes) -> bool:
    """Whether something can be seen through, by a picture's thumbnail."""
    with _opened(thumbnail, "WEBP") as image:
        _load(image)
        return image.mode == "RGBA" and image.getchannel("A").tobytes().strip(b"\xff") != b""


def thumbnail_of(data: bytes, claim: Claim) -> bytes | None:
    """A small WebP, made of every pixel; None where there are too many, but all of them are there.
    Raises PictureBroken, MemoryError.
    """
    if claim.is_decoded:
        return _decoded(data, claim)
    if claim.format == "PNG":
        png.check_length(png.chunks(data))
    return None


def small_of(data: bytes, claim: Claim, side: int) -> bytes | None:
    """The same, as a WebP whose longer side has at most ``side`` pixels."""
    return _decoded(data, claim, side) if claim.is_decoded else None


def placeholder(claim: Claim) -> bytes:
    """In the place of a thumbnail: a grey area of the picture's shape that says its size."""
    longest = max(claim.width, claim.height)
    size = [max(1, side * THUMBNAIL_SIDE // longest) for side in (claim.width, claim.height)]
    return _tile(f"{claim.width} x {claim.height}", (size[0], size[1]), THUMBNAIL_SIDE / 12)


def plain_tile(ending: str) -> bytes:
    """In the place of a thumbnail: a grey area that says how the file's name ends."""
    return _tile(ending.upper(), (THUMBNAIL_SIDE, THUMBNAIL_SIDE), THUMBNAIL_SIDE / 7)


def _tile(words: str, size: tuple[int, int], letters: float) -> bytes:
    image, middle = Image.new("RGB", size, _GREY), (size[0] / 2, size[1] / 2)
    font = ImageFont.load_default(letters)
    ImageDraw.Draw(image).text(middle, words, _LIGHT, font, anchor="mm")
    return _webp(image)


def still_of(data: bytes) -> Still | None:
    """Of a file in one of the formats in ``STILLS``; None where that cannot be. For a process of
    its own: how much memory it takes is not known before. Raises MemoryError.
    """
    try:
        with Image.open(io.BytesIO(data), formats=STILLS) as image:
            width, height = image.size
            if not 0 < width * height <= MAX_STILL_PIXELS:
                return None
            moves = image.format in MOVING and getattr(image, "is_animated", False)
            return Still(width, height, moves, _small(image))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - decoders raise almost anything
        return None


def _png_claim(parts: list[png.Chunk]) -> Claim:
    png.check_promise(parts)
    moves = any(part.kind == b"acTL" for part in parts)
    return _claim("PNG", *png.size(parts[0]), is_animated=moves)


def _jpeg_claim(data: bytes, width: int, height: int) -> Claim:
    """Raises PictureBroken for less than a bit for each 8 x 8 pixels, which no JPEG can do with."""
    if width * height > len(data) * 8 * 64:
        raise PictureBroken(later("The picture is damaged: pixels are missing."))
    return _claim("JPEG", width, height, scans=data.count(b"\xff\xda"))


def _claim(
    kind: str, width: int, height: int, *, scans: int = 1, is_animated: bool = False
) -> Claim:
    if not width * height:
        raise PictureBroken(later("The picture is empty."))
    is_modest = width * height <= MODEST_PIXELS and scans <= MODEST_SCANS
    return Claim(kind, width, height, is_modest, is_animated)


def opened(data: bytes, claim: Claim) -> Image.Image:
    """Its pixels are read when they are asked for. Raises PictureBroken, MemoryError."""
    if claim.format == "PNG" and not claim.is_animated:
        data = png.only_pixels(data, png.chunks(data))
    return _opened(data, claim.format)


def _decoded(data: bytes, claim: Claim, side: int = THUMBNAIL_SIDE) -> bytes:
    if claim.format == "PNG":
        data = png.only_pixels(data, png.chunks(data))
    with _opened(data, claim.format) as image:
        if image.size != (claim.width, claim.height):
            raise PictureBroken(later("The picture is damaged: it has two sizes."))
        if not claim.is_modest:
            # Has a JPEG decoded at a part of its sides; of other formats it does nothing.
            image.draft(None, (side * 2, side * 2))
        _load(image)
        return _small(image, side)


def _opened(data: bytes, kind: str) -> Image.Image:
    try:
        return _KINDS[kind](io.BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:
        raise _damaged(error) from error


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # decoders raise almost anything when they meet broken bytes
        raise _damaged(error) from error


def _damaged(error: Exception) -> PictureBroken:
    return PictureBroken(later("The picture is damaged: {error}", error=error))


def _small(image: Image.Image, side: int = THUMBNAIL_SIDE) -> bytes:
    """The picture at thumbnail size, as WebP; it is used up by that."""
    if image.mode == "I;16":  # which Pillow would cut off at 255, not scale
        image = image.point(lambda value: value / 256)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    # As sharp as Pillow's usual bicubic way, in three fifths of its time.
    image.thumbnail((side, side), Image.Resampling.HAMMING, reducing_gap=2.0)
    return _webp(image)


def _webp(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    # A third of the time of the usual method 4, for a file that is a tenth larger.
    image.save(buffer, "WEBP", quality=THUMBNAIL_QUALITY, method=1)
    return buffer.getvalue()
