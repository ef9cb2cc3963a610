"""The catalogs: everything that people read has been translated, and nothing else."""

import ast
import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

import batchgen_app
from batchgen_app.language.choosing import KNOWN, SOURCE
from tests.language import catalogs

PLACE = re.compile(r"\{\w+\}")
SENTENCE = re.compile(r"[A-Z][a-z]|[a-z]{2} [a-z]")
APP = Path(batchgen_app.__file__).parent
NOT_TRANSLATED = {"APP", "EXAMPLES", "LANGUAGES", "LANGUAGE_COUNTS"}
"""Names, and what is the same in every language."""
AT_ONCE = {"_", "ngettext", "pgettext", "told", "told_of_event", "each"}
"""What says something to whoever reads now."""
LANGUAGES = [code for code in KNOWN if code != SOURCE]
FORMAL = re.compile(r"[a-zäöüß,] (?:Sie|Ihnen|Ihre?[mnrs]?)\b")
"""German for who is not called "du"; at the beginning of a sentence it may be "they"."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_translation_and_no_translation_is_stale(language: str) -> None:
    translated = catalogs.messages(catalogs.translated(language))
    assert translated.keys() == catalogs.messages(catalogs.in_code()).keys(), "dev.py texts"
    assert not [m.id for m in translated.values() if not catalogs.said(m)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_places_for_values(language: str) -> None:
    for message in catalogs.messages(catalogs.translated(language)).values():
        source, said = _texts(message.id), _texts(message.string)
        assert [set(PLACE.findall(text)) for text in said] == [
            set(PLACE.findall(text)) for text in source
        ], message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shipped_is_what_was_written(language: str) -> None:
    shipped = gettext.GNUTranslations(BytesIO(catalogs.shipped(language)))
    for message in catalogs.messages(catalogs.translated(language)).values():
        one, *_ = _texts(message.id)
        read = shipped.pgettext(message.context, one) if message.context else shipped.gettext(one)
        assert read == _texts(message.string)[0]


def test_german_calls_whoever_reads_the_same_everywhere() -> None:
    every = catalogs.messages(catalogs.translated("de")).values()
    assert not [said for m in every for said in _texts(m.string) if FORMAL.search(said)]


@pytest.mark.parametrize("path", sorted((APP / "ui").rglob("words.py")), ids=str)
def test_no_text_of_the_pages_is_kept_from_translation(path: Path) -> None:
    assert not list(_bare(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=str)
def test_nothing_is_translated_before_it_is_known_who_reads(path: Path) -> None:
    """What is translated while a module is imported is in one language for everybody."""
    assert not list(_at_once(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=str)
def test_no_text_stands_where_it_is_not_looked_for(path: Path) -> None:
    """Python before 3.12 has f-strings as one piece, and what is called in them is not found."""
    pieces = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    within = (n for piece in pieces if isinstance(piece, ast.JoinedStr) for n in ast.walk(piece))
    called = (n.func.id for n in within if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
    assert not {*called} & catalogs.KEYWORDS.keys()


def _at_once(tree: ast.AST) -> Iterator[str]:
    """Calls of gettext's kin outside of functions, defaults of parameters included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from {node.func.id} & AT_ONCE
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from _at_once(node.args)
            case _:
                yield from _at_once(node)


def _bare(tree: ast.AST) -> Iterator[str]:
    """Texts that nothing translates: neither docstrings nor handed to a function."""
    for node in tree.values if isinstance(tree, ast.Dict) else ast.iter_child_nodes(tree):
        names = {target.id for target in getattr(node, "targets", ()) if hasattr(target, "id")}
        if isinstance(node, ast.Call | ast.Expr) or names & NOT_TRANSLATED:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from SENTENCE.findall(node.value) and [node.value]
        yield from _bare(node)


def _texts(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """One, or one for each number."""
    return list(text) if isinstance(text, list | tuple) else [text or ""]
