"""What a PNG, JPEG or WebP tells of its settings, whoever put them there."""

import struct
from contextlib import suppress

from batchgen_app.core import xmp
from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage import png
from batchgen_app.storage.metadata import exif, jpeg, webp
from batchgen_app.storage.metadata.exif import Odd
from batchgen_app.storage.metadata.writing import KEYWORD


def settings_in(data: bytes) -> str | None:
    """The text; None where there is none, or it makes no sense."""
    with suppress(PictureBroken, Odd, struct.error):
        if data.startswith(png.SIGNATURE):
            return png.text(png.chunks(data), KEYWORD)
        if data.startswith(b"RIFF"):
            return _told(webp.taken_apart(data))
        if data.startswith(jpeg.START):
            return _told(jpeg.taken_apart(data))
    return None


def _told(there: jpeg.Jpeg | webp.WebP) -> str | None:
    """In a JPEG, a text that finds no room in EXIF stands in XMP, where there is room for it."""
    block, packet = there.block(), there.packet()
    comment = exif.comment_in(block) if block else None
    return comment or (xmp.comment_in(packet) if packet else None)
