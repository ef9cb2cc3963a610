"""Values out of other people's JSON, made safe for what comes after: to be shown, counted, kept."""

from typing import TypeGuard

from batchgen_app.core.wire import JsonObject

LONGEST_TEXT = 2_000
"""Characters of one text that is kept for later."""
LARGEST_NUMBER = 1e15
"""No count, step or time is larger; far below what a float holds, far above what a screen does."""
_UNREADABLE = dict.fromkeys(
    code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
)
"""Control characters, NUL among them; new lines and tabs are text."""


def clipped(text: str, longest: int = LONGEST_TEXT) -> str:
    """``text``, or its beginning, for people to read: what steers a terminal or ends a text early
    is left out.
    """
    return (text if len(text) <= longest else text[:longest] + " …").translate(_UNREADABLE)


def is_readable(text: str) -> bool:
    """Whether ``clipped`` would leave no character of it out."""
    return text.translate(_UNREADABLE) == text


def is_number(value: object) -> TypeGuard[float]:
    """A finite number of a size that makes sense; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -LARGEST_NUMBER < value < LARGEST_NUMBER


def text_or_none(value: object) -> str | None:
    """``value`` if it is a text, not longer than one that is kept for later."""
    return clipped(value) if isinstance(value, str) else None


def object_or_empty(value: object) -> JsonObject:
    """``value`` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}
