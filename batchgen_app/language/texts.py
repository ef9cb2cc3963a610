"""Texts in the language of whoever reads them.

An event of the log has only the English words of what was once said: those are known again.
Nothing that this process itself says goes that way: a message keeps what it was made of.
"""

import gettext
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from batchgen_app.language.choosing import SOURCE, usual
from batchgen_app.language.message import Message, said_by

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Saying:
    """A text that is said by ``later``, to be known again with its values."""

    text: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> "Saying":
        """That of ``text``. Its full stop may be missing, where another sentence takes it up."""
        literal = re.escape(text).replace(r"\{", "{").replace(r"\}", "}")
        pattern = PLACE.sub(r"(?P<\1>.*?)", literal)
        return cls(text, re.compile(f"{pattern}?" if text.endswith(".") else pattern))

    def says_more_than_values(self) -> int:
        """How many of its characters are not in the place of values."""
        return len(PLACE.sub("", self.text))


class Sayings:
    """All texts that are known again; ``translate`` gives one of them in another language."""

    def __init__(self, texts: Iterable[str], translate: Callable[[str], str]) -> None:
        known = map(Saying.of, texts)
        # What says most by itself first: a pattern of little but values fits nearly everything.
        self._known = sorted(known, key=Saying.says_more_than_values, reverse=True)
        self._translate = translate

    def translated(self, said: str) -> str:
        """What was said, and likewise its values; what is not known stays as it is."""
        for saying in self._known:
            if found := saying.pattern.fullmatch(said):
                values = {name: self.translated(text) for name, text in found.groupdict().items()}
                shown = self._translate(saying.text)
                shown = shown.format(**values) if values else shown
                return shown if said.endswith(".") else shown.rstrip(".")
        return said


K = TypeVar("K")

CATALOGS = Path(__file__).with_name("catalogs")
DOMAIN = "batchgen"
SAID = CATALOGS / "said.txt"
"""The texts of ``later``, one in each line."""

_read_in: ContextVar[str] = ContextVar("read_in")
_asked_in: ContextVar[str] = ContextVar("asked_in")
_finders: list[Callable[[], str | None]] = []


@contextmanager
def read_in(language: str) -> Iterator[None]:
    """What is said meanwhile is read in this language, whoever has set it in motion."""
    with _set(_read_in, language):
        yield


@contextmanager
def asked_in(language: str) -> Iterator[None]:
    """A request in this language is answered meanwhile."""
    with _set(_asked_in, language):
        yield


@contextmanager
def _set(variable: ContextVar[str], value: str) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def find_reader(finder: Callable[[], str | None]) -> None:
    """Ask ``finder``, too: it knows whom something is for where one task works for several people,
    and says None where it does not.
    """
    if finder not in _finders:
        _finders.append(finder)


def language() -> str:
    """The language of whoever reads what is said at this point."""
    if fixed := _read_in.get(None):
        return fixed
    found = (find() for find in _finders)
    return next(filter(None, found), None) or _asked_in.get(None) or usual()


def _(text: str, /, **values: object) -> str:
    """``text``, with ``values`` in the places that stand in braces."""
    found = _catalog(language()).gettext(text)
    return found.format(**values) if values else found


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """The same for a number, which has its place at ``{count}``."""
    return _catalog(language()).ngettext(one, many, count).format(count=count, **values)


def pgettext(context: str, text: str, /) -> str:
    """A text that says too little by itself to be translated."""
    return _catalog(language()).pgettext(context, text)


class Lazy:
    """A text that stands in the code before it is known who reads it: ``str`` says it to them."""

    __slots__ = ("_context", "_text")

    def __init__(self, text: str, context: str = "") -> None:
        self._text = text
        self._context = context

    def __str__(self) -> str:
        return pgettext(self._context, self._text) if self._context else _(self._text)


def lazy(text: str, /) -> Lazy:
    """``_`` for constants."""
    return Lazy(text)


def plazy(context: str, text: str, /) -> Lazy:
    """``pgettext`` for constants."""
    return Lazy(text, context)


def each(table: Mapping[K, Lazy]) -> dict[K, str]:
    """A table of such texts, for whoever reads it."""
    return {key: str(text) for key, text in table.items()}


def translated(text: str, /) -> str:
    """A message, in the language of whoever reads; any other text as it is."""
    return said_by(_translate, text)


def event_translated(text: str, /) -> str:
    """The same for what events say: of those that come from the log there is only the English, by
    which it is known again.
    """
    if isinstance(text, Message) or language() == SOURCE:
        return translated(text)
    return "\n".join(map(_recognised, text.split("\n")))


def _translate(one: str, many: str, count: int) -> str:
    catalog = _catalog(language())
    return catalog.ngettext(one, many, count) if many else catalog.gettext(one)


def _recognised(line: str) -> str:
    found = _catalog(language()).gettext(line) if line else line
    return _sayings(language()).translated(line) if found == line else found


@cache
def _catalog(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, CATALOGS, [code], fallback=True)


@cache
def _sayings(code: str) -> Sayings:
    return Sayings(SAID.read_text(encoding="utf-8").splitlines(), _catalog(code).gettext)
