"""What downloaded files are called: by a person's pattern, on every system."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.file_names import (
    EXAMPLE,
    FIELDS,
    MOST_BYTES,
    NamePattern,
    Names,
    cut,
    example_values,
    safe,
    values_of,
)
from tests.core.stories import batch_after, completed, started, submitted
from tests.hard_prompts import PROMPTS

RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


def is_fine(name: str) -> bool:
    """Whether Windows, macOS and Linux all take it as the name of a file."""
    bare = name.partition(".")[0].rstrip().casefold()
    return (
        not set(name) & set('<>:"/\\|?*')
        and not any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in name)
        and name == unicodedata.normalize("NFC", name)
        and name == name.strip().rstrip(".")
        and not name.startswith((".", "-"))
        and bare not in RESERVED
        and len(name.encode()) <= MOST_BYTES + 1
    )


@given(st.text(max_size=400))
def test_whatever_a_prompt_says_every_system_takes_the_name(prompt: str) -> None:
    values = {**example_values(), "prompt": prompt}
    assert is_fine(NamePattern.parse("{prompt}").stem(values))
    whole = NamePattern.parse(EXAMPLE).stem(values)
    assert is_fine(whole)
    assert whole.endswith("_1234567"), "a long prompt leaves room for the seed"
    assert safe(whole) == whole


@given(st.lists(st.text("aA-2é.ſs", min_size=1, max_size=4).map(safe).filter(bool), max_size=30))
def test_no_two_files_have_one_name_where_capitals_are_not_told_apart(stems: list[str]) -> None:
    names, endings = Names(), (".png", ".txt", "_2.png")
    given_ = [names.free(stem, endings) for stem in stems]
    files = [f"{name}{ending}" for name in given_ for ending in endings]
    assert len({unicodedata.normalize("NFKC", file).casefold() for file in files}) == len(files)


def test_the_second_of_a_name_is_numbered() -> None:
    names = Names()
    assert [names.free(stem, [".png"]) for stem in ("fox", "Fox", "fox")] == [
        "fox",
        "Fox-2",
        "fox-3",
    ]


@given(st.text(max_size=60), st.integers(0, 100))
def test_a_name_that_is_cut_short_keeps_its_signs_whole(text: str, most: int) -> None:
    short = cut(text, most)
    assert text.startswith(short)
    assert len(short.encode()) <= most


def test_a_family_and_an_accent_are_not_torn_apart() -> None:
    family = "👩‍👩‍👧‍👦"
    assert cut(f"ab{family}", 12) == "ab"
    assert cut("cafe\u0301", 4) == "caf"


@pytest.mark.parametrize("name", ["CON", "nul", "com1.2", "LPT³", "aux .x"])
def test_names_that_windows_keeps_for_itself_are_no_longer_those(name: str) -> None:
    assert safe(name) == f"_{name}"


def test_each_field_tells_of_its_image() -> None:
    batch = batch_after(started(), submitted(1), completed(1))
    (image,) = batch.pictures
    values = values_of(batch, image)
    assert tuple(values) == FIELDS == tuple(example_values())
    stem = NamePattern.parse("{index} {seed} {rating} {batch}").stem(values)
    assert stem == f"001 {image.seed} 0 {batch.batch_id}"


def test_the_hard_prompts_give_names() -> None:
    prompts = {
        "colon": ("portrait of Anna: Queen, 8k", "portrait of Anna Queen, 8k"),
        "nfd": ("cafe\u0301 night", "caf\xe9 night"),
        "lines": ("one\ntwo\n\nthree", "one two three"),
        "markup": ('<img src=x onerror="a/b">', "img src=x onerror= a b"),
        "u2028": ("a\u2028b\x00c", "a b c"),
        "turned": ("abc\u202egnp.exe", "abc gnp.exe"),
    }
    for prompt, name in prompts.values():
        assert NamePattern.parse("{prompt}").stem({**example_values(), "prompt": prompt}) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("{sead}", "unknown_field"),
        ("{}", "unknown_field"),
        ("{seed", "braces"),
        ("seed}", "braces"),
        ("{seed:03d}", "braces"),
        ("{seed!r}", "braces"),
        ("{seed.__class__}", "unknown_field"),
        ("{date}/{seed}", "character"),
        ("a\u202eb", "character"),
        ("x" * 101, "too_long"),
    ],
)
def test_a_pattern_that_gives_no_names_is_refused_in_words(text: str, code: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        NamePattern.parse(text)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("names", code)
    if code in {"empty", "unknown_field", "braces"}:
        assert all(f"{{{name}}}" in problem.message for name in FIELDS)


def test_doubled_braces_are_braces() -> None:
    assert NamePattern.parse("{{{seed}}}").stem({"seed": "7"}) == "{7}"


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_every_hard_prompt_gives_a_name(prompt: str) -> None:
    stem = NamePattern.parse(EXAMPLE).stem({**example_values(), "prompt": prompt})
    assert is_fine(stem)
    assert len(stem) > len("2026-03-01__1234567")
