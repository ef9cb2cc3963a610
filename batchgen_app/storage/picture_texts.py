"""The texts that a picture carries about how it was made, by their keywords. Everything here
blocks, and takes whatever comes: what cannot be read is left out.

In XMP only BatchGen keeps settings: those of a JPEG whose EXIF has no room for them.
"""

import gzip
import warnings
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice

import numpy as np
from PIL import ExifTags, Image

from batchgen_app.core.programs import fooocus
from batchgen_app.core.programs.read_by import HIDDEN, KEYWORDS, PARAMETERS
from batchgen_app.storage import decoding, png
from batchgen_app.storage.metadata.reading import settings_in
from batchgen_app.storage.metadata.user_comment import LONGEST, comment_of
from batchgen_app.storage.workflow_file import CHUNKS, EXIF_TAGS

# Pillow says on the terminal that a file is broken; what became of the file is told by its name.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.TiffImagePlugin")

MOST_TEXTS = 40
"""Chunks of a PNG that are looked into; each may unpack to ``png.MAX_TEXT_BYTES``."""
_TEXT_KINDS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_WANTED = frozenset({*KEYWORDS, *CHUNKS})
_MAKER_NOTE = 0x927C
_STEALTH = {b"stealth_pnginfo": False, b"stealth_pngcomp": True}
"""How hidden text begins, and whether it is packed behind that."""
_MARK = 15


@dataclass(frozen=True)
class PictureTexts:
    """``made_at`` is when the picture was made, as its file says."""

    texts: Mapping[str, str]
    made_at: datetime | None = None


def texts_of(content: bytes) -> PictureTexts:
    """Those of a PNG, JPEG or WebP. Raises PictureBroken for what begins as none of these."""
    if content.startswith(png.SIGNATURE):
        return _of_png(content)
    if not decoding.is_picture(content):
        decoding.claim_of(content)
    return _of_exif(content)


def _of_png(content: bytes) -> PictureTexts:
    """Of a damaged one, what stands before the damage."""
    parts = png.before_damage(content)
    texts: dict[str, str] = {}
    for part in islice((p for p in parts if p.kind in _TEXT_KINDS), MOST_TEXTS):
        name = bytes(part.content[:80]).partition(b"\0")[0].decode("latin-1")
        if name in _WANTED and name not in texts and (text := png.text([part], name)):
            texts[name] = text[:LONGEST]
    in_exif = next((bytes(part.content) for part in parts if part.kind == b"eXIf"), None)
    if in_exif:
        texts = {**_exif_texts(_exif_in(in_exif)), **texts}
    if not texts and (hidden := _hidden(content)):
        texts[HIDDEN] = hidden
    time = next((part.content for part in parts if part.kind == b"tIME"), None)
    return PictureTexts(texts, _png_time(bytes(time)) if time is not None else None)


def _png_time(content: bytes) -> datetime | None:
    with suppress(ValueError):
        month, day, hour, minute, second = content[2:7]
        year = int.from_bytes(content[:2])
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return None


def _of_exif(content: bytes) -> PictureTexts:
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "WEBP"]) as picture:
            exif = picture.getexif()
            texts = _exif_texts(exif)
            if PARAMETERS not in texts and (own := settings_in(content)):
                texts[PARAMETERS] = own[:LONGEST]
            return PictureTexts(texts, _exif_time(exif))
    except Exception:  # noqa: BLE001 - Pillow raises almost anything for what only looks like one
        return PictureTexts({})


def _exif_in(content: bytes) -> Image.Exif:
    exif = Image.Exif()
    with suppress(Exception):
        exif.load(content)
    return exif


def _exif_texts(exif: Image.Exif) -> dict[str, str]:
    """ComfyUI's two, and a comment, which stands for ``parameters``."""
    texts: dict[str, str] = {}
    with suppress(Exception):
        told = (_plain(exif.get(tag, "")) for tag in EXIF_TAGS)
        named = (text.partition(":") for text in told)
        texts = {n.strip().lower(): text for n, _, text in named if n.strip().lower() in CHUNKS}
    with suppress(Exception):
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        comment = exif.get(ExifTags.Base.UserComment) or inner.get(ExifTags.Base.UserComment)
        if comment and (text := _comment(comment)):
            texts[PARAMETERS] = text
        scheme = exif.get(_MAKER_NOTE) or inner.get(_MAKER_NOTE)
        if scheme and _plain(scheme) in {"fooocus", "a1111"}:
            texts[fooocus.SCHEME] = _plain(scheme)
    return texts


def _comment(comment: object) -> str:
    return comment_of(comment) if isinstance(comment, bytes) else str(comment)[:LONGEST]


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.replace(b"\0", b"").decode("utf-8", "replace")
    return str(value).rstrip("\0")


def _exif_time(exif: Image.Exif) -> datetime | None:
    """When it was made, in this machine's time zone, which is all that EXIF knows."""
    with suppress(Exception):
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        told = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        plain = _plain(told).strip()
        return datetime.strptime(plain, "%Y:%m:%d %H:%M:%S").astimezone(UTC) if told else None
    return None


def _hidden(content: bytes) -> str | None:
    """What NovelAI hides in the lowest bit of the alpha channel, column by column."""
    with suppress(Exception):
        claim = decoding.claim_of(content)
        if not claim.is_modest:
            return None
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            if picture.mode != "RGBA":
                return None
            alpha = np.asarray(picture.getchannel("A"))
        return _in_bits(np.packbits((alpha.T & 1).ravel()).tobytes())
    return None


def _in_bits(bits: bytes) -> str | None:
    packed = _STEALTH.get(bits[:_MARK])
    if packed is None:
        return None
    length = int.from_bytes(bits[_MARK : _MARK + 4]) // 8
    written = bits[_MARK + 4 : _MARK + 4 + min(length, LONGEST)]
    if packed:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        with suppress(zlib.error, gzip.BadGzipFile):
            return unpacker.decompress(written, LONGEST).decode("utf-8", "replace")
        return None
    return written.decode("utf-8", "replace")
