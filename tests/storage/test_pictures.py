"""What counts as a whole picture, and how it looks small."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import ExifTags, Image

from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage import decoding, pictures, png
from tests.storage import making

TEXT = "a fox\nNegative prompt: rain\nSteps: 4"


@pytest.mark.parametrize(
    ("file", "ending"),
    [(making.png(), "png"), (making.jpeg(), "jpg"), (making.webp(), "webp")],
)
def test_a_whole_picture_is_told_by_its_content(file: bytes, ending: str) -> None:
    whole = pictures.whole(file, TEXT)
    assert (whole.ending, whole.width, whole.height, whole.text) == (ending, 32, 32, TEXT)


@pytest.mark.parametrize(
    ("file", "name"), [(making.gif(), "a.gif"), (making.tiff(), "a.tiff"), (making.film(), "a.mp4")]
)
def test_other_formats_stay_byte_for_byte(file: bytes, name: str) -> None:
    assert pictures.whole(file, TEXT, name).data == file


def test_a_png_gets_the_parameters_and_keeps_what_the_server_wrote() -> None:
    whole = pictures.whole(making.png(prompt='{"3": {}}', workflow="{}"), TEXT)
    info = making.opened(whole.data).info
    assert info == {"parameters": TEXT, "prompt": '{"3": {}}', "workflow": "{}"}


def test_a_png_that_has_parameters_keeps_its_own_and_they_lie_beside_it() -> None:
    own = making.png(parameters="written by a save node")
    whole = pictures.whole(own, TEXT)
    assert whole.data == own
    assert whole.text == "written by a save node"


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"not found",
        b"<html>502 Bad Gateway</html>",
        png.SIGNATURE,
        making.png()[:-1],
        making.jpeg()[:-200],
        making.webp()[:-200],
    ],
    ids=["empty", "text", "html", "signature", "png cut", "jpeg cut", "webp cut"],
)
def test_what_is_no_whole_picture_is_broken(file: bytes) -> None:
    with pytest.raises(PictureBroken):
        pictures.whole(file, TEXT)


def test_a_png_with_right_checksums_and_too_few_pixels_is_broken() -> None:
    rows = zlib.compress(bytes(33 * 97))  # a third of what 97 x 97 needs
    file = (
        png.SIGNATURE
        + making.header(97, 97)
        + making.chunk(b"IDAT", rows)
        + making.chunk(b"IEND", b"")
    )
    with pytest.raises(PictureBroken, match="damaged"):
        pictures.whole(file, TEXT)


def claiming(width: int, height: int) -> bytes:
    """A few bytes that promise an enormous picture."""
    return (
        png.SIGNATURE
        + making.header(width, height)
        + making.chunk(b"IDAT", zlib.compress(b""))
        + making.chunk(b"IEND", b"")
    )


def claiming_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose header was changed to promise more than it has."""
    file = making.jpeg()
    start = file.index(b"\xff\xc0") + 5
    return file[:start] + struct.pack(">HH", height, width) + file[start + 4 :]


@pytest.mark.parametrize(
    "file", [claiming(60_000, 60_000), claiming(0, 8), claiming_jpeg(60_000, 60_000)]
)
def test_a_picture_of_an_absurd_size_is_refused_before_it_is_decoded(
    file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(_: Image.Image) -> None:
        pytest.fail("it was decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    with pytest.raises(PictureBroken):
        pictures.whole(file, TEXT)


def test_a_text_that_would_trip_the_decoder_does_not_cost_the_picture() -> None:
    bomb = making.chunk(b"zTXt", b"workflow\0\0" + zlib.compress(bytes(3_000_000)))
    file = making.png()
    after_header = png.chunks(file)[0].end
    with_bomb = file[:after_header] + bomb + file[after_header:]
    with pytest.raises(ValueError, match="Decompressed data too large"):
        making.opened(with_bomb)
    assert bomb in pictures.whole(with_bomb, TEXT).data


@pytest.mark.parametrize(
    ("size", "small"), [((900, 600), (300, 200)), ((512, 1024), (150, 300)), ((64, 48), (64, 48))]
)
def test_a_thumbnail_is_a_webp_with_a_longest_side_of_300(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    thumbnail = making.opened(
        pictures.thumbnail_of(making.jpeg(making.picture(*size[:1], height=size[1])))
    )
    assert (thumbnail.format, thumbnail.size) == ("WEBP", small)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_has_a_thumbnail_of_its_own_brightness(mode: str) -> None:
    grey = Image.new("RGBA", (400, 400), (128, 128, 128, 255))
    image = Image.new("I;16", (400, 400), 128 * 257) if mode == "I;16" else grey.convert(mode)
    small = making.opened(pictures.thumbnail_of(making.png(image))).convert("L").resize((1, 1))
    assert small.getpixel((0, 0)) == pytest.approx(128, abs=3)


def test_a_transparent_picture_has_a_transparent_thumbnail() -> None:
    image = Image.new("RGBA", (400, 400), (255, 0, 0, 0))
    small = making.opened(pictures.thumbnail_of(making.png(image)))
    assert small.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_a_picture_has_the_size_that_is_seen(kind: str) -> None:
    held, content = Image.Exif(), BytesIO()
    held[ExifTags.Base.Orientation] = 8
    Image.new("RGB", (30, 20)).save(content, kind, exif=held)
    assert decoding.upright_size(content.getvalue()) == (20, 30)
    assert decoding.upright_size(making.png()) == (32, 32)


def test_what_a_camera_noted_wrongly_says_nothing() -> None:
    content = BytesIO()
    Image.new("RGB", (30, 20)).save(content, "JPEG", exif=b"Exif\0\0no exif")
    assert decoding.upright_size(content.getvalue()) == (30, 20)


@pytest.mark.parametrize(("alpha", "seen"), [(255, False), (254, True), (0, True)])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_can_be_seen_through_is_known_by_the_thumbnail(
    mode: str, alpha: int, *, seen: bool
) -> None:
    content = BytesIO()
    if mode == "P":
        Image.new("P", (400, 300)).save(content, "PNG", transparency=bytes([alpha]))
    else:
        Image.new("RGBA", (400, 300), (9, 9, 9, alpha)).convert(mode).save(content, "PNG")
    assert decoding.is_transparent(pictures.thumbnail_of(content.getvalue())) is seen
    assert not decoding.is_transparent(pictures.thumbnail_of(making.jpeg()))
