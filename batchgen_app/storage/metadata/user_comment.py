"""The UserComment of EXIF as text, whoever wrote it (Exif 3.0, section 4.6.6.7.10)."""

from contextlib import suppress

UNICODE = b"UNICODE\0"
"""Before a comment in UTF-16."""
_CODES = {UNICODE: "utf-16", b"ASCII\0\0\0": "utf-8", b"JIS\0\0\0\0\0": "iso2022_jp"}
_MARK = 8
"""Bytes that say what it is written in, or nothing."""
LONGEST = 4_000_000
"""Characters of a text."""
LOOKED_AT = 2_000
"""Characters by which the order of its bytes is told."""


def comment_of(content: bytes) -> str:
    """In any of its forms; nothing raises. Of UTF-16 nobody says in which order the bytes are; most
    write it the way round that is not the file's.
    """
    code, written = _CODES.get(content[:_MARK]), content[_MARK : _MARK + 2 * LONGEST]
    if code == "utf-16":
        return _utf16(written)
    if code is None and content[:_MARK].strip(b"\0"):
        code, written = "utf-8", content[:LONGEST]
    return _decoded(written, code or "utf-8").rstrip("\0")


def _utf16(written: bytes) -> str:
    """In the order in which more of it is plain: a text in Chinese has its settings in ASCII."""
    if written[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return written.decode("utf-16", "replace").rstrip("\0")
    both = [written.decode(order, "replace") for order in ("utf-16-be", "utf-16-le")]
    return max(both, key=_plain).rstrip("\0")


def _plain(text: str) -> int:
    return sum(map(str.isascii, text[:LOOKED_AT]))


def _decoded(written: bytes, code: str) -> str:
    for name in (code, "utf-8"):
        with suppress(ValueError):
            return written.decode(name)
    return written.decode("latin-1")
