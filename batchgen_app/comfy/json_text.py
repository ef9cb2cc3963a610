"""JSON as ComfyUI writes it, made safe for what comes after (PROTOCOL.md, section 10)."""

import json
import math
from typing import Any, TypeGuard

from batchgen_app.core.wire import JsonObject

LONGEST_TEXT = 2_000
"""Characters of one text that is kept for later."""
MOST_ITEMS = 64
DEEPEST = 6


def read_json(text: str | bytes) -> Any:
    """The value in ``text``. The bare words NaN and Infinity are taken as numbers; half characters,
    which nothing behind can encode, become question marks. Raises ValueError.
    """
    try:
        whole = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return _encodable(json.loads(whole))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def shortened(value: Any, depth: int = DEEPEST) -> Any:
    """``value`` small enough to be kept: long texts and lists cut, the abyss left out."""
    match value:
        case str():
            return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + " …"
        case float() if not math.isfinite(value):
            return str(value)
        case dict() | list() if depth == 0:
            return "…"
        case dict():
            first = list(value.items())[:MOST_ITEMS]
            return {shortened(key): shortened(item, depth - 1) for key, item in first}
        case list():
            return [shortened(item, depth - 1) for item in value[:MOST_ITEMS]]
    return value


def is_number(value: object) -> TypeGuard[float]:
    """A finite number; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def text_or_none(value: object) -> str | None:
    """``value`` if it is a text."""
    return value if isinstance(value, str) else None


def object_or_empty(value: object) -> JsonObject:
    """``value`` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _encodable(value: Any) -> Any:
    match value:
        case str() if not value.isascii():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {_encodable(key): _encodable(item) for key, item in value.items()}
        case list():
            return [_encodable(item) for item in value]
    return value
