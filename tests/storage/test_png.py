"""PNG files, chunk by chunk: nothing but whole pictures pass, and a text is added in one place."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage import png
from tests.storage import making

WHOLE = making.png(prompt='{"3": {}}', workflow="{}")
LAST = len(making.chunk(b"IEND", b""))
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def with_chunk(kind: bytes, content: bytes) -> bytes:
    return WHOLE[:-LAST] + making.chunk(kind, content) + WHOLE[-LAST:]


def test_the_chunks_of_a_picture_are_found_in_order() -> None:
    parts = png.chunks(WHOLE)
    assert [part.kind for part in parts] == [b"IHDR", b"tEXt", b"tEXt", b"IDAT", b"IEND"]
    assert png.size(parts[0]) == (32, 32)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_picture_that_ends_too_early_is_broken(length: int) -> None:
    with pytest.raises(PictureBroken):
        png.chunks(WHOLE[:length])


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_picture_with_one_byte_changed_is_broken(position: int, change: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[position] ^= change
    with pytest.raises(PictureBroken):
        png.chunks(bytes(damaged))


def test_bytes_behind_the_end_do_no_harm() -> None:
    assert len(png.chunks(WHOLE + b"something else")) == len(png.chunks(WHOLE))


@pytest.mark.parametrize(
    "file",
    [
        png.SIGNATURE + making.chunk(b"IEND", b""),
        png.SIGNATURE + making.header(8, 8) + making.chunk(b"IEND", b""),
        png.SIGNATURE + making.chunk(b"IHDR", b"") + WHOLE[8:],
        png.SIGNATURE + making.chunk(b"IDAT", b"") + WHOLE[8:],
    ],
    ids=["nothing but the end", "no pixels", "an empty header", "pixels before the header"],
)
def test_a_picture_without_its_important_parts_is_broken(file: bytes) -> None:
    with pytest.raises(PictureBroken, match="important part"):
        png.chunks(file)


@given(texts)
def test_a_text_goes_in_behind_the_header_and_no_other_byte_changes(text: str) -> None:
    parts = png.chunks(WHOLE)
    carrying = png.with_texts(WHOLE, parts, {"parameters": text})
    added = png.chunks(carrying)[1]
    assert carrying[: added.start] + carrying[added.end :] == WHOLE
    assert added.start == parts[0].end
    assert png.text(png.chunks(carrying), "parameters") == text


@given(texts.filter(lambda text: "\r" not in text))
def test_pillow_reads_the_text_that_was_added(text: str) -> None:
    carrying = png.with_texts(WHOLE, png.chunks(WHOLE), {"parameters": text})
    assert making.opened(carrying).info["parameters"] == text


def test_a_text_is_written_as_latin_1_where_that_is_enough() -> None:
    parts = png.chunks(WHOLE)
    kinds = [
        png.chunks(png.with_texts(WHOLE, parts, {"parameters": text}))[1].kind
        for text in ("a café", "狐")
    ]
    assert kinds == [b"tEXt", b"iTXt"]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (b"tEXt", b"parameters\0caf\xe9"),
        (b"zTXt", b"parameters\0\0" + zlib.compress(b"caf\xe9")),
        (b"iTXt", b"parameters\0\0\0fr\0r\xc3\xa9glages\0" + "café".encode()),
        (b"iTXt", b"parameters\0\1\0\0\0" + zlib.compress("café".encode())),
    ],
    ids=["plain", "compressed", "international", "international, compressed"],
)
def test_a_text_is_read_in_whichever_way_it_was_written(kind: bytes, content: bytes) -> None:
    assert png.text(png.chunks(with_chunk(kind, content)), "parameters") == "café"


def test_only_the_text_with_the_right_keyword_is_read() -> None:
    assert png.text(png.chunks(WHOLE), "parameters") is None
    assert png.text(png.chunks(WHOLE), "workflow") == "{}"


def test_a_small_chunk_cannot_unpack_into_a_huge_text() -> None:
    bomb = with_chunk(b"zTXt", b"parameters\0\0" + zlib.compress(b"a" * 2 * png.MAX_TEXT_BYTES))
    text = png.text(png.chunks(bomb), "parameters")
    assert text is not None
    assert len(text) == png.MAX_TEXT_BYTES


@pytest.mark.parametrize(
    "content", [b"parameters\0\1\0no separators", b"parameters\0\1\0\0\0not packed"]
)
def test_a_text_that_makes_no_sense_does_not_break_the_picture(content: bytes) -> None:
    parts = png.chunks(with_chunk(b"iTXt", content))
    assert png.text(parts, "parameters") is None


def test_the_pixels_are_the_same_without_the_extras() -> None:
    bare = png.only_pixels(WHOLE, png.chunks(WHOLE))
    assert making.opened(bare).info == {}
    assert making.opened(bare).tobytes() == making.opened(WHOLE).tobytes()
