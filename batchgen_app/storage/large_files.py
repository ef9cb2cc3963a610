"""Files that are too large to be read: their first and last bytes tell what they are, and whether
they have come to their end. No pixel of them is looked at.
"""

from io import BufferedReader, BytesIO

from PIL.JpegImagePlugin import JpegImageFile

from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.message import later
from batchgen_app.storage import decoding, png
from batchgen_app.storage.decoding import Claim
from batchgen_app.storage.metadata import webp

FIRST_BYTES, LAST_BYTES = 65_536, 64
_PNG_END = b"IEND\xaeB`\x82"


def claim_of(file: BufferedReader | BytesIO, size: int) -> Claim | None:
    """What a picture says of itself at its beginning; None for what begins like no picture. Raises
    PictureBroken where it does not end as it should.
    """
    first = file.read(FIRST_BYTES)
    if not decoding.is_picture(first):
        return None
    file.seek(max(0, size - LAST_BYTES))
    last = file.read(LAST_BYTES)
    file.seek(0)
    try:
        claim, is_whole = _claimed(file, size, first, last)
    except Exception as error:  # broken beginnings raise almost anything
        raise PictureBroken(later("The picture is damaged: {error}", error=error)) from error
    if not is_whole:
        raise PictureBroken(later("The picture ends too early."))
    return claim


def _claimed(
    file: BufferedReader | BytesIO, size: int, first: bytes, last: bytes
) -> tuple[Claim, bool]:
    if first.startswith(png.SIGNATURE):
        width, height = (int.from_bytes(first[at : at + 4]) for at in (16, 20))
        moves = b"acTL" in first.partition(b"IDAT")[0]
        return Claim("PNG", width, height, is_modest=False, is_animated=moves), last.endswith(
            _PNG_END
        )
    if first.startswith(b"RIFF"):
        moves = first[12:16] == b"VP8X" and bool(first[20] & 2)
        width, height = webp.size(first)
        is_whole = int.from_bytes(first[4:8], "little") + 8 <= size
        return Claim("WEBP", width, height, is_modest=False, is_animated=moves), is_whole
    with JpegImageFile(file) as image:  # reads no pixels
        return Claim("JPEG", *image.size, is_modest=False), b"\xff\xd9" in last
