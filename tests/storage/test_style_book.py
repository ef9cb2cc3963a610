"""Styles lie in one file that people may read, edit and copy; nothing in it is lost."""

import asyncio
import json
from pathlib import Path

import pytest

from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound, StorageError
from batchgen_app.core.styles import Style, StyleChanges
from batchgen_app.storage.style_book import StyleBook

FILM = Style(name="Film", prompt="film still of {prompt}", negative_prompt="drawing")
INK = Style(name="ink", prompt="ink drawing")
CSV = """\ufeffname,prompt,negative_prompt
None,,
------ mine ------,,
Film,"film still of {prompt}","drawing"
"Two lines","first,
second",
"""


@pytest.fixture
def book(tmp_path: Path) -> StyleBook:
    return StyleBook(tmp_path)


def put_aside(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.glob("styles.json.broken-*")]


async def test_they_are_kept_sorted_in_a_file_that_people_can_read(
    book: StyleBook, tmp_path: Path
) -> None:
    assert await book.all() == []
    for style in (INK, FILM):
        await book.add(style)
    assert await StyleBook(tmp_path).all() == [FILM, INK]
    entries = json.loads((tmp_path / "styles.json").read_text(encoding="utf-8"))["styles"]
    assert entries[1] == {"name": "ink", "prompt": "ink drawing", "negativePrompt": ""}


async def test_one_is_edited_renamed_and_deleted(book: StyleBook) -> None:
    await book.add(FILM)
    await book.edit("Film", StyleChanges(prompt="cinema"))
    await book.edit("Film", StyleChanges(name="Cinema"))
    assert await book.all() == [Style(name="Cinema", prompt="cinema", negative_prompt="drawing")]
    assert (await book.delete("Cinema")).prompt == "cinema"
    assert await book.all() == []
    for change in (book.delete("Cinema"), book.edit("Cinema", StyleChanges(prompt="x"))):
        with pytest.raises(NotFound):
            await change


async def test_a_name_is_given_once(book: StyleBook) -> None:
    await book.add(FILM)
    await book.add(INK)
    with pytest.raises(Conflict, match="Choose another name"):
        await book.add(FILM)
    with pytest.raises(Conflict):
        await book.edit("ink", StyleChanges(name="Film"))
    assert await book.all() == [FILM, INK]


async def test_of_two_who_write_at_once_nobody_loses_one(book: StyleBook) -> None:
    styles = [Style(name=f"style {number:02}", prompt="x") for number in range(20)]
    await asyncio.gather(*map(book.add, styles))
    assert await book.all() == styles


async def test_what_a_person_writes_into_the_file_counts(book: StyleBook, tmp_path: Path) -> None:
    await book.add(FILM)
    by_hand = {"styles": [{"name": "by hand", "prompt": "oil"}]}
    (tmp_path / "styles.json").write_text(json.dumps(by_hand))
    await book.add(INK)
    assert [style.name for style in await book.all()] == ["by hand", "ink"]
    assert not book.fault


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (b"{", []),
        (b"\xff\xfe\x00", []),
        (b'{"styles": 3}', []),
        (b"", []),
        (b"words that somebody saved here by mistake", []),
        (b'{"styles": [{"name": "ink", "prompt": "ink drawing"}, {"prompt": "no name"}]}', [INK]),
        (b'[{"name": "ink", "prompt": "ink drawing"}, {"name": "ink", "prompt": "other"}]', [INK]),
        (b"[" * 100_000, []),
    ],
)
async def test_a_damaged_file_is_kept_aside_and_said_and_what_makes_sense_holds(
    book: StyleBook, tmp_path: Path, content: bytes, left: list[Style]
) -> None:
    (tmp_path / "styles.json").write_bytes(content)
    assert await book.all() == left
    assert put_aside(tmp_path) == [content]
    assert "It is kept as styles.json.broken-" in book.fault
    await book.add(FILM)
    assert not book.fault
    assert await book.all() == [FILM, *left]
    assert put_aside(tmp_path) == [content]


async def test_damage_that_is_found_while_one_is_added_is_said(
    book: StyleBook, tmp_path: Path
) -> None:
    (tmp_path / "styles.json").write_bytes(b"{")
    await book.add(FILM)
    assert await book.all() == [FILM]
    assert "It is kept as styles.json.broken-" in book.fault


async def test_a_file_that_cannot_be_read_is_not_written_over(
    book: StyleBook, tmp_path: Path
) -> None:
    (tmp_path / "styles.json").mkdir()
    with pytest.raises(StorageError):
        await book.add(FILM)
    assert (tmp_path / "styles.json").is_dir()


async def test_those_of_the_other_web_ui_are_brought_along(book: StyleBook) -> None:
    brought = await book.bring(CSV.encode())
    assert await book.all() == [FILM, Style(name="Two lines", prompt="first,\nsecond")]
    assert brought == await book.all()


async def test_a_second_time_brings_nothing_and_another_of_the_same_name_gets_a_number(
    book: StyleBook, tmp_path: Path
) -> None:
    await book.add(Style(name="Film", prompt="mine"))
    await book.bring(CSV.encode())
    assert [style.name for style in await book.all()] == ["Film", "Film (2)", "Two lines"]
    other = StyleBook(tmp_path / "other")
    await other.bring((tmp_path / "styles.json").read_bytes())
    assert await other.all() == await book.all()
    assert await other.bring((tmp_path / "styles.json").read_bytes()) == []


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"{}", b"just words\nand more", b"a,b\n1,2"])
async def test_a_file_without_styles_is_refused(book: StyleBook, content: bytes) -> None:
    with pytest.raises(InvalidRequest, match="no styles in this file"):
        await book.bring(content)
    assert await book.all() == []


LARGE = [Style(name=f"large {number:03}", prompt="y" * 9_900) for number in range(400)]


async def test_a_file_that_would_grow_too_large_is_refused_and_stays_as_it_was(
    book: StyleBook, tmp_path: Path
) -> None:
    file = tmp_path / "styles.json"
    await book.bring(json.dumps([style.to_json() for style in LARGE]).encode())
    before = file.read_bytes()
    other = [{"name": f"other {number}", "prompt": "z" * 9_900} for number in range(10)]
    for growing in (
        lambda: book.add(Style(name="more", prompt="z" * 9_900, negative_prompt="z" * 9_900)),
        lambda: book.edit("large 000", StyleChanges(negative_prompt="z" * 9_900)),
        lambda: book.bring(json.dumps(other).encode()),
    ):
        with pytest.raises(Conflict, match="No more than 4 MB"):
            await growing()
        assert file.read_bytes() == before
    assert LARGE[7] in await book.all()
    assert not put_aside(tmp_path)


async def test_a_large_file_of_the_apps_own_is_read_and_can_be_made_smaller(
    book: StyleBook, tmp_path: Path
) -> None:
    entries = [style.to_json() for style in (*LARGE, *LARGE)]
    named = [{**entry, "name": f"style {number:03}"} for number, entry in enumerate(entries)]
    (tmp_path / "styles.json").write_text(json.dumps({"styles": named}))
    assert len(await book.all()) == 800
    await book.delete("style 000")
    assert len(await book.all()) == 799
    assert not put_aside(tmp_path)


async def test_many_that_all_need_a_number_are_brought_in_one_breath(book: StyleBook) -> None:
    """A second for what would be minutes if each were compared with all."""
    for words in ("first", "second"):
        rows = "".join(f"s{number},{words}\n" for number in range(20_000))
        async with asyncio.timeout(20):
            await book.bring(f"name,prompt\n{rows}".encode())
    names = {style.name: style.prompt for style in await book.all()}
    assert len(names) == 40_000
    assert (names["s7"], names["s7 (2)"]) == ("first", "second")


async def test_of_one_name_in_one_file_the_second_gets_a_number(book: StyleBook) -> None:
    await book.bring(b"name,prompt\nink,first\nink,second\nink,first\n" + b"n" * 500 + b",x\n")
    await book.bring(b"name,prompt\n" + b"n" * 500 + b",y\n")
    kept = {style.name: style.prompt for style in await book.all()}
    assert kept == {
        "ink": "first",
        "ink (2)": "second",
        "n" * 500: "x",
        "n" * 490 + " (2)": "y",
    }


async def test_a_name_that_no_address_can_have_is_made_clean(
    book: StyleBook, tmp_path: Path
) -> None:
    names = ["a\nb\n", "a\tb", ".\n", "..", "x/../y", "a ", "a"]
    entries = [{"name": name, "prompt": str(number)} for number, name in enumerate(names)]
    await book.bring(json.dumps(entries).encode())
    assert {style.name: style.prompt for style in await book.all()} == {
        "a b": "0",
        "a b (2)": "1",
        "_": "2",
        "__": "3",
        "x/__/y": "4",
        "a ": "5",
        "a": "6",
    }
    (tmp_path / "styles.json").write_text(json.dumps(entries[:1]))
    assert [style.name for style in await book.all()] == ["a b"]
    assert not put_aside(tmp_path)
