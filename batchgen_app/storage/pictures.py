"""What a file is made of: whether a picture is whole, how large, how it looks small; and what can
be seen of any other file. Those are kept as they come: nobody here can tell whether they are whole.
"""

import logging
import struct
from dataclasses import dataclass

from batchgen_app.core import media
from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.message import later
from batchgen_app.storage import decoding, decoding_apart
from batchgen_app.storage.decoding import Claim
from batchgen_app.storage.metadata.writing import Settings, carrying

logger = logging.getLogger(__name__)

MAX_BYTES = 300_000_000
"""Larger files are not read: more than a server's picture may have, with what is added to it."""
MAX_THUMBNAIL_BYTES = 4_000_000
NOT_INSIDE = later(
    "The settings of this picture could not be written into its file; they stand in the text file "
    "beside it."
)

ENDINGS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
_DRAWN = frozenset({"gif", "avif", "bmp", "tif", "tiff", "tga", "jp2", "psd"})
"""Endings of other files that a still may be made of."""


@dataclass(frozen=True)
class Look:
    """What is seen of a file: its true ending, width and height in pixels where they are known,
    whether it moves, and its thumbnail.
    """

    ending: str
    width: int | None
    height: int | None
    is_animated: bool
    thumbnail: bytes


@dataclass(frozen=True)
class Picture(Look):
    """A whole picture, or another file, as it goes to disk.

    ``data`` is the file; ``text`` are the parameters that lie beside it and, where it is a PNG,
    JPEG or WebP, inside it, unless ``remark`` says that they are not.
    """

    data: bytes
    text: str
    remark: str = ""


def whole(data: bytes, infotext: str, name: str = "", packet: str = "") -> Picture:
    """What is in ``data``, a picture carrying its parameters and an XMP ``packet``, if one is
    given; ``name`` is what a server calls it, where it has a name there. Raises PictureBroken if it
    is to be a picture and is not whole, OSError if it cannot be looked at.

    One that already has parameters or a packet keeps its own. Files of other formats stay as they
    are, byte for byte.
    """
    look = look_of(data, name)
    told = carrying(data, look.ending, Settings(infotext, packet))
    remark = "" if told.is_told else NOT_INSIDE
    return Picture(**vars(look), data=told.data, text=told.text, remark=remark)


def thumbnail_of(data: bytes, name: str = "") -> bytes:
    """A small WebP of a file that is called so; raises PictureBroken, OSError."""
    return look_of(data, name).thumbnail


def look_of(data: bytes, name: str = "") -> Look:
    """What is seen of a file that is called so; raises PictureBroken, OSError."""
    ending = media.ending_of(name) if name else ""
    if decoding.is_picture(data) or _must_be_picture(ending, data):
        claim, thumbnail = _seen(data)
        return Look(ENDINGS[claim.format], claim.width, claim.height, claim.is_animated, thumbnail)
    still = decoding_apart.still_of(data) if ending in _DRAWN else None
    if still is None:
        tile = decoding.plain_tile(ending)
        return Look(ending, None, None, is_animated=False, thumbnail=tile)
    return Look(ending, still.width, still.height, still.is_animated, still.thumbnail)


def check(data: bytes, name: str) -> None:
    """Raises PictureBroken where the beginning is not that of such a file: the pixels are not
    looked at.
    """
    if _must_be_picture(media.ending_of(name), data):
        decoding.claim_of(data)


def is_thumbnail(start: bytes, length: int) -> bool:
    """Whether a file that begins so is a WebP and as long as it says. It costs next to nothing; the
    pixels were made here.
    """
    mark, said, kind = struct.unpack("<4sI4s", start[:12].ljust(12, b"\0"))
    is_webp = (mark, said, kind) == (b"RIFF", length - 8, b"WEBP")
    return is_webp and length <= MAX_THUMBNAIL_BYTES


def _must_be_picture(ending: str, data: bytes) -> bool:
    """By its name; and what has no name, or is nothing at all, is no other file."""
    is_false = ending == "gif" and not data.startswith(b"GIF8")
    return not ending or not data or ending in media.PICTURES or is_false


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
