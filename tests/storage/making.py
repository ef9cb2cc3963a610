"""Pictures, and the chunks they are made of."""

import io
import struct
import zlib
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from batchgen_app.storage.png import SIGNATURE


def picture(side: int = 32, mode: str = "RGB", height: int | None = None) -> Image.Image:
    """A picture in which every pixel differs from its neighbours."""
    size = (side, side if height is None else height)
    bands = [Image.effect_noise(size, 80) for _ in Image.new(mode, (1, 1)).getbands()]
    return Image.merge(mode, bands) if len(bands) > 1 else bands[0].convert(mode)


def png(image: Image.Image | None = None, **texts: str) -> bytes:
    """A PNG with text chunks, as ComfyUI writes it."""
    info = PngInfo()
    for keyword, text in texts.items():
        info.add_text(keyword, text)
    return _file(image or picture(), "PNG", pnginfo=info)


def jpeg(image: Image.Image | None = None) -> bytes:
    return _file(image or picture(), "JPEG")


def webp(image: Image.Image | None = None) -> bytes:
    return _file(image or picture(), "WEBP")


def gif(frames: int = 3, size: tuple[int, int] = (48, 32)) -> bytes:
    """That many frames, each in a grey of its own."""
    first, *others = [Image.new("L", size, 40 * shade) for shade in range(1, frames + 1)]
    return _file(first, "GIF", save_all=True, append_images=others, duration=100)


def moving_webp(frames: int = 3, size: tuple[int, int] = (48, 32)) -> bytes:
    first, *others = [Image.new("RGB", size, (80 * n, 0, 0)) for n in range(1, frames + 1)]
    return _file(first, "WEBP", save_all=True, append_images=others, duration=100)


def tiff(image: Image.Image | None = None) -> bytes:
    return _file(image or picture(), "TIFF")


def film() -> bytes:
    """What begins like an MP4; no player would play it."""
    return struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom") + bytes(range(256)) * 40


def opened(data: bytes) -> Image.Image:
    """A picture file, every pixel read."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG chunk with a right checksum."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def header(width: int, height: int) -> bytes:
    """The first chunk of an RGB picture of that size."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def black(width: int, height: int) -> bytes:
    """A whole PNG, one bit for each pixel: enormous, and made at once."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes((1 + (width + 7) // 8) * height), 1)
    return SIGNATURE + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def bomb(megabytes: int) -> bytes:
    """A PNG of 65535 x 65535 whose pixels are as many megabytes, and take a thousandth of it."""
    packer = zlib.compressobj()
    start = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    more = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    rows = start + more * (megabytes - 1) + packer.flush()
    return SIGNATURE + header(65535, 65535) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _file(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
