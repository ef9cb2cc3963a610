"""What people type is understood as far as it goes, and can be taken apart and written again."""

from datetime import datetime

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from batchgen_app.core.search import parse, passed_over
from batchgen_app.core.search.completing import typing, valued
from batchgen_app.core.search.folding import fold, listed, tokens
from batchgen_app.core.search.terms import (
    Between,
    Marked,
    Meaning,
    Shaped,
    Sized,
    When,
    Words,
)


def meanings(text: str) -> list[Meaning]:
    return [term.meaning for term in parse(text).terms]


def day(year: int, month: int = 1, number: int = 1) -> datetime:
    return datetime(year, month, number).astimezone()


MEANT: dict[str, list[Meaning]] = {
    "": [],
    "fox": [Words("fox")],
    " red\tfox ": [Words("red"), Words("fox")],
    '"red fox"': [Words("red fox", is_open=False)],
    '"red fo': [Words("red fo")],
    "model:dream": [Words("dream", "model")],
    "MODEL:dream": [Words("dream", "model")],
    'model:"dreams 8.ckpt"': [Words("dreams 8.ckpt", "model", is_open=False, is_whole=True)],
    'prompt:"red fox"': [Words("red fox", "prompt", is_open=False)],
    'tag:"night sh': [Words("night sh", "tags")],
    r'tag:"a \"quoted\" name"': [Words('a "quoted" name', "tags", is_open=False, is_whole=True)],
    r'tag:"a \"quoted\" na': [Words('a "quoted" na', "tags")],
    r'tag:"C:\\" fox': [Words("C:\\", "tags", is_open=False, is_whole=True), Words("fox")],
    r'"C:\new"': [Words(r"C:\new", is_open=False)],
    "lora:detail sampler:euler": [Words("detail", "loras"), Words("euler", "sampler")],
    "workflow:portrait": [Words("portrait", "workflow")],
    "seed:42": [Between("seed", 42, 42)],
    "steps:>20": [Between("steps", 21, None)],
    "steps:<20": [Between("steps", None, 19)],
    "rating:>=3": [Between("rating", 3, None)],
    "rating:<=3": [Between("rating", None, 3)],
    "rating:=3": [Between("rating", 3, 3)],
    "rating:3": [Between("rating", 3, 3)],
    "rating:3..5": [Between("rating", 3, 5)],
    "rating:3..": [Between("rating", 3, None)],
    "rating:..3": [Between("rating", None, 3)],
    "rating:3.": [Between("rating", 3, 3)],
    "fav:yes": [Marked("favourite")],
    "fav:No": [Marked("favourite", is_set=False)],
    "is:rejected": [Marked("rejected")],
    "is:unrated": [Marked("rated", is_set=False)],
    "is:favourite": [Marked("favourite")],
    "size:1024x768": [Sized((1024, 768), (1024, 768))],
    "size:1024×768": [Sized((1024, 768), (1024, 768))],
    "size:>=1024x768": [Sized((1024, 768), None)],
    "size:<1024x768": [Sized(None, (1023, 767))],
    "size:1024": [Between("side", 1024, 1024)],
    "size:1024x": [Between("side", 1024, 1024)],
    "size:portrait": [Shaped("portrait")],
    "before:2026-11-22": [When(until=day(2026, 11, 22))],
    "after:2026-11-22": [When(since=day(2026, 11, 22))],
    "after:2026-11": [When(since=day(2026, 11))],
    "after:2026-1-": [When(since=day(2026, 1))],
    "before:2026": [When(until=day(2026))],
    # What is still being typed finds no less than before it was begun.
    "-": [],
    "rating:": [],
    "rating:>": [],
    "rating:>=": [],
    "rating:.": [],
    "size:>": [],
    "fav:": [],
    "fav:y": [],
    "is:rej": [],
    "size:land": [],
    "after:2": [],
    "after:2026-13": [],
    "before:2026-02-31": [],
    "model:": [],
    'tag:"': [],
    '""': [],
    # What will never make sense is a word.
    "foo:bar": [Words("foo:bar")],
    "http://x": [Words("http://x")],
    "rating:many": [Words("rating:many")],
    "is:blue": [Words("is:blue")],
    "seed:-1": [Words("seed:-1")],
    "seed:x": [Words("seed:x")],
    "rating:3-5": [Words("rating:3-5")],
    f"seed:{'9' * 21}": [Words(f"seed:{'9' * 21}")],
    "before:20261-01-01": [Words("before:20261-01-01")],
    "after:2026/11": [Words("after:2026/11")],
    "%": [Words("%")],
    '"': [Words('"')],
}


@pytest.mark.parametrize(("text", "expected"), MEANT.items(), ids=MEANT)
def test_a_text_means_what_a_person_would_expect(text: str, expected: list[Meaning]) -> None:
    assert meanings(text) == expected


def test_a_minus_turns_a_term_round() -> None:
    terms = parse('-fox -"red fox" -is:rejected -tag:night').terms
    assert [term.is_not for term in terms] == [True] * 4
    assert terms[2].meaning == Marked("rejected")
    assert not parse("re-read").terms[0].is_not


@pytest.mark.parametrize("term", ["rating:>=", "after:2026-13", "is:rej", "-seed:", "model:", "-"])
def test_what_has_no_sense_yet_can_be_told(term: str) -> None:
    assert passed_over(f'fox {term} "blue" is:rejected') == [term]
    assert len(parse(f'fox {term} "blue" is:rejected').terms) == 3


def test_terms_are_taken_away_one_by_one() -> None:
    query = parse('fox  model:"a b"  rating:>=3 fox')
    assert [term.text for term in query.terms] == ["fox", 'model:"a b"', "rating:>=3", "fox"]
    without = query.without(query.terms[1])
    assert str(without) == "fox rating:>=3 fox"
    assert str(without.without(query.terms[0])) == "rating:>=3 fox"
    assert without.without(query.terms[1]) == without
    assert str(parse("")) == ""


typed = st.text(st.sampled_from('ab: "-.x>=<3é\u2003\n') | st.characters(exclude_categories=["Cs"]))
pieces = st.sampled_from(['"', "-", "model:", "rating:", ">=", "3", "..", "size:", " ", "fox"])


@given(typed | st.lists(pieces).map("".join))
@example("\0")
@example("9" * 5000)
@example("size:" + "9" * 30 + "x1")
@example("after:0000-01-01")
def test_whatever_is_typed_is_no_error_and_can_be_written_again(text: str) -> None:
    query = parse(text)
    assert parse(str(query)) == query
    for term in query.terms:
        assert len(query.without(term).terms) == len(query.terms) - 1


@given(st.sampled_from(("tag", "model")), st.text(min_size=1).filter(lambda name: name.strip()))
@example("tag", 'the "best"')
@example("tag", "\\")
def test_a_name_is_found_whole_whatever_stands_in_it(field: str, name: str) -> None:
    name = name.replace("\0", "")
    assume(name.strip() and name != "-")
    (term, other) = parse(f"{valued(field, name)} fox").terms
    assert isinstance(term.meaning, Words)
    assert (term.meaning.text, term.meaning.is_whole, other.text) == (name, True, "fox")


def test_a_line_that_is_too_long_is_read_as_far_as_it_can_be() -> None:
    assert len(parse("fox " * 10_000).terms) == 50


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hauptstraße GROẞ", "hauptstrasse gross"),
        ("İstanbul ISPARTA ılık", "istanbul isparta ilik"),
        ("Cafe\u0301 ÄPFEL Łódź Ærø", "cafe apfel lodz aero"),
        ("НОЧНОЙ", "ночнои"),
        ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
        ("שָׁלוֹם", "שלום"),
        ("１２３ ﬁne", "123 fine"),
    ],
)
def test_case_and_accents_are_not_compared(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("100% wool_coat, (red:1.2)", ["100", "wool", "coat", "red", "1", "2"]),
        ("“quoted” — dash…", ["quoted", "dash"]),
        ("狐と月", ["狐", "と", "月"]),
        ("がか ｶﾞ", ["か\u3099", "か", "カ\u3099"]),
        ("fox狐🦊fox", ["fox", "狐", "🦊", "fox"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("हिन्दी में", [fold("हिन्दी"), fold("में")]),
        ("❤️", ["❤"]),
    ],
)
def test_words_are_told_apart_also_where_no_spaces_are(text: str, words: list[str]) -> None:
    assert tokens(fold(text)) == words


def test_what_one_types_of_a_syllable_is_the_beginning_of_it() -> None:
    assert fold("한국").startswith(fold("하"))


def test_names_in_a_list_can_be_told_apart() -> None:
    assert listed([]) == ""
    assert listed(["Night Shot", "a‖b"]) == "‖ night shot ‖ a b ‖"


@pytest.mark.parametrize(
    ("text", "before", "field", "given"),
    [
        ("fox re", "fox ", "", "re"),
        ("fox ", "fox ", "", ""),
        ("fox -", "fox ", "", ""),
        ("fox -tag:ni", "fox ", "tag", "ni"),
        ('fox tag:"night sh', "fox ", "tag", "night sh"),
        (r'tag:"a \"quo', "", "tag", 'a "quo'),
        ('tag:"a" mod', 'tag:"a" ', "", "mod"),
        ('"red fox"', "", "", '"red fox"'),
        ("a" * 20_000 + " b", "a" * 20_000 + " ", "", "b"),
    ],
)
def test_what_is_being_typed_is_the_last_term(
    text: str, before: str, field: str, given: str
) -> None:
    at = typing(text)
    assert (at.before, at.field, at.given) == (before, field, given)
    assert at.minus == ("-" if text.startswith("fox -") else "")
