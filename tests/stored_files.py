"""What a server sent, found again in the file that was stored: nothing of it may be changed but for
what was added, and in a WebP the list of what is in it.
"""

import struct
from collections.abc import Iterator

from tests.reading.containers import jpeg_segments, png_chunks, webp_chunks

OURS = {b"parameters\0", b"XML:com.adobe.xmp\0"}
JPEG_OURS = (b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0")


def is_all_there(stored: bytes, sent: bytes) -> bool:
    """Whether a stored file is the server's, which had neither settings nor EXIF, and more."""
    return b"".join(_of_server(stored)) == b"".join(_of_server(sent))


def _of_server(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"\x89PNG"):
        for kind, content in png_chunks(data):
            if not any(content.startswith(name) for name in OURS):
                yield kind + content
    elif data.startswith(b"RIFF"):
        for kind, content in webp_chunks(data):
            if kind not in {b"EXIF", b"XMP ", b"VP8X"}:
                yield kind + content
    elif data.startswith(b"\xff\xd8\xff"):
        segments, scans = jpeg_segments(data)
        yield from (content for _, content in segments if not content.startswith(JPEG_OURS))
        yield scans
    else:
        yield data


def size_in_webp_list(data: bytes) -> tuple[int, int] | None:
    """What the first chunk of an extended WebP says."""
    for kind, content in webp_chunks(data):
        if kind == b"VP8X":
            wide, high = (struct.unpack("<I", content[at : at + 3] + b"\0")[0] + 1 for at in (4, 7))
            return wide, high
    return None
