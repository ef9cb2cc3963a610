"""PNG files as a list of chunks: what is in them, whether all of it is there, texts more or less.

Source: PNG specification, third edition (w3.org/TR/png-3), sections 5 and 11.3.3.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from batchgen_app.core.errors import PictureBroken
from batchgen_app.language.message import later

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_TEXT_BYTES = 4_000_000
"""Longest text that is unpacked from a compressed chunk."""

MOST_CHUNKS = 100_000
"""Savers write 8 kB or more into each."""

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type: section 11.2.1."""
_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""Of an interlaced picture: first column and row, and the steps between them: section 8.1."""
_PIECE = 1 << 20
_BEST_RATIO = 1040
"""Bytes that one byte of zlib can hold: 1032 (zlib.net, "Technical Details"), and a little."""
_PIXEL_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_SEEN = _PIXEL_CHUNKS | {
    *(b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs"),
    *(b"acTL", b"fcTL", b"fdAT"),
}
"""With colours, and the frames of a picture that moves."""
_FRAME = 12  # length, type and checksum around a chunk's content


@dataclass(frozen=True)
class Chunk:
    """One chunk: its type, its content, and where it lies in the file."""

    kind: bytes
    content: memoryview
    start: int
    end: int


def chunks(data: bytes) -> list[Chunk]:
    """All chunks from IHDR to IEND; raises PictureBroken where the file is not whole.

    What follows IEND is no part of the picture and does no harm.
    """
    found = list(islice(_walk(data), MOST_CHUNKS))
    if found[-1].kind != b"IEND":
        raise PictureBroken(later("The picture is damaged: it is made of too many parts."))
    kinds = [chunk.kind for chunk in found]
    if kinds[0] != b"IHDR" or len(found[0].content) != 13 or b"IDAT" not in kinds:
        raise PictureBroken(
            later("The file is not a whole PNG picture: an important part is missing.")
        )
    return found


def before_damage(data: bytes) -> list[Chunk]:
    """All chunks of a whole file; of a damaged one, those that come before the damage."""
    found: list[Chunk] = []
    with suppress(PictureBroken):
        found.extend(islice(_walk(data), MOST_CHUNKS))
    return found


def size(header: Chunk) -> tuple[int, int]:
    """Width and height in pixels, from IHDR."""
    width, height = struct.unpack(">II", header.content[:8])
    return width, height


def only_pixels(data: bytes, parts: list[Chunk]) -> bytes:
    """The same picture without texts and other extras, for a decoder that may stumble on them."""
    kept = (data[part.start : part.end] for part in parts if part.kind in _PIXEL_CHUNKS)
    return SIGNATURE + b"".join(kept)


def check_promise(parts: list[Chunk]) -> None:
    """Raises PictureBroken where the header promises more pixels than the rest can hold."""
    packed = sum(len(part.content) for part in parts if part.kind == b"IDAT")
    if _raw_length(parts[0]) > packed * _BEST_RATIO:
        width, height = size(parts[0])
        raise PictureBroken(
            later(
                "The picture is damaged: of its {width} x {height} pixels some are missing.",
                width=width,
                height=height,
            )
        )


def check_length(parts: list[Chunk]) -> None:
    """Raises PictureBroken unless there are as many bytes as the pixels need, in little memory."""
    missing = _raw_length(parts[0])
    pieces = _unpacked_pieces(part.content for part in parts if part.kind == b"IDAT")
    while missing > 0 and (piece := next(pieces, b"")):
        missing -= len(piece)
    if missing > 0:
        raise PictureBroken(later("The picture is damaged: pixels are missing."))


def text(parts: list[Chunk], keyword: str) -> str | None:
    """The text that the picture carries under ``keyword``, in whichever of the three ways; None if
    there is none that makes sense.
    """
    for part in parts:
        if read := _TEXT_READERS.get(part.kind):
            name, _, rest = bytes(part.content).partition(b"\0")
            if name == keyword.encode("latin-1"):
                with suppress(ValueError, zlib.error):
                    return read(rest)
    return None


def has_text(parts: list[Chunk], keyword: str) -> bool:
    """Whether there is one under ``keyword``, be it one that makes no sense."""
    start = keyword.encode("latin-1") + b"\0"
    return any(part.kind in _TEXT_READERS and part.content[: len(start)] == start for part in parts)


def with_texts(data: bytes, parts: list[Chunk], texts: Mapping[str, str]) -> bytes:
    """``data`` with further text chunks, by their keywords, and every other byte as it was.

    They stand right behind IHDR: the one place that a reader of the first bytes meets before a
    workflow of many kilobytes, and that Pillow reads without decoding the pixels.
    """
    header_end = parts[0].end
    rest = memoryview(data)[header_end:]  # copied once, not with every part that is put before it
    added = (_text_chunk(keyword, content) for keyword, content in texts.items())
    return b"".join((data[:header_end], *added, rest))


def cleaned(data: bytes, parts: list[Chunk], held: bytes = b"") -> bytes:
    """The same picture, or moving picture, with what its pixels and colours need and nothing else;
    ``held`` is EXIF that says how it was held. What follows its end is left out.
    """
    kept = [data[part.start : part.end] for part in parts if part.kind in _SEEN]
    turned = _chunk(b"eXIf", held) if held else b""
    return b"".join((SIGNATURE, kept[0], turned, *kept[1:]))


def _walk(data: bytes) -> Iterator[Chunk]:
    if not data.startswith(SIGNATURE):
        raise PictureBroken(later("The file is not a PNG picture."))
    position, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        chunk = _chunk_at(memoryview(data), position)
        yield chunk
        position, kind = chunk.end, chunk.kind


def _chunk_at(data: memoryview, start: int) -> Chunk:
    """The chunk that begins at ``start``, its checksum checked."""
    if start + _FRAME > len(data):
        raise PictureBroken(later("The picture ends too early."))
    length, kind = struct.unpack(">I4s", data[start : start + 8])
    end = start + _FRAME + length
    if end > len(data):
        raise PictureBroken(later("The picture ends too early."))
    (checksum,) = struct.unpack(">I", data[end - 4 : end])
    if zlib.crc32(data[start + 4 : end - 4]) != checksum:
        raise PictureBroken(later("The picture is damaged: a checksum is wrong."))
    return Chunk(kind, data[start + 8 : end - 4], start, end)


def _raw_length(header: Chunk) -> int:
    """Bytes of all rows, each with its filter's number, before they are compressed."""
    width, height, depth, colour, *_, interlaced = struct.unpack(">IIBBBBB", header.content)
    bits = depth * _CHANNELS.get(colour, 0)
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    total = 0
    for left, top, right, down in passes:
        columns, rows = -(-(width - left) // right), -(-(height - top) // down)
        total += max(rows, 0) * (1 + (columns * bits + 7) // 8) if columns > 0 else 0
    return total


def _unpacked_pieces(packed: Iterable[memoryview]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        for part in packed:
            rest = bytes(part)
            while rest and not unpacker.eof:
                if piece := unpacker.decompress(rest, _PIECE):
                    yield piece
                rest = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise PictureBroken(later("The picture is damaged: {error}", error=error)) from error


def _text_chunk(keyword: str, content: str) -> bytes:
    """tEXt, which every reader knows, where Latin-1 has all the letters; else iTXt in UTF-8."""
    name = keyword.encode("latin-1")
    try:
        return _chunk(b"tEXt", name + b"\0" + content.encode("latin-1"))
    except UnicodeEncodeError:
        return _chunk(b"iTXt", name + b"\0\0\0\0\0" + content.encode())


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def _plain(rest: bytes) -> str:
    return rest.decode("latin-1")


def _compressed(rest: bytes) -> str:
    return _unpacked(rest[1:]).decode("latin-1")


def _international(rest: bytes) -> str:
    is_compressed = rest[:1] == b"\1"
    _language, _translated, content = rest[2:].split(b"\0", 2)
    return (_unpacked(content) if is_compressed else content).decode("utf-8", "replace")


def _unpacked(packed: bytes) -> bytes:
    return zlib.decompressobj().decompress(packed, MAX_TEXT_BYTES)


_TEXT_READERS = {b"tEXt": _plain, b"zTXt": _compressed, b"iTXt": _international}
