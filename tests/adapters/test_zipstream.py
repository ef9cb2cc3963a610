"""zipstream-ng 1.9.3 makes entries one after the other, with the size and the date it is told."""

import io
from collections.abc import Iterator, Sequence
from zipfile import ZipFile

import pytest

from batchgen_app.adapters.zipstream import DatedZip, Lost

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


def gone(*pieces: bytes) -> Iterator[bytes]:
    """One that cannot be had when its turn comes, or not more of it than this."""
    yield from pieces
    raise Lost


@pytest.mark.parametrize("pieces", [[], [b"short"], [b"longer than", b" before"], [bytes(5000)]])
def test_what_is_lost_on_the_way_is_not_in_it_and_the_length_is_kept(pieces: list[bytes]) -> None:
    stream = DatedZip()
    stream.add_dated(iter([bytes(9)]), "1.png", 9, THEN)
    stream.add_dated(iter(pieces), "2.png", 9000, THEN)
    stream.add_dated(gone(), "3.png", 100_000, THEN)
    stream.add_dated(iter([b"sums"]), "sums", 4, THEN)
    said, text = len(stream), b"".join(stream)
    assert len(text) == said
    assert stream.lost == ["2.png", "3.png"]
    assert b"3.png" not in text, "not even its head was sent"
    with ZipFile(io.BytesIO(text)) as archive:
        assert archive.namelist() == ["1.png", "sums"]
        assert archive.read("sums") == b"sums"
        assert archive.testzip() is None


@pytest.mark.parametrize("known", [b"", b"1.png was missing\n"])
def test_a_note_tells_of_what_was_lost_even_if_it_is_all(known: bytes) -> None:
    stream = DatedZip()
    pieces = [bytes(60_000), bytes(60_000)]
    stream.add_dated(iter(pieces), "2.png", 120_001, THEN)

    def note(lost: Sequence[str]) -> bytes:
        return known + "".join(f"{name} was lost\n" for name in lost).encode()

    stream.add_note("note.txt", THEN, note)
    said, text = len(stream), b"".join(stream)
    assert len(text) == said
    with ZipFile(io.BytesIO(text)) as archive:
        assert archive.namelist() == ["note.txt"]
        assert archive.read("note.txt") == known + b"2.png was lost\n"


@pytest.mark.parametrize("known", [b"", b"1.png was missing\n"])
def test_without_anything_lost_there_is_only_the_note_that_was_known(known: bytes) -> None:
    stream = DatedZip()
    stream.add_dated(iter([b"x"]), "2.png", 1, THEN)
    stream.add_note("note.txt", THEN, lambda _: known)
    said, text = len(stream), b"".join(stream)
    assert len(text) == said
    with ZipFile(io.BytesIO(text)) as archive:
        assert archive.namelist() == (["2.png", "note.txt"] if known else ["2.png"])
        assert not archive.comment


def test_where_nothing_is_left_or_no_room_for_the_note_the_reading_breaks_off() -> None:
    stream = DatedZip()
    stream.add_dated(gone(), "001_42.png", 1, THEN)
    with pytest.raises(RuntimeError, match="nothing"):
        list(stream)
    stream = DatedZip()
    stream.add_dated(gone(), "001_42.png", 1, THEN)
    stream.add_note("note.txt", THEN, lambda lost: b"a long story" * 20 if lost else b"")
    with pytest.raises(RuntimeError, match="nothing"):
        list(stream)
