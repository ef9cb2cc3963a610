"""JPEG files as a list of segments, up to the first scan.

Sources: ITU-T T.81, annex B; EXIF 3.0 (CIPA DC-008-2023), section 4.7; XMP Specification, part 3,
section 1.1.3; CIPA DC-007 (several pictures in one file).
"""

import re
import struct
from dataclasses import dataclass
from itertools import takewhile

from batchgen_app.storage.metadata import exif
from batchgen_app.storage.metadata.exif import Odd

START, END = b"\xff\xd8", b"\xff\xd9"
MOST = 65_533
"""Bytes that one segment holds."""
XMP = b"http://ns.adobe.com/xap/1.0/\0"
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_SCAN, _LAST_APP, _COMMENT = 0xDA, 0xEF, 0xFE
_SEVERAL = b"MPF\0"
_COLOURS = ((_APP0, b"JFIF\0"), (_APP2, b"ICC_PROFILE\0"), (_APP14, b"Adobe"))
"""What is needed to show the pixels as they are."""
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In a scan: what is neither a byte of it nor a place to start again."""


@dataclass(frozen=True)
class Segment:
    """One segment: what kind it is, what is in it, and where it lies in the file."""

    marker: int
    content: bytes
    start: int
    end: int

    def is_one(self, marker: int, signature: bytes) -> bool:
        """Whether it is of that kind."""
        return self.marker == marker and self.content.startswith(signature)


@dataclass(frozen=True)
class Jpeg:
    """A file, and what stands before its first scan, which begins at ``scan``."""

    data: bytes
    segments: tuple[Segment, ...]
    scan: int

    def block(self) -> bytes:
        """What it has as EXIF. Raises Odd where it has several."""
        found = self.all(_APP1, exif.PREFIX)
        if len(found) > 1:
            raise Odd("EXIF in several parts")
        return found[0].content.removeprefix(exif.PREFIX) if found else b""

    def packet(self) -> str | None:
        """Its XMP."""
        found = self.all(_APP1, XMP)
        return found[0].content.removeprefix(XMP).decode("utf-8", "replace") if found else None

    def all(self, marker: int, signature: bytes) -> list[Segment]:
        """Those of a kind."""
        return [segment for segment in self.segments if segment.is_one(marker, signature)]


def taken_apart(data: bytes) -> Jpeg:
    """Raises Odd."""
    segments, position = [], len(START)
    while (segment := _at(data, position)).marker != _SCAN:
        segments.append(segment)
        position = segment.end
    return Jpeg(data, tuple(segments), segment.start)


def with_metadata(was: Jpeg, block: bytes, packet: str) -> bytes:
    """The file with this EXIF instead of its own, and with an XMP packet; an empty one changes
    nothing. Raises Odd where other pictures stand in the file by their places.
    """
    if was.all(_APP2, _SEVERAL):
        raise Odd("several pictures in one file")
    exif_part = _segment(_APP1, exif.PREFIX + block) if block else b""
    xmp_part = _segment(_APP1, XMP + packet.encode()) if packet else b""
    pieces = [_part(was, segment, exif_part) for segment in was.segments]
    new = xmp_part if was.all(_APP1, exif.PREFIX) else exif_part + xmp_part
    pieces.insert(_place(was), new)
    return b"".join((START, *pieces, memoryview(was.data)[was.scan :]))


def _place(was: Jpeg) -> int:
    """Behind APP0 and EXIF, before all else: readers of the first bytes find it there."""
    leading = takewhile(lambda segment: segment.marker == _APP0 or _is_exif(segment), was.segments)
    return len([*leading])


def _part(was: Jpeg, segment: Segment, new_exif: bytes) -> bytes:
    return new_exif if new_exif and _is_exif(segment) else was.data[segment.start : segment.end]


def fits(block: bytes) -> bool:
    """Whether one segment has room for this EXIF."""
    return len(exif.PREFIX) + len(block) <= MOST


def packet_fits(packet: str) -> bool:
    """Whether one segment has room for this XMP."""
    return len(XMP) + len(packet.encode()) <= MOST


def cleaned(was: Jpeg) -> bytes:
    """The picture with its colours and its orientation, and nothing else; what follows it is left
    out. Raises Odd.
    """
    told = [segment.content.removeprefix(exif.PREFIX) for segment in was.all(_APP1, exif.PREFIX)]
    held = exif.orientation_alone(b"".join(told[:1]))
    kept = [segment for segment in was.segments if _is_needed(segment)]
    pieces = [was.data[segment.start : segment.end] for segment in kept]
    if held:
        place = len([*takewhile(lambda segment: segment.marker == _APP0, kept)])
        pieces.insert(place, _segment(_APP1, exif.PREFIX + held))
    return b"".join((START, *pieces, *_scans(was.data, was.scan), END))


def _is_exif(segment: Segment) -> bool:
    return segment.is_one(_APP1, exif.PREFIX)


def _is_needed(segment: Segment) -> bool:
    is_told = _APP0 <= segment.marker <= _LAST_APP or segment.marker == _COMMENT
    return not is_told or any(segment.is_one(*colour) for colour in _COLOURS)


def _scans(data: bytes, position: int) -> list[bytes]:
    """All scans with the tables between them, up to the end of the picture."""
    pieces = []
    while data[position : position + 2] != END:
        segment = _at(data, position)
        end = segment.end
        if segment.marker == _SCAN:
            behind = _MARKER.search(data, end)
            if behind is None:
                raise Odd("it does not end")
            end = behind.start()
        if _is_needed(segment):
            pieces.append(data[segment.start : end])
        position = end
    return pieces


def _at(data: bytes, start: int) -> Segment:
    """The segment that begins at ``start``; bytes of 255 may fill the place before it."""
    position = start
    while data[position : position + 2] == b"\xff\xff":
        position += 1
    if position + 4 > len(data) or data[position] != 0xFF or data[position + 1] < 0xC0:
        raise Odd("no segment")
    marker, length = struct.unpack_from(">BH", data, position + 1)
    end = position + 2 + length
    if length < 2 or end > len(data) or 0xD0 <= marker <= 0xD9:
        raise Odd("no segment")
    return Segment(marker, data[position + 4 : end], start, end)


def _segment(marker: int, content: bytes) -> bytes:
    if len(content) > MOST:
        raise Odd("a segment is too long")
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
