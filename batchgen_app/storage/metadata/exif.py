"""EXIF blocks: a comment is added behind all that is there, so that nothing in it is moved.

Sources: TIFF 6.0, section 2; EXIF 3.0 (CIPA DC-008-2023), section 4.6.
"""

import struct
from dataclasses import dataclass

from batchgen_app.storage.metadata.user_comment import UNICODE, comment_of

PREFIX = b"Exif\0\0"
"""Before the block in a JPEG; some writers put it before that of a WebP, too."""
ORIENTATION, EXIF_DIRECTORY, USER_COMMENT = 0x0112, 0x8769, 0x9286
_SHORT, _LONG, _UNDEFINED = 3, 4, 7
_ENTRY = 12
_EMPTY = b"MM\0*" + struct.pack(">IHI", 8, 0, 0)
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


class Odd(ValueError):
    """It cannot be taken apart for sure."""


@dataclass(frozen=True)
class _Entry:
    """``packed`` are the 12 bytes that it is; ``value`` is the number or the place in them."""

    tag: int
    kind: int
    count: int
    value: int
    packed: bytes


@dataclass(frozen=True)
class _Directory:
    entries: tuple[_Entry, ...] = ()
    following: bytes = bytes(4)

    def find(self, tag: int) -> _Entry | None:
        return next((entry for entry in self.entries if entry.tag == tag), None)


class _Block:
    """A block, and the order of its bytes. Raises Odd."""

    def __init__(self, data: bytes) -> None:
        if data[:4] not in _ORDERS:
            raise Odd("no TIFF header")
        self.data = data
        self.order = _ORDERS[data[:4]]
        self.main = self.directory(self.number(4))
        pointer = self.main.find(EXIF_DIRECTORY)
        self.inner = self.directory(pointer.value) if pointer else _Directory()

    def number(self, at: int) -> int:
        if at + 4 > len(self.data):
            raise Odd("it ends too early")
        (number,) = struct.unpack_from(f"{self.order}I", self.data, at)
        return int(number)

    def directory(self, at: int) -> _Directory:
        if at + 2 > len(self.data):
            raise Odd("it ends too early")
        (count,) = struct.unpack_from(f"{self.order}H", self.data, at)
        end = at + 2 + count * _ENTRY
        if end > len(self.data):
            raise Odd("it ends too early")
        entries = (self._entry(start) for start in range(at + 2, end, _ENTRY))
        # Some writers leave out that none follows, where it would be the last of the block.
        return _Directory(tuple(entries), self.data[end : end + 4].ljust(4, b"\0"))

    def _entry(self, at: int) -> _Entry:
        tag, kind, count, value = struct.unpack_from(f"{self.order}HHII", self.data, at)
        return _Entry(tag, kind, count, value, self.data[at : at + _ENTRY])

    def pack(self, form: str, *values: int) -> bytes:
        return struct.pack(self.order + form, *values)

    def with_entry(self, directory: _Directory, tag: int, kind: int, count: int, at: int) -> bytes:
        """The directory with one more entry, which replaces another of its tag."""
        new = _Entry(tag, kind, count, at, self.pack("HHII", tag, kind, count, at))
        kept = [entry for entry in directory.entries if entry.tag != tag]
        entries = sorted([*kept, new], key=lambda entry: entry.tag)
        packed = b"".join(entry.packed for entry in entries)
        return self.pack("H", len(entries)) + packed + directory.following


def with_comment(block: bytes, text: str) -> bytes:
    """The block with ``text`` as its comment; an empty one becomes a new one. Raises Odd.

    In UTF-16 with the higher byte first whatever the order of the block: AUTOMATIC1111 and all
    others who read with piexif take it for that. So new blocks have that order, too.
    """
    was = _Block(block or _EMPTY)
    comment = UNICODE + text.encode("utf-16-be")
    grown = bytearray(was.data)
    comment_at = _append(grown, comment)
    kind, count = _UNDEFINED, len(comment)
    inner = was.with_entry(was.inner, USER_COMMENT, kind, count, comment_at)
    inner_at = _append(grown, inner)
    main = was.with_entry(was.main, EXIF_DIRECTORY, _LONG, 1, inner_at)
    grown[4:8] = was.pack("I", _append(grown, main))
    return bytes(grown)


def comment_in(block: bytes) -> str | None:
    """The comment, whoever wrote it; None where there is none, or only blanks. Raises Odd."""
    there = _Block(block)
    entry = there.inner.find(USER_COMMENT) or there.main.find(USER_COMMENT)
    if entry is None or entry.count <= 4:
        return None
    text = comment_of(there.data[entry.value : entry.value + entry.count])
    return text if text.strip() else None


def orientation_alone(block: bytes) -> bytes:
    """A block that tells how the picture was held; empty where it was held upright, or that cannot
    be understood.
    """
    try:
        held = _Block(block).main.find(ORIENTATION)
    except Odd:
        return b""
    if held is None or held.kind != _SHORT or not 2 <= (way := _short(block, held)) <= 8:
        return b""
    entry = struct.pack(">HHIHH", ORIENTATION, _SHORT, 1, way, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)


def _short(block: bytes, entry: _Entry) -> int:
    (number,) = struct.unpack_from(f"{_ORDERS[block[:4]]}H", entry.packed, 8)
    return int(number)


def _append(block: bytearray, part: bytes) -> int:
    """Where it begins: at an even place, as it has to."""
    block += bytes(len(block) % 2)
    at = len(block)
    block += part
    return at
