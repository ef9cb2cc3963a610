"""What a picture is made of: whether it is whole, how large, how it looks small."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.said import later
from batchgen_app.storage import png

MAX_PIXELS = 80_000_000
"""Larger pictures are refused before they are decoded: 320 MB of memory, nearly 9000 x 9000."""
MAX_BYTES = 300_000_000
"""Larger files are not read: more than a server's picture may have, with what is added to it."""
MAX_THUMBNAIL_BYTES = 4_000_000
THUMBNAIL_SIDE = 300
THUMBNAIL_QUALITY = 80
KEYWORD = "parameters"

ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp"}
"""By Pillow's names of the formats; MPO is a JPEG with a second picture behind it."""


@dataclass(frozen=True)
class Picture:
    """A whole picture as it goes to disk; width and height are pixels.

    ``data`` is the file; ``text`` are the parameters that lie beside it and, in a PNG, inside it.
    """

    data: bytes
    text: str
    ending: str
    width: int
    height: int
    thumbnail: bytes


def whole(data: bytes, infotext: str) -> Picture:
    """The picture in ``data``, carrying its parameters; raises PictureBroken if it is not whole.

    A PNG that already has parameters keeps its own. Files of other formats stay as they are, byte
    for byte.
    """
    text = infotext
    with _decoded(data) as image:
        if image.format == "PNG":
            data, text = _carrying(data, infotext)
        width, height = image.size
        return Picture(data, text, ENDINGS[image.format or ""], width, height, _small(image))


def thumbnail_of(data: bytes) -> bytes:
    """A small WebP of a picture file; raises PictureBroken."""
    with _decoded(data) as image:
        return _small(image)


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height of a whole picture in pixels; raises PictureBroken."""
    with _decoded(data) as image:
        return image.size


def is_thumbnail(start: bytes, length: int) -> bool:
    """Whether a file that begins so is a WebP and as long as it says. It costs next to nothing; the
    pixels were made here.
    """
    mark, said, kind = struct.unpack("<4sI4s", start[:12].ljust(12, b"\0"))
    is_webp = (mark, said, kind) == (b"RIFF", length - 8, b"WEBP")
    return is_webp and length <= MAX_THUMBNAIL_BYTES


@contextmanager
def _decoded(data: bytes) -> Iterator[Image.Image]:
    """Every pixel of it, read, and in a PNG every checksum checked; raises PictureBroken."""
    if data.startswith(png.SIGNATURE):
        data = _pixels(data)
    with _load(data) as image:
        yield image


def _pixels(data: bytes) -> bytes:
    parts = png.chunks(data)
    _check_size(*png.size(parts[0]))
    return png.only_pixels(data, parts)


def _load(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
        _check_size(*image.size)
        image.load()
    except UnidentifiedImageError as error:
        raise PictureBroken(later("The file is not a PNG, JPEG or WebP picture.")) from error
    except PictureBroken:
        raise
    except Exception as error:  # decoders raise almost anything when they meet broken bytes
        raise PictureBroken(later("The picture is damaged: {error}", error=error)) from error
    return image


def _check_size(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        raise PictureBroken(
            later(
                "A picture of {width} x {height} pixels is too large or empty.",
                width=width,
                height=height,
            )
        )


def _carrying(data: bytes, infotext: str) -> tuple[bytes, str]:
    """A PNG with parameters in it, and which."""
    parts = png.chunks(data)
    own = png.text(parts, KEYWORD)
    if own is not None:
        return data, own
    return png.with_text(data, parts, KEYWORD, infotext), infotext


def _small(image: Image.Image) -> bytes:
    """The picture at thumbnail size, as WebP."""
    if image.mode == "I;16":  # which Pillow would cut off at 255, not scale
        image = image.point(lambda value: value / 256)
    picture = image.convert("RGBA" if image.has_transparency_data else "RGB")
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=THUMBNAIL_QUALITY)
    return buffer.getvalue()
