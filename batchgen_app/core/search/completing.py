"""The term that is being typed, and a text with another one in its place."""

import re
from dataclasses import dataclass

from batchgen_app.core.search.parsing import given_in, terms_in

_TO_ESCAPE = re.compile(r'(["\\])')


@dataclass(frozen=True)
class Typing:
    """``before`` is what stands before the last term of a text; that has a minus or none, a field
    or none, and what was ``given`` of it so far, which is in quotes or not.
    """

    before: str
    minus: str
    field: str
    given: str
    is_quoted: bool = False

    @property
    def is_phrase(self) -> bool:
        """Whether it is in quotes, and no value of a field."""
        return self.is_quoted and not self.field

    def completed(self, term: str) -> str:
        """All of it with ``term`` in place of the last one, and room for the next."""
        return f"{self.before}{self.minus}{term} "


def typing(text: str) -> Typing:
    """What is being typed at the end of ``text``."""
    last = None
    for last in terms_in(text):  # noqa: B007 - the last one is what is wanted
        pass
    if last is None or last.end() < len(text):
        return Typing(text, "", "", "")
    before = text[: last.start()]
    if last["end"]:
        return Typing(before, "", "", last.group())
    if last.group() == "-":
        return Typing(before, "-", "", "")
    field, is_quoted = (last["field"] or "").lower(), last["phrase"] is not None
    return Typing(before, last["minus"] or "", field, given_in(last), is_quoted)


def valued(field: str, value: str) -> str:
    """A term for all of ``value``, a name."""
    escaped = _TO_ESCAPE.sub(r"\\\1", value)
    return f'{field}:"{escaped}"'
