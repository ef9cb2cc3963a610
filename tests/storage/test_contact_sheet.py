"""Contact sheets: every picture is on one, as large as can be; none is longer than a page."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from batchgen_app.storage import decoding
from batchgen_app.storage.delivery import lettering
from batchgen_app.storage.delivery.contact_sheet import (
    HEIGHT,
    PER_SHEET,
    WIDTH,
    Cell,
    contact_sheet,
    side,
)

RED = (200, 20, 20)


def cell(width: int, height: int) -> Cell:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), RED).save(buffer, "WEBP", lossless=True)
    return Cell(buffer.getvalue(), "", "1", 2**53 - 1, 5, favourite=True, rejected=True)


def red(sheet: bytes) -> tuple[tuple[int, int], int]:
    """The size of a sheet, and how much of it shows pictures."""
    with Image.open(io.BytesIO(sheet)) as image:
        strong = image.convert("RGB").getchannel("G").point(lambda value: 255 * (value < 60))
        return image.size, strong.histogram()[255]


@pytest.mark.parametrize("count", [1, 2, 4, 5, 9, 10, 16, 17, PER_SHEET])
@pytest.mark.parametrize("shape", [(300, 300), (300, 100), (100, 300)])
def test_every_picture_is_on_one_page(count: int, shape: tuple[int, int]) -> None:
    (width, height), drawn = red(contact_sheet([cell(*shape)] * count, "a batch"))
    assert (width, height <= HEIGHT) == (WIDTH, True)
    each = side(count) ** 2 * shape[0] * shape[1] / max(shape) ** 2
    assert drawn >= 0.9 * count * each


def test_one_that_is_small_is_not_blown_up_and_one_that_is_gone_has_its_place() -> None:
    _, drawn = red(contact_sheet([cell(64, 64)], "a batch"))
    assert 3000 < drawn < 5000
    gone = Cell(None, "missing", "2", 7, 0, favourite=False, rejected=False)
    (_, high), _ = red(contact_sheet([gone], ""))
    assert high > 300


def test_a_still_of_any_format_will_do() -> None:
    tile = Cell(decoding.plain_tile("mp4"), "", "1", 7, 0, favourite=False, rejected=False)
    assert contact_sheet([tile] * 3, "films").startswith(b"\xff\xd8")


def caption(prompt: str) -> bytes:
    """What is below four pictures with a prompt, as grey values."""
    cells = [replace(cell(300, 300), prompt=prompt)] * 4
    with Image.open(io.BytesIO(contact_sheet(cells, ""))) as one:
        assert one.height <= HEIGHT
        return one.convert("L").crop((0, one.height - 90, WIDTH, one.height)).tobytes()


def test_a_prompt_stands_under_its_picture_as_far_as_there_is_room() -> None:
    fox, sea = caption("a red fox"), caption("a calm sea")
    assert min(fox) < 130
    assert fox != sea
    assert caption("a red fox " * 100) == caption("a red fox " * 200)


SCRIPTS = [("赤", "青"), ("лес", "дом"), ("λευκό", "μαύρο"), ("غابة", "بحر"), ("יער", "ים")]


@pytest.mark.parametrize(("one", "other"), SCRIPTS)
def test_a_prompt_is_drawn_in_its_own_letters_or_says_that_nobody_has_them(
    one: str, other: str
) -> None:
    boxes = "\U000e0ff0" * len(one)  # which no font has
    drawn = caption(one), caption(other), caption(boxes)
    if lettering.Line.of(one, 20).known < 1:
        assert drawn[0] == drawn[1] == drawn[2]
    else:
        assert len({*drawn}) == len(drawn)
    assert min(drawn[0]) < 160, "something stands there"


def test_without_any_font_for_it_a_prompt_is_not_drawn_as_boxes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lettering, "font_files", tuple)
    lettering._font_for.cache_clear()
    try:
        assert caption("赤い狐") == caption("青い海月") != caption("(no font)")
        assert caption("a red 狐 in snow") == caption("a red … in snow")
    finally:
        lettering._font_for.cache_clear()


def test_letters_that_are_read_leftward_stand_so_among_others() -> None:
    def seen(text: str) -> list[tuple[str, bool]]:
        return [(run.text, run.is_leftward) for run in lettering._in_sight(runs(text))]

    def runs(text: str) -> list[lettering.Run]:
        ours = lettering._ours(20)
        return [*lettering._runs([(letter, ours) for letter in text], 20)]

    assert seen("a fox") == [("a fox", False)]
    assert seen("יער fox ים") == [(" ים", True), ("fox", False), ("יער ", True)]
    assert seen("fox יער, ים 7") == [("fox ", False), ("יער, ים", True), (" 7", False)]
    assert seen("יער (fox)") == [(")", True), ("fox", False), ("יער (", True)]
    (sign, *_) = lettering._in_sight(runs("יער (fox)"))
    assert sign._seen == "("
