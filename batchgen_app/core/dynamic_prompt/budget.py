"""How much one request may have looked through, over all its texts, images and lists."""

import re

from batchgen_app.core.dynamic_prompt.refusal import too_much
from batchgen_app.core.dynamic_prompt.syntax import has_syntax

MOST = 4_000
"""Signs to parse, each of which takes the library some tenths of a millisecond."""
CHARACTERS, PARTS = 50, 500
"""Of a text, and of a list, that take as long as a sign at most."""

_SIGN = re.compile(r"[{}|$%=]|__")


class Budget:
    """What is left of it. A text counts once, though it may have been parsed for others before:
    whether a request is refused does not depend on them.
    """

    def __init__(self) -> None:
        self._left = MOST
        self._read: set[str] = set()

    def read(self, text: str) -> None:
        """It is about to be parsed; raises Refusal where that is too much."""
        if text not in self._read and has_syntax(text):
            self._read.add(text)
            self._spend(len(_SIGN.findall(text)) + len(text) // CHARACTERS)

    def look_through(self, parts: int) -> None:
        """So many parts of a list, one by one; raises Refusal where that is too much."""
        self._spend(parts // PARTS)

    def _spend(self, signs: int) -> None:
        self._left -= signs
        if self._left < 0:
            raise too_much()
