"""A line of text, as terms. Nothing that is typed is an error: a field that has no sense yet is
passed over while it is being typed, and a word where it never will have one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from batchgen_app.core.search import values
from batchgen_app.core.search.terms import Column, Meaning, SearchQuery, Term, Words
from batchgen_app.core.search.values import Read

MOST_CHARACTERS = 2_000
"""Of a line; what stands behind is not read."""
MOST_TERMS = 50
TEXTS: dict[str, Column] = {
    "prompt": "prompt",
    "negative": "negative",
    "model": "model",
    "lora": "loras",
    "sampler": "sampler",
    "workflow": "workflow",
    "tag": "tags",
}
VALUES: dict[str, Read] = {
    "seed": values.number("seed"),
    "steps": values.number("steps"),
    "rating": values.number("rating"),
    "fav": values.favourite,
    "is": values.state,
    "size": values.size,
    "before": values.before,
    "after": values.after,
}
FIELDS = (*TEXTS, *VALUES)
STATES = ("favourite", "rejected", "rated", "unrated")
SHAPES = ("landscape", "portrait", "square")
CHOICES = {"fav": ("yes", "no"), "is": STATES, "size": SHAPES}
"""Values that can be told in advance."""
NAMES = frozenset({"model", "loras", "sampler", "workflow", "tags"})
"""Columns of names: one in quotes is all of it."""
_FIELD = "|".join(FIELDS)
_TERM = re.compile(
    rf"(?P<minus>-(?=\S))?(?:(?P<field>{_FIELD}):)?"
    r'(?:"(?P<phrase>(?:\\["\\]|[^"])*)(?P<end>"?)|(?P<word>\S*))',
    re.IGNORECASE,
)
_ESCAPED = re.compile(r'\\(["\\])')
_NUMBER_TO_BE = re.compile(r"[<>]?=?|\.\.?")
_DAY_TO_BE = re.compile(r"\d{1,4}(?:-\d{0,2}){0,2}-?")
_TO_BE = {
    **dict.fromkeys(("seed", "steps", "rating", "size"), _NUMBER_TO_BE),
    **dict.fromkeys(("before", "after"), _DAY_TO_BE),
}
"""What is not a number, a size or a day yet, and may become one."""


@lru_cache(maxsize=256)
def parse(text: str) -> SearchQuery:
    """What is meant by what a person has typed so far."""
    found = [term for _, term in _typed(text) if term]
    return SearchQuery(tuple(found[:MOST_TERMS]))


def passed_over(text: str) -> list[str]:
    """What of ``text`` has no sense yet, as it was typed. Who goes on typing sees what comes of it;
    who does not is asking for more pictures than they know.
    """
    return [typed for typed, term in _typed(text) if not term]


def terms_in(text: str) -> Iterator[re.Match[str]]:
    """Each term as it stands in ``text``: its ``minus``, its ``field``, its ``word`` or ``phrase``,
    and of that the ``end``, a quote.
    """
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        found = _TERM.match(text, place)
        assert found, "a word is any text"
        yield found
        place = max(found.end(), place + 1)


def given_in(term: re.Match[str]) -> str:
    """What is looked for: the word, or what stands in quotes, where a quote and a backslash have a
    backslash before them.
    """
    phrase = term["phrase"]
    return term["word"] if phrase is None else _ESCAPED.sub(r"\1", phrase)


def _typed(text: str) -> Iterator[tuple[str, Term | None]]:
    """Each term as it was typed, and as it is understood."""
    for found in terms_in(text[:MOST_CHARACTERS].replace("\0", " ")):
        meaning = _meaning(found)
        term = Term(found.group(), meaning, is_not=bool(found["minus"])) if meaning else None
        yield found.group(), term


def _meaning(found: re.Match[str]) -> Meaning | None:
    field, given = (found["field"] or "").lower(), given_in(found)
    if field in VALUES:
        return _valued(field, given.strip().lower(), found.group())
    if not given.strip() or found["word"] == "-":
        return _no_words(found.group(), field)
    column = TEXTS.get(field)
    is_closed = bool(found["end"])
    return Words(given, column, is_open=not is_closed, is_whole=is_closed and column in NAMES)


def _valued(field: str, given: str, typed: str) -> Meaning | None:
    if (meaning := VALUES[field](given)) or not given:
        return meaning
    return None if _may_become(field, given) else Words(typed)


def _may_become(field: str, given: str) -> bool:
    if field in CHOICES and any(choice.startswith(given) for choice in CHOICES[field]):
        return True
    return field in _TO_BE and _TO_BE[field].fullmatch(given) is not None


def _no_words(typed: str, field: str) -> Meaning | None:
    """A quote or a field alone: something else is about to follow. Nothing but a quote is what is
    looked for.
    """
    return Words(typed) if typed == '"' and not field else None
