"""English sentences known again: an event of the log has only the words of what was once said.
Nothing that this process itself says goes this way: a message keeps what it was made of.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Saying:
    """A text that is said by ``later``, to be known again with its values."""

    text: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> "Saying":
        """The full stop of a sentence may be missing, where another one takes it up."""
        literal = re.escape(text).replace(r"\{", "{").replace(r"\}", "}")
        pattern = PLACE.sub(r"(?P<\1>.*?)", literal)
        return cls(text, re.compile(f"{pattern}?" if text.endswith(".") else pattern))

    def says_more_than_values(self) -> int:
        """How many characters are its own."""
        return len(PLACE.sub("", self.text))


class Sayings:
    """All of them; ``translate`` gives one of them in another language."""

    def __init__(self, texts: Iterable[str], translate: Callable[[str], str]) -> None:
        known = map(Saying.of, texts)
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
