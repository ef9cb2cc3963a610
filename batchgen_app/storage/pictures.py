"""What a picture is made of: whether it is whole, how large, how it looks small."""

import logging
import struct
from dataclasses import dataclass

from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.message import later
from batchgen_app.storage import decoding, decoding_apart, png
from batchgen_app.storage.decoding import Claim

logger = logging.getLogger(__name__)

MAX_BYTES = 300_000_000
"""Larger files are not read: more than a server's picture may have, with what is added to it."""
MAX_THUMBNAIL_BYTES = 4_000_000
KEYWORD = "parameters"

ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


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
    """The picture in ``data``, carrying its parameters; raises PictureBroken if it is not whole,
    OSError if it cannot be looked at.

    A PNG that already has parameters keeps its own. Files of other formats stay as they are, byte
    for byte.
    """
    claim, thumbnail = _seen(data)
    data, text = _carrying(data, infotext) if claim.format == "PNG" else (data, infotext)
    return Picture(data, text, ENDINGS[claim.format], claim.width, claim.height, thumbnail)


def thumbnail_of(data: bytes) -> bytes:
    """A small WebP of a picture file; raises PictureBroken, OSError."""
    return _seen(data)[1]


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height of a whole picture in pixels; raises PictureBroken, OSError."""
    claim, _ = _seen(data)
    return claim.width, claim.height


def is_thumbnail(start: bytes, length: int) -> bool:
    """Whether a file that begins so is a WebP and as long as it says. It costs next to nothing; the
    pixels were made here.
    """
    mark, said, kind = struct.unpack("<4sI4s", start[:12].ljust(12, b"\0"))
    is_webp = (mark, said, kind) == (b"RIFF", length - 8, b"WEBP")
    return is_webp and length <= MAX_THUMBNAIL_BYTES


def _seen(data: bytes) -> tuple[Claim, bytes]:
    """Every pixel of it; or, where those are too many to be looked at, the file as a whole."""
    claim = decoding.claim_of(data)
    if small := _thumbnail(data, claim):
        return claim, small
    _check_end(data, claim)
    logger.warning("A picture of %d x %d is kept undecoded", claim.width, claim.height)
    return claim, decoding.placeholder(claim)


def _thumbnail(data: bytes, claim: Claim) -> bytes | None:
    if claim.is_modest:
        return decoding.thumbnail_of(data, claim)
    return decoding_apart.thumbnail_of(data)


def _check_end(data: bytes, claim: Claim) -> None:
    """Raises PictureBroken where the file does not end as it should. A PNG's was checked before."""
    ends = {
        "PNG": True,
        "JPEG": b"\xff\xd9" in data[-64:],
        "WEBP": int.from_bytes(data[4:8], "little") + 8 <= len(data),
    }
    if not ends[claim.format]:
        raise PictureBroken(later("The picture ends too early."))


def _carrying(data: bytes, infotext: str) -> tuple[bytes, str]:
    """A PNG with parameters in it, and which."""
    parts = png.chunks(data)
    own = png.text(parts, KEYWORD)
    if own is not None:
        return data, own
    return png.with_text(data, parts, KEYWORD, infotext), infotext
