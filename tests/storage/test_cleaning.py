"""Clean copies: nothing is left that tells how a picture was made, and every pixel is the same."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms

from batchgen_app.core import xmp
from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage import pictures
from batchgen_app.storage.metadata.cleaning import cleaned
from tests.reading.containers import jpeg_segments, png_chunks, webp_chunks
from tests.storage import making

SECRET = "the-secret"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
KINDS = ("PNG", "JPEG", "WEBP")


def stored(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    """With settings of ours and a server's, in every place that it may have."""
    noted = Image.Exif()
    noted[ExifTags.Base.Orientation] = 6
    noted[0x0110] = f"prompt:{SECRET}"
    noted.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.LensModel] = SECRET
    content = BytesIO()
    common: dict[str, Any] = {"exif": noted, "icc_profile": PROFILE, **options}
    if kind == "JPEG":
        common |= {"comment": SECRET.encode(), "dpi": (300, 300)}
    making.picture(32, mode=mode, height=24).save(content, kind, **common)
    data = content.getvalue()
    if kind == "PNG":
        told = b"".join(
            making.chunk(kind, mark + SECRET.encode())
            for kind, mark in (
                (b"tEXt", b"prompt\0"),
                (b"iTXt", b"workflow\0\0\0\0\0"),
                (b"comf", b"workflow\0"),
            )
        )
        data = data[:33] + told + data[33:]
    return pictures.whole(data, SECRET, packet=xmp.packet("0.1.0", SECRET)).data


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "LA", {}),
        ("PNG", "P", {"transparency": 3}),
        ("JPEG", "RGB", {}),
        ("JPEG", "L", {"progressive": True}),
        ("JPEG", "CMYK", {"progressive": True, "restart_marker_rows": 1}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {"lossless": True}),
    ],
)
def test_nothing_is_told_and_the_picture_is_the_same(
    kind: str, mode: str, options: dict[str, Any]
) -> None:
    before = stored(kind, mode, **options) + SECRET.encode()
    after = cleaned(before, "001_1.png")
    assert before.count(SECRET.encode()) >= 3
    assert SECRET.encode() not in after
    assert SECRET.encode("utf-16-be") not in after
    assert b"BatchGen" not in after
    was, now = making.opened(before), making.opened(after)
    assert (was.mode, was.size, was.tobytes()) == (now.mode, now.size, now.tobytes())
    assert now.info["icc_profile"] == PROFILE
    assert dict(now.getexif()) == {ExifTags.Base.Orientation: 6}
    assert was.info.get("dpi") == now.info.get("dpi")
    assert was.info.get("transparency") == now.info.get("transparency")
    assert cleaned(after, "001_1.png") == after


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_without_anything_stays_as_it_is(kind: str) -> None:
    content = BytesIO()
    making.picture().save(content, kind)
    assert cleaned(content.getvalue(), "a") == content.getvalue()


def test_what_moves_keeps_every_frame() -> None:
    content = BytesIO()
    first, *others = [Image.new("RGB", (20, 20), (40 * n, 0, 0)) for n in range(1, 5)]
    first.save(content, "PNG", save_all=True, append_images=others, duration=100)
    for data in (content.getvalue(), making.moving_webp(4)):
        whole = pictures.whole(data, SECRET).data
        after = cleaned(whole, "a")
        with Image.open(BytesIO(data)) as was, Image.open(BytesIO(after)) as now:
            assert getattr(was, "n_frames", 1) == getattr(now, "n_frames", 1) == 4
            for frame in range(4):
                was.seek(frame)
                now.seek(frame)
                assert was.tobytes() == now.tobytes()
        assert SECRET.encode() not in after


def test_only_what_pixels_and_colours_need_is_left() -> None:
    kinds = {kind for kind, _ in png_chunks(cleaned(stored("PNG"), "a"))}
    assert kinds == {b"IHDR", b"eXIf", b"iCCP", b"IDAT", b"IEND"}
    markers = {marker for marker, _ in jpeg_segments(cleaned(stored("JPEG"), "a"))[0]}
    assert not markers & {0xFE, *range(0xE3, 0xEE)}
    assert [kind for kind, _ in webp_chunks(cleaned(stored("WEBP"), "a"))] == [
        *(b"VP8X", b"ICCP", b"VP8 ", b"EXIF")
    ]


@pytest.mark.parametrize(
    "data",
    [b"", making.gif(), making.film(), making.tiff(), stored("PNG")[:-5], stored("JPEG")[:-2]],
    ids=["nothing", "gif", "film", "tiff", "cut png", "cut jpeg"],
)
def test_what_cannot_be_cleaned_for_sure_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(PictureBroken, match=r"inside of 001_1\.bin cannot be taken out"):
        cleaned(data, "001_1.bin")


FILES = {kind: stored(kind) for kind in KINDS}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_told_nothing_of(data: st.DataObject) -> None:
    file = bytearray(FILES[data.draw(st.sampled_from(KINDS))])
    for at in data.draw(st.lists(st.integers(0, len(file) - 1), max_size=3)):
        file[at] ^= data.draw(st.integers(1, 255))
    try:
        cleaned(bytes(file[: data.draw(st.integers(0, len(file)))]), "a")
    except PictureBroken as error:
        assert "inside of a" in str(error)  # noqa: PT017 - whichever it is
