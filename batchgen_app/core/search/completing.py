"""The term that is being typed, and a text with another one in its place."""

import re
from dataclasses import dataclass

from batchgen_app.core.search.parsing import FIELDS

_LAST = re.compile(
    rf'(?P<minus>-?)(?:(?P<field>{"|".join(FIELDS)}):)?(?P<quote>"?)(?P<given>[^"]*|\S*)$',
    re.IGNORECASE,
)
_OPEN = re.compile(r'(?:[^\s"]|"[^"]*"|"[^"]*$)*$')
"""What is not yet ended by a space, be it in quotes."""


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
    found = _OPEN.search(text)
    start = found.start() if found else len(text)
    last = _LAST.match(text, start)
    if last is None:
        return Typing(text[:start], "", "", text[start:])
    field = (last["field"] or "").lower()
    return Typing(text[:start], last["minus"], field, last["given"], bool(last["quote"]))


def valued(field: str, value: str) -> str:
    """A term for all of ``value``, a name."""
    return f'{field}:"{value.replace(chr(34), " ")}"'
