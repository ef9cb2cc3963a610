"""What a file is made of: whether a picture is whole, how large, how it looks small; and what can
be seen of any other file. Those are kept as they come: nobody here can tell whether they are whole.
"""

import hashlib
import io
import logging
import struct
from dataclasses import dataclass

from batchgen_app.core import media
from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.message import later
from batchgen_app.storage import decoding, decoding_apart, large_files
from batchgen_app.storage.arriving import ArrivingFile
from batchgen_app.storage.batch_folder import OpenFile
from batchgen_app.storage.decoding import Claim
from batchgen_app.storage.metadata.writing import Settings, carrying

logger = logging.getLogger(__name__)

MAX_BYTES = 300_000_000
"""Larger files are not read into the memory: more than is held of what a server sends, with what is
added to it. They are kept, handed on and told of as far as their first bytes say what they are.
"""
MOST_BYTES = 10**11
"""Of a file that is opened at all: no output has more, and what lies in its place may."""
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


@dataclass(frozen=True)
class LargeFile(Look):
    """The same of one that is too large to be held: its settings stand beside it alone."""

    data: ArrivingFile
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


def arrived(file: ArrivingFile, infotext: str, name: str = "") -> LargeFile:
    """What has come, by the ``name`` that the server has for it; raises what ``whole`` does."""
    with file.opened() as there:
        look = _large_look(there.file, there.status.st_size, name)
    remark = NOT_INSIDE if look.ending in media.PICTURES else ""
    return LargeFile(**vars(look), data=file, text=infotext, remark=remark)


def made_of(
    data: bytes | ArrivingFile, infotext: str, name: str = "", packet: str = ""
) -> Picture | LargeFile:
    """The one or the other, as it came: held in the memory, or written to the disk."""
    if isinstance(data, bytes):
        return whole(data, infotext, name, packet)
    return arrived(data, infotext, name)


def thumbnail_of(data: bytes, name: str = "") -> bytes:
    """A small WebP of a file that is called so; raises PictureBroken, OSError."""
    return look_of(data, name).thumbnail


@dataclass(frozen=True)
class Seen:
    """What is seen of a file that lies there, with its length and its SHA-256."""

    look: Look
    bytes: int
    digest: str


def seen(there: OpenFile) -> Seen:
    """Of any length; raises PictureBroken, OSError."""
    size, file, name = there.status.st_size, there.file, there.name
    if size <= MAX_BYTES:
        data = file.read(MAX_BYTES)
        return Seen(look_of(data, name), len(data), hashlib.sha256(data).hexdigest())
    look = _large_look(file, size, name)
    file.seek(0)
    return Seen(look, size, hashlib.file_digest(file, "sha256").hexdigest())


def _large_look(file: io.BufferedReader | io.BytesIO, size: int, name: str) -> Look:
    """What is seen of a file that is too large to be read; raises PictureBroken, OSError."""
    ending = media.ending_of(name) if name else ""
    claim = large_files.claim_of(file, size)
    if claim:
        tile, moves = decoding.placeholder(claim), claim.is_animated
        return Look(ENDINGS[claim.format], claim.width, claim.height, moves, tile)
    if not ending or ending in media.PICTURES:
        raise PictureBroken(later("The file is not a PNG, JPEG or WebP picture."))
    return Look(ending, None, None, is_animated=False, thumbnail=decoding.plain_tile(ending))


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


def seen_of(picture: Picture | LargeFile) -> Seen:
    """The same of one that was just stored."""
    data = picture.data
    digest = hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else data.digest
    return Seen(picture, len(data), digest)


def look_at(there: OpenFile) -> Look:
    """What is seen of a file of any length; raises PictureBroken, OSError."""
    size = there.status.st_size
    if size > MAX_BYTES:
        return _large_look(there.file, size, there.name)
    return look_of(there.file.read(MAX_BYTES), there.name)


def check(there: OpenFile, name: str, *, is_as_long: bool) -> None:
    """Raises PictureBroken where it is no whole picture, though it should be one by its ``name``.
    Of one that ``is_as_long`` as it was, the pixels are not looked at.
    """
    size = there.status.st_size
    if size > MAX_BYTES:
        _large_look(there.file, size, name)
        return
    data = there.file.read(MAX_BYTES)
    if not is_as_long:
        look_of(data, name)
    elif _must_be_picture(media.ending_of(name), data):
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
