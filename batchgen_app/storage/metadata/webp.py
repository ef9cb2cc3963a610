"""WebP files as a list of chunks; one without a list of what is in it gets that.

Source: RFC 9649, sections 2.3 to 2.7.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from batchgen_app.storage.metadata import exif
from batchgen_app.storage.metadata.exif import Odd

HEAD, EXTENDED, EXIF, XMP = 12, b"VP8X", b"EXIF", b"XMP "
_LOSSLESS, _LOSSY = b"VP8L", b"VP8 "
_FLAGS = {b"ICCP": 0x20, b"ALPH": 0x10, EXIF: 0x08, XMP: 0x04, b"ANIM": 0x02}
_PIXELS = frozenset({EXTENDED, b"ICCP", b"ANIM", b"ANMF", b"ALPH", _LOSSY, _LOSSLESS})
_ALPHA = 0x10


@dataclass(frozen=True)
class Chunk:
    """One chunk: its kind, and what is in it."""

    kind: bytes
    content: bytes

    def packed(self) -> bytes:
        """As it stands in a file: an even number of bytes."""
        length = len(self.content)
        return self.kind + struct.pack("<I", length) + self.content + bytes(length % 2)


@dataclass(frozen=True)
class WebP:
    """All chunks of a file, and what follows them."""

    chunks: tuple[Chunk, ...]
    rest: bytes = b""

    def find(self, kind: bytes) -> bytes | None:
        """What is in the first chunk of a kind."""
        return next((chunk.content for chunk in self.chunks if chunk.kind == kind), None)

    def block(self) -> bytes:
        """What it has as EXIF."""
        return (self.find(EXIF) or b"").removeprefix(exif.PREFIX)

    def packet(self) -> str | None:
        """Its XMP."""
        found = self.find(XMP)
        return None if found is None else found.decode("utf-8", "replace")

    def packed(self) -> bytes:
        """The file."""
        body = b"WEBP" + b"".join(chunk.packed() for chunk in self.chunks)
        return b"RIFF" + struct.pack("<I", len(body)) + body + self.rest


def taken_apart(data: bytes) -> WebP:
    """Raises Odd."""
    (length,) = struct.unpack_from("<I", data, 4)
    end, position, chunks = 8 + length, HEAD, []
    if end > len(data):
        raise Odd("it ends too early")
    while position < end:
        if position + 8 > end:
            raise Odd("it ends too early")
        kind, size = struct.unpack_from("<4sI", data, position)
        start, position = position + 8, position + 8 + size + size % 2
        if position > end:
            raise Odd("it ends too early")
        chunks.append(Chunk(kind, data[start : start + size]))
    if not chunks or chunks[0].kind not in {EXTENDED, _LOSSY, _LOSSLESS}:
        raise Odd("no picture comes first")
    return WebP(tuple(chunks), data[end:])


def with_metadata(was: WebP, block: bytes, packet: str) -> bytes:
    """The file with this EXIF instead of its own, and with an XMP packet; an empty one changes
    nothing.
    """
    chunks = list(was.chunks)
    if block:
        chunks = _with_exif(chunks, Chunk(EXIF, _as_before(was, block)))
    if packet:
        chunks.append(Chunk(XMP, packet.encode()))
    return _listed(chunks, was.rest)


def _with_exif(chunks: list[Chunk], new: Chunk) -> list[Chunk]:
    """In the place of its own; else behind the pixels, and before XMP."""
    kinds = [chunk.kind for chunk in chunks]
    if EXIF in kinds:
        return [new if chunk.kind == EXIF else chunk for chunk in chunks]
    place = kinds.index(XMP) if XMP in kinds else len(chunks)
    return [*chunks[:place], new, *chunks[place:]]


def cleaned(was: WebP) -> bytes:
    """The picture with its colours and its orientation, and nothing else."""
    held = exif.orientation_alone(was.block())
    kept = [chunk for chunk in was.chunks if chunk.kind in _PIXELS]
    return _listed([*kept, *([Chunk(EXIF, held)] if held else [])], b"")


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, by the beginning of a file."""
    kind, body = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == EXTENDED:
        return _bits(body[4:7]) + 1, _bits(body[7:10]) + 1
    if kind == _LOSSLESS:
        bits = _bits(body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _bits(body[6:8]) & 0x3FFF, _bits(body[8:10]) & 0x3FFF


def _as_before(was: WebP, block: bytes) -> bytes:
    """With the prefix that a server's has."""
    before = was.find(EXIF) or b""
    return exif.PREFIX + block if before.startswith(exif.PREFIX) else block


def _listed(chunks: list[Chunk], rest: bytes) -> bytes:
    """A file whose first chunk says what is in it, where that is more than pixels."""
    first, *others = chunks
    if first.kind != EXTENDED:
        if not others:
            return WebP((first,), rest).packed()
        first, others = Chunk(EXTENDED, _said(first)), chunks
    told = _FLAGS[EXIF] | _FLAGS[XMP]
    flags = first.content[0] & ~told | _flags(others) & told
    first = Chunk(EXTENDED, bytes([flags]) + first.content[1:])
    return WebP((first, *others), rest).packed()


def _said(only: Chunk) -> bytes:
    """Of a file that has but one chunk: whether it is transparent, and how large it is."""
    width, height = size(bytes(HEAD) + only.packed())
    is_transparent = only.kind == _LOSSLESS and _bits(only.content[1:5]) >> 28 & 1
    sides = ((side - 1).to_bytes(3, "little") for side in (width, height))
    return bytes([_ALPHA if is_transparent else 0, 0, 0, 0]) + b"".join(sides)


def _flags(chunks: Iterable[Chunk]) -> int:
    flags = 0
    for chunk in chunks:
        flags |= _FLAGS.get(chunk.kind, 0)
    return flags


def _bits(part: bytes) -> int:
    return int.from_bytes(part, "little")
