"""A copy of a picture that tells nothing of how it was made: the same pixels, bit for bit, with
their colours and the way they are held.
"""

import struct
from contextlib import suppress

from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.message import Message, later
from batchgen_app.storage import png
from batchgen_app.storage.metadata import exif, jpeg, webp
from batchgen_app.storage.metadata.exif import Odd

CANNOT = later(
    "What is written inside of {name} cannot be taken out for sure: that is done for PNG, JPEG and "
    "WebP pictures that are whole. Download it with its settings, or leave it out."
)


def cleaned(data: bytes, name: str) -> bytes:
    """Raises PictureBroken for what is none, or no whole one: it is called ``name``."""
    with suppress(PictureBroken, Odd, struct.error):
        if data.startswith(png.SIGNATURE):
            parts = png.chunks(data)
            return png.cleaned(data, parts, _held(parts))
        if data.startswith(b"RIFF"):
            return webp.cleaned(webp.taken_apart(data))
        if data.startswith(jpeg.START):
            return jpeg.cleaned(jpeg.taken_apart(data))
    raise PictureBroken(cannot(name))


def cannot(name: str) -> Message:
    """That there is no clean copy of the file ``name``, in words."""
    return later(CANNOT, name=name)


def _held(parts: list[png.Chunk]) -> bytes:
    found = (bytes(part.content) for part in parts if part.kind == b"eXIf")
    return exif.orientation_alone(next(found, b""))
