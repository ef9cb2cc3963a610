"""PNG, JPEG and WebP taken apart by hand."""

import struct


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    at = 8
    while at < len(data) and (not found or found[-1][0] != b"IEND"):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        found.append((kind, data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def webp_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    assert struct.unpack("<I", data[4:8])[0] + 8 <= len(data)
    found, at, end = [], 12, struct.unpack("<I", data[4:8])[0] + 8
    while at < end:
        kind, length = struct.unpack("<4sI", data[at : at + 8])
        found.append((kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    assert at == end
    return found


def jpeg_segments(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Those before the first scan, by their markers; and all from there on."""
    found, at = [], 2
    while data[at + 1] != 0xDA:
        marker, length = struct.unpack(">xBH", data[at : at + 4])
        found.append((marker, data[at + 4 : at + 2 + length]))
        at += 2 + length
    return found, data[at:]


def packets(data: bytes) -> list[bytes]:
    """Every XMP packet in a file."""
    if data.startswith(b"\x89PNG"):
        mark = b"XML:com.adobe.xmp\0\0\0\0\0"
        return [c.removeprefix(mark) for k, c in png_chunks(data) if c.startswith(mark)]
    if data.startswith(b"RIFF"):
        return [content for kind, content in webp_chunks(data) if kind == b"XMP "]
    mark = b"http://ns.adobe.com/xap/1.0/\0"
    return [c.removeprefix(mark) for _, c in jpeg_segments(data)[0] if c.startswith(mark)]
