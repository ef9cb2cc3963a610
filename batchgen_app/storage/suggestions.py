"""Suggestions: how a search that is being typed may go on, by what the gallery holds."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from batchgen_app.core.model_files import bare_name
from batchgen_app.core.search.completing import Typing, typing, valued
from batchgen_app.core.search.folding import SEPARATOR, fold, tokens
from batchgen_app.core.search.parsing import CHOICES, FIELDS
from batchgen_app.storage.database import Database
from batchgen_app.storage.workflow_names import WorkflowNames

MOST = 8
"""Suggestions of each kind."""
LEAST_LETTERS = 2
"""Before words are suggested."""
RATINGS = (">=3", ">=4", "5", "0")

Kind: TypeAlias = Literal["field", "value", "tag", "word"]


@dataclass(frozen=True)
class Suggestion:
    """``term`` in place of what was typed last makes ``text`` of the whole."""

    term: str
    text: str
    kind: Kind


async def suggestions(db: Database, text: str, workflows: WorkflowNames) -> list[Suggestion]:
    """How ``text`` may go on, the likeliest first. ``workflows`` as in a query."""
    at = typing(text)
    if at.field:
        values = await _values(db, at.field, workflows)
        return [*_fitting(at, [(name, _term(at.field, name)) for name in values], "value")]
    if at.is_phrase:
        return []
    fields = _fitting(at, ((name, f"{name}:") for name in FIELDS), "field")
    if len(at.given) < LEAST_LETTERS:
        return [*fields]
    tagged = [(name, valued("tag", name)) for name in await tags(db)]
    words = [(word, word) for word in await _words(db, at.given)]
    return [*fields, *_fitting(at, tagged, "tag"), *_fitting(at, words, "word")]


async def tags(db: Database) -> dict[str, int]:
    """Each tag that a picture has, and how many have it, the most used first."""
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for names, pictures in await db.rows(TAGS):
        for name in json.loads(names):
            shown = written.setdefault(fold(name), name)
            counts[shown] = counts.get(shown, 0) + pictures
    return dict(sorted(counts.items(), key=lambda one: (-one[1], fold(one[0]))))


def _term(field: str, value: str) -> str:
    is_plain = field in CHOICES or field == "rating"
    return f"{field}:{value}" if is_plain else valued(field, value)


async def _values(db: Database, field: str, workflows: WorkflowNames) -> Iterable[str]:
    match field:
        case "rating":
            return RATINGS
        case "model":
            return [bare_name(model) for (model,) in await db.rows(MODELS)]
        case "tag":
            return await tags(db)
        case "workflow":
            return sorted(workflows.all, key=fold)
        case "lora" | "sampler":
            column = "loras" if field == "lora" else "sampler"
            return _names(row[0] for row in await db.rows(NAMES.format(column=column)))
    return CHOICES.get(field, ())


def _names(lists: Iterable[str]) -> list[str]:
    """Those of lists (``folding.listed``), without what is another name of the same file."""
    found = (name for text in lists for name in text.split(SEPARATOR))
    return sorted({bare_name(name.strip()) for name in found if name.strip()})


async def _words(db: Database, given: str) -> list[str]:
    """Of prompts, the most frequent first."""
    words = tokens(fold(given))
    if len(words) != 1:
        return []
    rows = await db.rows(WORDS, (words[0], f"{words[0]}\U0010ffff", MOST))
    return [word for (word,) in rows]


def _fitting(at: Typing, offered: Iterable[tuple[str, str]], kind: Kind) -> Iterator[Suggestion]:
    """The first that have a word which begins as typed, those that begin so themselves before."""
    wanted = fold(at.given).strip()
    every = [(fold(name), term) for name, term in offered]
    begin = [one for one in every if one[0].startswith(wanted)]
    inside = [one for one in every if one not in begin and _has_word(one[0], wanted)]
    for _, term in [*begin, *inside][:MOST]:
        if term != at.given:
            text = at.completed(term)
            yield Suggestion(term, text.rstrip() if kind == "field" else text, kind)


def _has_word(name: str, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in tokens(name))


MODELS = """
    SELECT model FROM gallery_batches WHERE deleted = 0 AND model IS NOT NULL
    GROUP BY model ORDER BY count(*) DESC, model
"""
NAMES = "SELECT DISTINCT {column} FROM gallery_texts WHERE {column} <> ''"
TAGS = """
    SELECT t.tag_names, count(*) FROM gallery_texts AS t
    CROSS JOIN gallery_finds AS f ON f.text_id = t.text_id
    WHERE t.tag_names <> '[]' AND f.shown = 1 GROUP BY t.tag_names
"""
WORDS = """
    SELECT term FROM gallery_vocabulary WHERE term >= ? AND term < ? AND col = 'prompt'
    ORDER BY doc DESC, term LIMIT ?
"""
