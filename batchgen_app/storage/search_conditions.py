"""The terms of a search in SQL: conditions over ``gallery_finds AS f``.

A column that is empty (a batch has no rating, a film no size) fulfils a condition as little as its
opposite.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from batchgen_app.core.search import SearchQuery, Term
from batchgen_app.core.search.folding import SEPARATOR, fold, listed, tokens
from batchgen_app.core.search.terms import Between, Marked, Meaning, Shaped, Sized, When, Words
from batchgen_app.storage.search_rows import id_from
from batchgen_app.storage.workflow_names import WorkflowNames

Condition: TypeAlias = tuple[str, tuple[object, ...]]
"""SQL, and the values for its question marks."""

COUNTS = {
    "seed": "f.seed",
    "steps": "f.steps",
    "rating": "f.rating",
    "side": "max(f.width, f.height)",
}
MARKS = {
    "favourite": ("f.favourite = 1", "f.favourite = 0"),
    "rejected": ("f.rejected = 1", "f.rejected = 0"),
    "rated": ("f.rating > 0", "f.rating = 0"),
}
SHAPES = {
    "landscape": "f.width > f.height",
    "portrait": "f.width < f.height",
    "square": "f.width = f.height",
}
MATCHING = "SELECT rowid FROM gallery_words WHERE gallery_words MATCH ?"
MATCH = f"f.text_id IN ({MATCHING})"
TAGGED = (
    "f.text_id IN (SELECT text_id FROM gallery_texts WHERE tag_names <> '[]' AND instr(tags, ?))"
)
"""Marks count in a tag: "night" is another one than "night!"."""
BUILT_IN = "SELECT text_id FROM gallery_texts WHERE workflow = '' AND model BETWEEN ? AND ?"
"""Where no workflow was given, with a model; the name of another one may stand behind it."""
NOTHING: Condition = ("0", ())
SEED_DIGITS = 16
"""Of the largest seed."""


@dataclass(frozen=True)
class Sought:
    """All conditions of a search, each of which must hold."""

    conditions: tuple[Condition, ...] = ()
    is_of_words: bool = True
    """Whether a batch as such can fulfil them, with its words and its time."""

    @property
    def where(self) -> str:
        """In SQL, behind another condition."""
        return "".join(f" AND {sql}" for sql, _ in self.conditions)

    @property
    def values(self) -> tuple[object, ...]:
        return tuple(value for _, values in self.conditions for value in values)


NO_CONDITION = Sought()


def sought(search: SearchQuery, workflows: WorkflowNames) -> Sought:
    """What ``search`` asks of a picture."""
    plain = [term.meaning for term in search.terms if _is_plain(term, workflows)]
    together = [_match(words, workflows) for words in plain if isinstance(words, Words)]
    others = [term for term in search.terms if not _is_plain(term, workflows)]
    found = [_condition(term, workflows) for term in others]
    if together:
        found.insert(0, (MATCH, (" AND ".join(together),)))
    is_of_words = all(
        isinstance(term.meaning, Words | When) and not term.is_not for term in search.terms
    )
    return Sought(tuple(condition for condition in found if condition), is_of_words)


def _is_plain(term: Term, workflows: WorkflowNames) -> bool:
    """Whether it can be asked together with others, which is quicker."""
    words = term.meaning
    if not isinstance(words, Words) or term.is_not or words.column == "workflow" or words.is_tag:
        return False
    is_elsewhere = _as_seed(words) or _named(words, workflows.of_models)
    return bool(tokens(fold(words.text))) and not is_elsewhere


def _condition(term: Term, workflows: WorkflowNames) -> Condition | None:
    meaning = term.meaning
    found = _of_words(meaning, workflows) if isinstance(meaning, Words) else _of_value(meaning)
    if found and term.is_not:
        return f"NOT ({found[0]})", found[1]
    return found


def _of_words(words: Words, workflows: WorkflowNames) -> Condition | None:
    if words.is_tag:
        return TAGGED, (listed([words.text]),)
    if not tokens(fold(words.text)):
        return _literally(words)
    texts = _texts(words, workflows)
    if not (digits := _as_seed(words)):
        return texts
    ranges = [*_seeds(digits)] if words.is_open else [(int(digits), int(digits))]
    seeds = " OR ".join("f.seed BETWEEN ? AND ?" for _ in ranges)
    return f"({texts[0]} OR {seeds})", (*texts[1], *(end for both in ranges for end in both))


def _texts(words: Words, workflows: WorkflowNames) -> Condition:
    match = _match(words, workflows)
    found: list[Condition] = [(MATCHING, (match,))] if match else []
    built_in = _named(words, workflows.of_models)
    found += [(BUILT_IN, (model, f"{model} \U0010ffff")) for model in built_in]
    if not found:
        return NOTHING
    sql = " UNION ALL ".join(statement for statement, _ in found)
    return f"f.text_id IN ({sql})", tuple(value for _, values in found for value in values)


def _literally(words: Words) -> Condition | None:
    """Marks alone, such as %, are in no index of words."""
    marks = fold(words.text).strip()
    if not marks:
        return None
    names = [words.column] if words.column else ["prompt", "negative"]
    there = " OR ".join(f"instr({name}, ?)" for name in names)
    sql = f"f.text_id IN (SELECT text_id FROM gallery_texts WHERE {there})"  # noqa: S608 - our own names
    return sql, (marks,) * len(names)


def _of_value(meaning: Meaning) -> Condition | None:
    match meaning:
        case Between(count=count, low=low, high=high):
            return _within(COUNTS[count], low, high)
        case Sized(low=least, high=most):
            width, height = zip(least or (None, None), most or (None, None), strict=True)
            return _all([_within("f.width", *width), _within("f.height", *height)])
        case Shaped(shape=shape):
            return SHAPES[shape], ()
        case Marked(mark=mark, is_set=is_set):
            return MARKS[mark][0 if is_set else 1], ()
        case When(since=since, until=until):
            first = id_from(since) if since else None
            return _within("f.id", first, id_from(until) - 1 if until else None)
    return None


def _within(expression: str, low: int | None, high: int | None) -> Condition:
    bounds = [(f"{expression} >= ?", low), (f"{expression} <= ?", high)]
    given = [(sql, (end,)) for sql, end in bounds if end is not None]
    return _all(given) if given else (f"{expression} IS NOT NULL", ())


def _all(conditions: Iterable[Condition]) -> Condition:
    every = [*conditions]
    return (
        " AND ".join(sql for sql, _ in every),
        tuple(value for _, values in every for value in values),
    )


def _as_seed(words: Words) -> str:
    """The digits of what may be a seed, or the beginning of one."""
    text = words.text.strip()
    is_one = words.column is None and text.isascii() and text.isdigit() and text[0] != "0"
    return text if is_one and len(text) <= SEED_DIGITS else ""


def _seeds(digits: str) -> Iterator[tuple[int, int]]:
    """All that begin with these digits."""
    for more in range(SEED_DIGITS - len(digits) + 1):
        first = int(digits) * 10**more
        yield first, first + 10**more - 1


def _match(words: Words, workflows: WorkflowNames) -> str:
    """In the language of FTS5 (sqlite.org, "FTS5", section 3); empty where nothing can be found."""
    named = _named(words, workflows.given)
    by_name = [f'workflow : "{SEPARATOR} {name} {SEPARATOR}"' for name in named]
    if words.column == "workflow":
        return " OR ".join(by_name) and f"({' OR '.join(by_name)})"
    # The gallery knows workflows by digests, whose letters say nothing.
    column = words.column or "- workflow"
    return f"({' OR '.join([f'{column} : {_phrase(words)}', *by_name])})"


def _phrase(words: Words) -> str:
    phrase = " ".join(tokens(fold(words.text)))
    if words.is_whole:
        return f'"{SEPARATOR} {phrase} {SEPARATOR}"'
    return f'"{phrase}" *' if words.is_open else f'"{phrase}"'


def _named(words: Words, names: Mapping[str, str]) -> list[str]:
    """Those that are called so, as far as workflows are looked for."""
    if words.column not in {None, "workflow"}:
        return []
    if not (wanted := tokens(fold(words.text))):
        return []
    return [key for key, name in names.items() if _has(tokens(fold(name)), wanted, words)]


def _has(name: list[str], wanted: list[str], words: Words) -> bool:
    """Whether the words stand in ``name``, as the index would say of a name in it."""
    if words.is_whole:
        return name == wanted
    *first, last = wanted
    for start in range(len(name) - len(wanted) + 1):
        *there, end = name[start : start + len(wanted)]
        if there == first and (end.startswith(last) if words.is_open else end == last):
            return True
    return False
