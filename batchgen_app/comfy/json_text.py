"""JSON as ComfyUI writes it, made safe for what comes after (PROTOCOL.md, section 10)."""

import json
import math
import sys
from typing import Any, TypeGuard

from batchgen_app.core.json_size import has_too_many_values
from batchgen_app.core.limits import MAX_JSON_VALUES
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later

LONGEST_TEXT = 2_000
"""Characters of one text that is kept for later."""
MOST_ITEMS = 64
DEEPEST = 6
MOST_ESCAPES = 1_000_000
"""Backslashes in one text; reading as many takes some hundredths of a second."""
LARGEST_NUMBER = 1e15
"""No count, step or time is larger; far below what a float holds, far above what a screen does."""

MANY_BYTES = later("The server at {address} sent more than {limit} bytes.")
MANY_VALUES = later("The server at {address} sent more than {limit} values at once.")
MANY_ESCAPES = later("The server at {address} sent more than {limit} escaped characters at once.")
MANY_LEVELS = later("The server at {address} sent values that are nested too deeply.")

_HALF_CHARACTERS = ("\\ud", "\\uD")
"""How they begin, and few others."""


_UNREADABLE = dict.fromkeys(
    code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
)
"""Control characters, NUL among them; new lines and tabs are text."""


class TooMuch(ValueError):
    """It may well be JSON, but more than is read: above ``limit``, which ``said`` tells of an
    address.
    """

    def __init__(self, said: Message, limit: int) -> None:
        self.said = said
        self.limit = limit
        super().__init__(f"too many: more than {limit}")


def read_json(text: str | bytes) -> Any:
    """The value in ``text``. The bare words NaN and Infinity are taken as numbers; half characters,
    which nothing behind can encode, become question marks. Raises ValueError, or TooMuch for what
    would take too much memory or hold up everybody else.
    """
    whole = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    _check_amount(whole)
    try:
        value = json.loads(whole, object_hook=_as_it_is)
        return _encodable(value) if any(half in whole for half in _HALF_CHARACTERS) else value
    except RecursionError as error:
        raise TooMuch(MANY_LEVELS, sys.getrecursionlimit()) from error


def _check_amount(whole: str) -> None:
    if has_too_many_values(whole):
        raise TooMuch(MANY_VALUES, MAX_JSON_VALUES)
    if whole.count("\\") > MOST_ESCAPES:
        raise TooMuch(MANY_ESCAPES, MOST_ESCAPES)


def _as_it_is(value: JsonObject) -> JsonObject:
    """Called after each object, so that in between other threads have their turn."""
    return value


def shortened(value: Any, depth: int = DEEPEST) -> Any:
    """``value`` small enough to be kept: long texts and lists cut, the abyss left out."""
    match value:
        case str():
            return clipped(value)
        case float() | int() if not _is_sober(value):
            return clipped(str(value))
        case dict() | list() if depth == 0:
            return "…"
        case dict():
            first = list(value.items())[:MOST_ITEMS]
            return {shortened(key): shortened(item, depth - 1) for key, item in first}
        case list():
            return [shortened(item, depth - 1) for item in value[:MOST_ITEMS]]
    return value


def clipped(text: str, longest: int = LONGEST_TEXT) -> str:
    """``text``, or its beginning, for people to read: what steers a terminal or ends a text early
    is left out.
    """
    return (text if len(text) <= longest else text[:longest] + " …").translate(_UNREADABLE)


def is_readable(text: str) -> bool:
    """Whether nothing would be left out."""
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


def _is_sober(value: float) -> bool:
    """What every JSON reader takes; seeds are whole numbers of 64 bits."""
    return value.bit_length() <= 64 if isinstance(value, int) else math.isfinite(value)


def _encodable(value: Any) -> Any:
    match value:
        case str() if not value.isascii():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {_encodable(key): _encodable(item) for key, item in value.items()}
        case list():
            return [_encodable(item) for item in value]
    return value
