"""Texts in the language that was chosen; in English where none was."""

import gettext
import os
from functools import cache
from pathlib import Path
from typing import Self

from batchgen_app.language.choosing import SOURCE, SPOKEN
from batchgen_app.language.said import Sayings

CATALOGS = Path(__file__).with_name("catalogs")
DOMAIN = "batchgen"
SAID = CATALOGS / "said.txt"
"""The texts of ``later``, one in each line."""
LANGUAGE = os.environ.get(SPOKEN, SOURCE)
"""For ``<html lang>``."""
_catalog = gettext.translation(DOMAIN, CATALOGS, [LANGUAGE], fallback=True)


def _(text: str, /, **values: object) -> str:
    """``text``, with ``values`` in the places that stand in braces."""
    found = _catalog.gettext(text)
    return found.format(**values) if values else found


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """The same for a number, which has its place at ``{count}``."""
    return _catalog.ngettext(one, many, count).format(count=count, **values)


def pgettext(context: str, text: str, /) -> str:
    """A text that says too little by itself to be translated."""
    return _catalog.pgettext(context, text)


def told(text: str, /) -> str:
    """What was said in English elsewhere, with or without values, as far as the catalog has it."""
    return text if LANGUAGE == SOURCE else "\n".join(map(_told, text.split("\n")))


def _told(line: str) -> str:
    found = _catalog.gettext(line) if line else line
    return _sayings().translated(line) if found == line else found


@cache
def _sayings() -> Sayings:
    return Sayings(SAID.read_text(encoding="utf-8").splitlines(), _catalog.gettext)


class Phrase(str):
    """English for programs, and ``shown`` to people."""

    __slots__ = ("shown",)
    shown: str

    def __new__(cls, english: str, shown: str) -> Self:
        made = super().__new__(cls, english)
        made.shown = shown
        return made


def phrase(text: str, /, **values: object) -> Phrase:
    """As ``_``."""
    return Phrase(text.format(**values), _(text, **values))


def phrases(one: str, many: str, count: int, /) -> Phrase:
    """As ``ngettext``."""
    english = one if count == 1 else many
    return Phrase(english.format(count=count), ngettext(one, many, count))
