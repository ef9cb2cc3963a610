"""zipstream-ng 1.9.3 makes entries one after the other, with the size and the date it is told."""

import io
from collections.abc import Iterator
from functools import partial
from zipfile import ZipFile

import pytest

from batchgen_app.adapters.zipstream import DatedZip

THEN = (2026, 11, 29, 12, 30, 10)


def test_contents_have_dates_of_their_own_and_the_whole_is_as_long_as_was_said() -> None:
    stream = DatedZip()
    stream.add_dated(iter([b"a red", b" fox"]), "001_42.png", 9, THEN)
    said, text = len(stream), b"".join(stream)
    assert len(text) == said
    with ZipFile(io.BytesIO(text)) as archive:
        (entry,) = archive.infolist()
        assert (entry.filename, entry.date_time, entry.file_size) == ("001_42.png", THEN, 9)
        assert entry.external_attr >> 16 == 0o100644
        assert archive.read(entry) == b"a red fox"


def test_a_content_is_not_opened_before_its_turn() -> None:
    stream = DatedZip()
    opened: list[str] = []

    def content(name: str) -> Iterator[bytes]:
        opened.append(name)
        yield b"x"

    for name in ("one", "two"):
        stream.add_dated(content(name), name, 1, THEN)
    assert opened == []
    seen = [len(opened) for _ in stream]
    assert set(seen) >= {1, 2}
    assert opened == ["one", "two"]


def test_a_content_that_has_changed_breaks_the_reading_off() -> None:
    stream = DatedZip()
    stream.add_dated(iter([b"short"]), "001_42.png", 9, THEN)
    with pytest.raises(RuntimeError, match=r"001_42.png has changed"):
        list(stream)


def test_what_turns_out_to_be_no_file_is_not_in_it_and_the_length_is_kept() -> None:
    stream = DatedZip()
    whole = {"1.png": True, "2.png": False, "3.png": False, "sums": True}
    for name in whole:
        stream.add_dated(iter([bytes(9)]), name, 9, THEN, partial(whole.__getitem__, name))
    said, text = len(stream), b"".join(stream)
    assert len(text) == said
    with ZipFile(io.BytesIO(text)) as archive:
        assert archive.namelist() == ["1.png", "sums"]
        assert archive.testzip() is None


def test_where_all_of_it_turns_out_to_be_none_the_reading_breaks_off() -> None:
    stream = DatedZip()
    stream.add_dated(iter([b"x"]), "001_42.png", 1, THEN, is_whole=lambda: False)
    with pytest.raises(RuntimeError, match="nothing"):
        list(stream)
