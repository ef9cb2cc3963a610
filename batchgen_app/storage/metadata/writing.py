"""A picture with its settings in it, and with a packet that says what made it.

What is there already stays: a picture that has settings, a server's or ours, gets no others, and
one that has a packet gets no second one. So the same file again is the same.
"""

import logging
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from batchgen_app.core import xmp
from batchgen_app.core.infotext import is_infotext
from batchgen_app.storage import png
from batchgen_app.storage.metadata import exif, jpeg, webp
from batchgen_app.storage.metadata.exif import Odd

logger = logging.getLogger(__name__)

KEYWORD, PACKET = "parameters", "XML:com.adobe.xmp"
"""Of the texts in a PNG: the latter by the XMP Specification, part 3, section 1.1.5."""


@dataclass(frozen=True)
class Settings:
    """What a picture is to carry: the settings as text, and an XMP packet, if any."""

    text: str
    packet: str = ""


@dataclass(frozen=True)
class Carrying:
    """The file, the settings that it tells, which may be others than were given, and whether it
    tells any: where it does not, the text beside it has to.
    """

    data: bytes
    text: str
    is_told: bool = True


def carrying(data: bytes, ending: str, settings: Settings) -> Carrying:
    """``data``, a whole picture whose name ends so, with its settings. Never fails: a file of
    another kind, and what cannot be taken apart for sure, is left as it is.
    """
    write = _WRITERS.get(ending)
    if write is None:
        return Carrying(data, settings.text)
    try:
        return write(data, settings)
    except (Odd, struct.error) as error:
        logger.warning("A picture keeps no settings inside (%s): %s", ending, error)
        return Carrying(data, settings.text, is_told=False)


def _in_png(data: bytes, settings: Settings) -> Carrying:
    parts = png.chunks(data)
    own = png.text(parts, KEYWORD)
    new = {} if own is not None else {KEYWORD: settings.text}
    if settings.packet and not png.has_text(parts, PACKET):
        new[PACKET] = settings.packet
    text = settings.text if own is None else own
    return Carrying(png.with_texts(data, parts, new) if new else data, text)


def _in_jpeg(data: bytes, settings: Settings) -> Carrying:
    was = jpeg.taken_apart(data)
    block, own, packet = was.block(), _own(was.block()), _missing(was.packet(), settings)
    if own:
        return _with_own(jpeg.with_metadata(was, b"", packet), own, settings)
    grown = exif.with_comment(block, settings.text)
    if jpeg.fits(grown):
        return Carrying(jpeg.with_metadata(was, grown, packet), settings.text)
    told = xmp.with_comment(packet, settings.text) if packet else None
    if told and jpeg.packet_fits(told):
        return Carrying(jpeg.with_metadata(was, b"", told), settings.text)
    logger.warning("A JPEG has no room for its settings: they take %d bytes", len(grown))
    return Carrying(jpeg.with_metadata(was, b"", packet), settings.text, is_told=False)


def _in_webp(data: bytes, settings: Settings) -> Carrying:
    was = webp.taken_apart(data)
    block, own, packet = was.block(), _own(was.block()), _missing(was.packet(), settings)
    if own:
        return _with_own(webp.with_metadata(was, b"", packet), own, settings)
    grown = exif.with_comment(block, settings.text)
    return Carrying(webp.with_metadata(was, grown, packet), settings.text)


def _own(block: bytes) -> str | None:
    return exif.comment_in(block) if block else None


def _missing(own: str | None, settings: Settings) -> str:
    return settings.packet if own is None else ""


def _with_own(data: bytes, own: str, settings: Settings) -> Carrying:
    """The comment of a server's may be anything."""
    if is_infotext(own):
        return Carrying(data, own)
    return Carrying(data, settings.text, is_told=False)


_WRITERS: Mapping[str, Callable[[bytes, Settings], Carrying]] = {
    "png": _in_png,
    "jpg": _in_jpeg,
    "webp": _in_webp,
}
