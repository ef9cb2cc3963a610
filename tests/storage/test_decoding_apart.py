"""What is large, or claims to be, is decoded in a process of its own."""

import asyncio
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import psutil
import pytest
from PIL import Image

from batchgen_app.core.errors import PictureBroken
from batchgen_app.storage import decoding, decoding_apart, pictures, png
from batchgen_app.storage.images import ImageStore
from tests.storage import making
from tests.stored_files import is_all_there
from tests.studio import until

BATCH = "20261122-141500-000000-9f3a"
TEXT = "a fox\nNegative prompt: \nSteps: 4"
LARGE = (3000, 2900)
"""Just too many pixels to be decoded here."""


@pytest.fixture
def _not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*_: object) -> None:
        pytest.fail("it was decoded in the app")

    monkeypatch.setattr(decoding, "_load", decode)


@pytest.fixture
def _comes_to_grief(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is killed, or its time or memory is over."""
    monkeypatch.setattr(decoding_apart, "_asked", lambda *_: b"")


@cache
def files() -> list[bytes]:
    """Of each format, from black in the middle to white at the edges."""
    image = Image.radial_gradient("L").resize(LARGE).convert("RGB")
    return [making.png(image), making.jpeg(image), making.webp(image)]


@pytest.mark.usefixtures("_not_here")
async def test_85_million_pixels_are_kept_byte_for_byte_and_have_a_thumbnail(
    tmp_path: Path,
) -> None:
    sent, store = making.black(9216, 9216), ImageStore(tmp_path)
    stored = await store.save(BATCH, 1, 5, sent, TEXT)
    assert (stored.width, stored.height) == (9216, 9216)
    with await store.open(BATCH, stored.filename) as there:
        file = there.file.read()
    added = png.chunks(file)[1]
    assert file[: added.start] + file[added.end :] == sent
    with await store.thumbnail(BATCH, stored.filename) as small:
        assert making.opened(small.file.read()).size == (300, 300)
    assert await store.find(BATCH, 1, 5) == stored


@pytest.mark.usefixtures("_not_here")
def test_whatever_its_format_a_large_picture_is_decoded_apart() -> None:
    for file in files():
        whole = pictures.whole(file, TEXT)
        assert (whole.width, whole.height) == LARGE
        small = making.opened(whole.thumbnail)
        assert small.size == (300, 290)
        corner, middle = (
            small.convert("L").getpixel((0, 0)),
            small.convert("L").getpixel((150, 145)),
        )
        assert corner == pytest.approx(255, abs=12)
        assert middle == pytest.approx(0, abs=12)


def test_a_large_picture_that_is_cut_off_is_broken() -> None:
    for file in files():
        with pytest.raises(PictureBroken):
            pictures.whole(file[:-1000], TEXT)


def test_a_jpeg_of_endless_scans_is_decoded_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    file = making.jpeg()
    start = file.index(b"\xff\xda")
    scans = file[:-2] + file[start:-2] * 200 + file[-2:]
    assert decoding.claim_of(file).is_modest
    assert not decoding.claim_of(scans).is_modest


@pytest.mark.usefixtures("_comes_to_grief")
def test_a_whole_file_that_could_not_be_decoded_is_kept_with_a_placeholder() -> None:
    for file in files():
        whole = pictures.whole(file, TEXT)
        assert is_all_there(whole.data, file)
        assert making.opened(whole.thumbnail).size == (300, 290)
        with pytest.raises(PictureBroken, match="too early"):
            pictures.whole(file[:-1000], TEXT)


def test_more_pixels_than_are_ever_decoded_are_counted() -> None:
    file = making.black(17_000, 17_000)
    assert decoding_apart.thumbnail_of(file) is None
    assert making.opened(pictures.whole(file, TEXT).thumbnail).size == (300, 300)
    rows = png.chunks(file)[1]
    short = file[: rows.start] + making.chunk(b"IDAT", bytes(rows.content)[:-20_000])
    with pytest.raises(PictureBroken, match=r"pixels are missing|too early"):
        pictures.whole(short + making.chunk(b"IEND", b""), TEXT)


def test_a_bomb_is_given_up_when_its_time_is_over() -> None:
    assert decoding_apart.thumbnail_of(making.bomb(13_000), seconds=0.5) is None


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
async def test_it_ends_with_the_app_in_the_middle_of_its_work(tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(making.bomb(13_000))
    words = (
        "from pathlib import Path; from batchgen_app.storage import decoding_apart as apart;"
        f"apart.thumbnail_of(Path({str(tmp_path / 'bomb.png')!r}).read_bytes())"
    )
    app = await asyncio.to_thread(subprocess.Popen, [sys.executable, "-c", words])
    process = psutil.Process(app.pid)
    await until(lambda: bool(process.children()))
    (decoder,) = process.children()
    await until(lambda: decoder.cpu_times().user > 0.5)
    app.kill()
    await asyncio.to_thread(app.wait)
    await until(lambda: not decoder.is_running() or decoder.status() == psutil.STATUS_ZOMBIE)


def test_a_file_of_a_million_parts_does_not_fill_the_memory() -> None:
    parts = making.chunk(b"tEXt", b"") * (png.MOST_CHUNKS + 1)
    file = making.png()
    start = png.chunks(file)[0].end
    with pytest.raises(PictureBroken, match="too many parts"):
        pictures.whole(file[:start] + parts + file[start:], TEXT)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_how_many_bytes_the_pixels_take_is_known(mode: str) -> None:
    image = making.picture(37, height=23).convert("RGBA" if mode == "I;16" else mode)
    image = image.convert("L").convert("I;16") if mode == "I;16" else image
    parts = png.chunks(making.png(image))
    pixels = b"".join(png._unpacked_pieces(p.content for p in parts if p.kind == b"IDAT"))
    assert png._raw_length(parts[0]) == len(pixels)


def test_in_an_interlaced_picture_too() -> None:
    """Five by five pixels of a byte, pass by pass: rows of 1, 1, 2, 2, 3, 2 and 5."""
    content = bytes.fromhex("00000005 00000005 08 00 00 00 01")
    header = png.Chunk(b"IHDR", memoryview(content), 0, 0)
    rows = [(1, 1), (1, 1), (1, 2), (2, 1), (1, 3), (3, 2), (2, 5)]
    assert png._raw_length(header) == sum(count * (1 + width) for count, width in rows)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX")
def test_a_frozen_build_starts_its_own_processes() -> None:
    """It has no ``python -m``: the program is started instead, with the same words."""
    frozen = (
        "import runpy, sys; sys.frozen = True; sys.argv[0] = 'batchgen';"
        "runpy.run_module('batchgen_app', run_name='__main__')"
    )
    data = making.png(making.picture(400))
    asked = decoding_apart.LENGTH.pack(len(data)) + data
    command = [sys.executable, "-c", frozen, "-m", decoding_apart.PROCESS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(asked)
        process.stdin.flush()
        answer = process.stdout.read()
    assert answer[:1] == decoding_apart.WHOLE
    assert making.opened(answer[1:]).size == (300, 300)


@pytest.mark.parametrize("last_words", [b'["The picture ends too ear', b"", b"\xff"])
def test_last_words_that_are_cut_short_are_a_broken_picture_all_the_same(
    last_words: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = decoding_apart.BROKEN + last_words
    monkeypatch.setattr(decoding_apart, "_asked", lambda *_: answer)
    with pytest.raises(PictureBroken, match=r"damaged: pixels are missing\."):
        decoding_apart.thumbnail_of(b"")
