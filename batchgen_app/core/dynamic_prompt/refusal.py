"""Why a text cannot be used, and where in it."""

from collections.abc import Mapping

from batchgen_app.core.errors import InvalidRequest, Problem
from batchgen_app.core.json_values import clipped
from batchgen_app.language.message import Message, later

LONGEST_SHOWN = 40
"""Characters of a text in a message."""


class Refusal(Exception):
    """Of a text or a list, not knowing yet in which field it stands. ``details`` are for programs;
    ``position`` counts characters from 0.
    """

    def __init__(self, code: str, message: Message, **details: object) -> None:
        self.code = code
        self.message = message
        self.details: Mapping[str, object] = details
        super().__init__(message)

    def in_field(self, field: str) -> InvalidRequest:
        """The same for whoever asked."""
        return InvalidRequest([Problem(field, self.code, self.message, self.details)])


def unclosed_choice(text: str, position: int) -> Refusal:
    """A brace without its end."""
    return _at(
        "unclosed_choice",
        later(
            'A brace is opened and not closed: "{place}". Close it with {brace}.',
            place=_shown(text[position:]),
            brace="}",
        ),
        position,
    )


def not_understood(text: str, position: int) -> Refusal:
    """What the library cannot read."""
    place = _shown(text[position:])
    if text.startswith("__", position):
        message = later(
            'A wildcard begins and does not end: "{place}". End it with __.', place=place
        )
        return _at("unclosed_wildcard", message, position)
    message = later(
        'This is no choice that can be understood: "{place}". '
        "Write a choice as {example}, and a wildcard as __name__.",
        place=place,
        example="{a|b}",
    )
    return _at("not_understood", message, position)


def too_deep(text: str) -> Refusal:
    """Choices in choices in choices, or a variable that refers to itself."""
    message = later(
        'Choices are nested too deeply, or refer to themselves: "{place}".', place=_shown(text)
    )
    return Refusal("too_deep", message)


def too_much() -> Refusal:
    """What would take too long, or too much memory."""
    message = later("There is too much to choose from. Use fewer choices and wildcards at a time.")
    return Refusal("too_much", message)


def _at(code: str, message: Message, position: int) -> Refusal:
    return Refusal(code, message, position=position)


def _shown(text: str) -> str:
    return clipped(" ".join(text.split()), LONGEST_SHOWN)
