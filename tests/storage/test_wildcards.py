"""Lists of words in the data folder: which files are read, under which names, and which are not."""

import codecs
import json
import os
import sys
from pathlib import Path

import pytest

from batchgen_app.core.dynamic_prompt.lists import Lists
from batchgen_app.core.dynamic_prompt.refusal import Refusal
from batchgen_app.storage.wildcards import MOST_BYTES, read


def put(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def options(lists: Lists, name: str) -> list[str]:
    return sorted(lists.get_values(name).string_values)


def refused(lists: Lists, name: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        lists.get_values(name)
    return refusal.value


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "wildcards").names == ()


def test_every_kind_of_file_gives_its_lists(tmp_path: Path) -> None:
    put(tmp_path, "colour.txt", "\ufeffred\n\n# a note\n  blue  \nred\n")
    put(tmp_path, "animals/cat.txt", "lynx")
    put(tmp_path, "places/all.yaml", "city:\n  - Paris\n  - 2::Rome\nsea: [beach]\n")
    put(tmp_path, "things.json", json.dumps({"small": {"toys": ["ball", {"text": "kite"}]}}))
    put(tmp_path, "trees.json", json.dumps(["oak", "elm"]))
    put(tmp_path, "notes.md", "no list")
    put(tmp_path, ".hidden/secret.txt", "no list")
    lists = read(tmp_path)
    assert set(lists.names) == {
        "colour",
        "animals/cat",
        "places/city",
        "places/sea",
        "small/toys",
        "trees",
    }
    assert options(lists, "colour") == ["blue", "red"]
    assert options(lists, "cat") == ["lynx"]
    assert options(lists, "places/*") == ["Paris", "Rome", "beach"]
    assert options(lists, "small/toys") == ["ball", "kite"]
    assert options(lists, "trees") == ["elm", "oak"]


def test_a_file_is_read_anew_when_it_has_changed(tmp_path: Path) -> None:
    file = put(tmp_path, "all.yaml", "city: [Paris]")
    assert options(read(tmp_path), "city") == ["Paris"]
    file.write_text("city: [Rome, Oslo]")
    assert options(read(tmp_path), "city") == ["Oslo", "Rome"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bad.json", "{"),
        ("bad.json", "[" * 100_000),
        ("bad.yaml", "a: ["),
        ("bad.yaml", "a: !!python/object:os.system x"),
    ],
)
def test_a_file_that_makes_no_sense_says_so_when_it_is_wanted(
    tmp_path: Path, name: str, text: str
) -> None:
    put(tmp_path, "colour.txt", "red")
    put(tmp_path, name, text)
    lists = read(tmp_path)
    assert options(lists, "colour") == ["red"]
    refusal = refused(lists, "bad")
    assert refusal.code == "wildcard_unreadable"
    assert str(tmp_path / name) in refusal.message


@pytest.mark.parametrize("ending", MOST_BYTES)
def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path, ending: str) -> None:
    with put(tmp_path, f"huge{ending}", "").open("wb") as file:
        file.truncate(100_000_000)
    assert refused(read(tmp_path), "huge").code == "wildcard_too_large"


def test_a_file_with_too_many_lines_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "many.txt", "\n".join(map(str, range(300_000))))
    assert refused(read(tmp_path), "many").code == "too_much"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert refused(read(tmp_path), "pipe").code == "wildcard_unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_links_are_followed_and_a_ring_of_them_ends(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "colour.txt", "red")
    folder = tmp_path / "wildcards"
    put(folder, "inner/cat.txt", "lynx")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "inner" / "back").symlink_to(folder)
    assert read(folder).names == ("inner/cat", "linked/colour")


def test_a_file_that_is_gone_meanwhile_says_so(tmp_path: Path) -> None:
    file = put(tmp_path, "colour.txt", "red")
    lists = read(tmp_path)
    file.unlink()
    assert refused(lists, "colour").code == "wildcard_unreadable"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("c.txt", "grün\nrot\n"), ("c.yaml", "c: [grün, rot]"), ("c.yml", "[grün, rot]")],
)
def test_a_file_says_by_its_mark_how_it_is_written(
    tmp_path: Path, name: str, text: str, encoding: str
) -> None:
    (tmp_path / name).write_bytes(text.encode(encoding))
    assert options(read(tmp_path), "c") == ["grün", "rot"]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE])
def test_both_orders_of_bytes_are_read(tmp_path: Path, mark: bytes) -> None:
    encoding = "utf-16-be" if mark == codecs.BOM_UTF16_BE else "utf-32-be"
    (tmp_path / "c.txt").write_bytes(mark + "grün".encode(encoding))
    assert options(read(tmp_path), "c") == ["grün"]


@pytest.mark.parametrize("name", ["c.txt", "c.yaml", "c.json"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-16-be"])
def test_a_file_is_refused_rather_than_read_with_letters_missing(
    tmp_path: Path, name: str, encoding: str
) -> None:
    (tmp_path / name).write_bytes('["grün"]'.encode(encoding))
    refusal = refused(read(tmp_path), "c")
    assert refusal.code == "wildcard_unreadable"
    assert str(tmp_path / name) in refusal.message
    assert "Save it as UTF-8" in refusal.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.yaml", "c:\n - text: [x]"),
        ("c.yaml", "- text: {a: b}"),
        ("c.yaml", "c:\n - masterpiece: best quality"),
        ("c.yaml", "c: [[red, blue]]"),
        ("c.yaml", "c:\n - text: red\n   weight: much"),
        ("c.yaml", "c:\n - text: red\n   weight: -1"),
        ("c.yaml", "c:\n - text: red\n   weight: [1]"),
        ("c.yaml", "red"),
        ("c.json", '{"c": [null]}'),
        ("c.json", '{"c": [{"text": null}]}'),
        ("c.json", '{"c": [{"text": "red", "weight": NaN}]}'),
        ("c.json", "5"),
    ],
)
def test_an_option_that_is_no_text_is_refused_with_its_file(
    tmp_path: Path, name: str, text: str
) -> None:
    put(tmp_path, name, text)
    refusal = refused(read(tmp_path), "c")
    assert refusal.code == "wildcard_unreadable"
    assert str(tmp_path / name) in refusal.message


def test_one_bad_list_leaves_the_others_of_its_file(tmp_path: Path) -> None:
    put(tmp_path, "all.yaml", "city: [Paris]\nsea: [[beach]]")
    lists = read(tmp_path)
    assert options(lists, "city") == ["Paris"]
    assert refused(lists, "sea").code == "wildcard_unreadable"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("c.yaml", "[1, 2.50, 007]", ["007", "1", "2.50"]),
        ("c.yaml", "[yes, null, 2026-01-31]", ["2026-01-31", "null", "yes"]),
        ("c.yaml", "c: on", ["on"]),
        ("c.yaml", "c: [{text: 5, weight: 2}, !!int 6]", ["5", "6"]),
        ("c.yaml", "c:\n -\n - red", ["red"]),
        ("c.yaml", "a: &a {c: [red]}\n<<: *a", ["red"]),
        ("c.json", '[1, 2.50, true, "red"]', ["1", "2.50", "red", "true"]),
        ("c.json", '{"c": ["2::red", {"content": "blue", "weight": 0.5}]}', ["blue", "red"]),
        ("c.json", '{"c": 7}', ["7"]),
    ],
)
def test_what_is_no_text_to_a_program_is_as_it_was_written(
    tmp_path: Path, name: str, text: str, said: list[str]
) -> None:
    put(tmp_path, name, text)
    assert options(read(tmp_path), "c") == said


@pytest.mark.parametrize("ending", [".yml", ".TXT", ".YAML", ".Json", ".YML"])
def test_endings_are_taken_however_they_are_written(tmp_path: Path, ending: str) -> None:
    put(tmp_path, f"c{ending}", '["red"]')
    assert len(read(tmp_path).get_values("c")) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty.txt", ""),
        ("empty.txt", "\n# a note\n"),
        ("empty.yaml", ""),
        ("empty.yaml", "empty:"),
        ("empty.json", "[]"),
        ("empty.json", '{"empty": []}'),
        ("empty.json", "{}"),
    ],
)
def test_a_file_without_options_says_so(tmp_path: Path, name: str, text: str) -> None:
    put(tmp_path, name, text)
    refusal = refused(read(tmp_path), "empty")
    assert refusal.code == "empty_wildcard"
    assert '"empty"' in refusal.message


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_no_text_is_in_no_list_and_no_answer(tmp_path: Path) -> None:
    put(tmp_path, "ok.txt", "red")
    (tmp_path / os.fsdecode(b"ok\xff.txt")).write_text("red")
    (tmp_path / os.fsdecode(b"in\xff")).mkdir()
    put(tmp_path / os.fsdecode(b"in\xff"), "inner.txt", "red")
    put(tmp_path, "names.json", '{"ok\\ud800": ["red"]}')
    lists = read(tmp_path)
    refusal = refused(lists, "okk")
    json.dumps([lists.names, refusal.message, refusal.details], ensure_ascii=False).encode()
    assert "inner" not in lists.names


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_folder_that_is_no_text_breaks_no_answer(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"words\xff")
    (put(folder, "c.txt", "")).write_bytes(b"\xff")
    lists = read(folder)
    for name in ("unknown", "c"):
        str(refused(lists, name).message).encode()
