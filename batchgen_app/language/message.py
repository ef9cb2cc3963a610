"""Messages: what every room says. Each is an English sentence for programs and logs, and keeps what
it was made of, so that people read it in their language.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Self

Translate = Callable[[str, str, int], str]
"""What a language says for a template: the one, that for more than one (or ""), and the number."""
NONE: Mapping[str, object] = MappingProxyType({})


class Message(str):
    """English, made of ``template`` with ``values`` in the places that stand in braces: texts, or
    messages again. ``many`` is the template where the value ``count`` is not 1.
    """

    __slots__ = ("many", "template", "values")
    template: str
    many: str
    values: dict[str, str]

    def __new__(cls, template: str, values: Mapping[str, object] = NONE, many: str = "") -> Self:
        said = {name: str(value) for name, value in values.items()}
        form = many if many and said["count"] != "1" else template
        made = super().__new__(cls, form.format(**said) if said else form)
        made.template, made.values, made.many = template, said, many
        return made

    def __str__(self) -> str:
        """Itself: who asks an error for its text still gets what that was made of."""
        return self

    def packed(self) -> str:
        """As JSON, on the way to another process; its values only have their English there."""
        return json.dumps([self.template, self.values, self.many])

    @classmethod
    def unpacked(cls, text: str) -> Self:
        """The message in ``text``; raises ValueError where none was packed."""
        template, values, many = json.loads(text)
        return cls(template, values, many)

    def said_by(self, translate: Translate) -> str:
        """In the language of ``translate``, and so are the messages among its values."""
        if not self.template:
            return ""  # to gettext, it stands for the head of the catalog
        count = int(self.values["count"]) if self.many else 1
        shown = translate(self.template, self.many, count)
        values = {name: said_by(translate, value) for name, value in self.values.items()}
        return shown.format(**values) if values else shown


class Clause(Message):
    """One that is part of a sentence: without its full stop."""

    __slots__ = ()

    def __new__(cls, template: str, values: Mapping[str, object] = NONE, many: str = "") -> Self:
        made = super().__new__(cls, template, values, many)
        if not made.endswith("."):
            return made
        short = str.__new__(cls, made.rstrip("."))
        short.template, short.values, short.many = made.template, made.values, made.many
        return short

    def said_by(self, translate: Translate) -> str:
        return super().said_by(translate).rstrip(".")


def said_by(translate: Translate, text: str) -> str:
    """A message in the language of ``translate``; any other text as it is."""
    return text.said_by(translate) if isinstance(text, Message) else text


def later(text: str, /, **values: object) -> Message:
    """What is said with ``values``; ``text`` may itself be what ``later`` gave without any."""
    return Message(text.template if isinstance(text, Message) else text, values)


def english(text: str) -> Message:
    """What is said in no other language: to scripts, in the terminal, to whoever helps; or by a
    server.
    """
    return text if isinstance(text, Message) else Message("{text}", {"text": text})


def counted(one: str, many: str, count: int, /, **values: object) -> Message:
    """The same for a number, which has its place at ``{count}``."""
    return Message(one, {"count": count, **values}, many)


def clause(text: str) -> Message:
    """``text`` without its full stop, for a sentence that takes it up."""
    said = english(text)
    return Clause(said.template, said.values, said.many)


def joined(texts: Iterable[str], between: str = " ") -> Message:
    """Several texts as one message."""
    parts = {f"part{number}": text for number, text in enumerate(texts)}
    return Message(between.join(f"{{{name}}}" for name in parts), parts)
