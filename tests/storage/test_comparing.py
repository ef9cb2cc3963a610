"""Two pictures are compared pixel by pixel, in a process of its own."""

import io
import struct
import subprocess
import threading
import zlib

import pytest
from PIL import Image, ImageDraw

from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage import decoding_apart, png
from batchgen_app.storage.comparing import ROWS, Kind

SIZE = (64, ROWS + 40)


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    image = Image.new("RGB", size)
    ImageDraw.Draw(image).ellipse((4, 4, 40, 60), fill=(9, 90, 200))
    image = image.convert("I").convert(mode) if mode == "I;16" else image.convert(mode)
    image.format = kind
    return image


def file_of(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_the_same_pixels_are_identical_however_they_are_packed(mode: str) -> None:
    image = picture(mode=mode)
    one = file_of(image, compress_level=1)
    packed = file_of(image, compress_level=9)
    other = png.with_texts(packed, png.chunks(packed), {"parameters": "x"})
    told = decoding_apart.compared(one, other)
    assert one != other
    assert told.is_identical
    assert told.first == told.second == Kind("PNG", told.first.mode, *SIZE, 1)
    assert told.total == SIZE[0] * SIZE[1]


def test_what_differs_is_counted_measured_and_found() -> None:
    before, after = picture(), picture()
    after.putpixel((10, 20), (9, 90, 203))
    after.putpixel((50, ROWS + 30), (0, 40, 0))  # in another strip
    told = decoding_apart.compared(file_of(before), file_of(after))
    assert not told.is_identical
    assert (told.count, told.largest, told.area) == (2, 40, (10, 20, 41, ROWS + 11))


def test_a_colour_of_a_palette_counts_for_each_of_its_pixels() -> None:
    before, after = picture(mode="P"), picture(mode="P")
    before.putpalette([0, 0, 0] * 256)
    after.putpalette([7, 0, 0] * 256)
    told = decoding_apart.compared(file_of(before), file_of(after))
    assert (told.count, told.largest) == (told.total, 7)


def test_other_sizes_and_formats_are_told_and_not_compared() -> None:
    before = picture()
    larger = decoding_apart.compared(file_of(before), file_of(picture(size=(64, 64))))
    assert not larger.is_same_kind
    assert (larger.second.width, larger.second.height) == (64, 64)
    other = decoding_apart.compared(file_of(before), file_of(before, "WEBP", lossless=True))
    assert (other.first.format, other.second.format) == ("PNG", "WEBP")
    clear = decoding_apart.compared(file_of(before), file_of(before.convert("RGBA")))
    assert (clear.first.mode, clear.second.mode, clear.is_identical) == ("RGB", "RGBA", False)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_all_frames_of_what_moves_are_compared(kind: str) -> None:
    frames = [picture(), picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    moving = {"save_all": True, "append_images": [frames[1]], "duration": 100}
    lossless = {"lossless": True} if kind == "WEBP" else {}
    before = file_of(frames[0], kind, **moving, **lossless)
    assert decoding_apart.compared(before, before).is_identical
    moving["append_images"] = [picture()]
    after = file_of(frames[0], kind, **moving, **lossless)
    assert not decoding_apart.compared(before, after).is_identical


def sixteen_bits(low: int) -> bytes:
    """A colour picture with two bytes a channel, the lower one ``low``."""
    row = b"\0" + bytes([200, low] * 3) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * 8)), (b"IEND", b""))
    return png.SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def test_what_is_finer_than_eight_bits_is_not_overlooked() -> None:
    assert decoding_apart.compared(sixteen_bits(7), sixteen_bits(7)).is_identical
    told = decoding_apart.compared(sixteen_bits(7), sixteen_bits(8))
    assert (told.is_finer, told.is_identical, told.count) == (True, False, 0)


@pytest.mark.parametrize("other", [b"", b"\0\0\0\x18ftypmp42", png.SIGNATURE, b"RIFF1234WEBPVP8 "])
def test_what_cannot_be_decoded_is_said(other: bytes) -> None:
    with pytest.raises(PictureBroken):
        decoding_apart.compared(file_of(picture()), other)


def test_what_takes_too_long_is_said() -> None:
    with pytest.raises(PictureBroken, match="too large"):
        decoding_apart.compared(file_of(picture()), file_of(picture()), seconds=0)


def test_what_ends_before_it_has_read_anything_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class AtOnce(threading.Timer):
        def start(self) -> None:
            self.function()
            process: subprocess.Popen[bytes] = self.function.__self__  # type: ignore[attr-defined]
            process.wait()

    monkeypatch.setattr(threading, "Timer", AtOnce)
    with pytest.raises(PictureBroken, match="too large"):
        decoding_apart.compared(file_of(picture()), file_of(picture()))
