"""The values of fields: numbers and spans, sizes, days. What makes no sense is None."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeAlias

from batchgen_app.core.search.terms import Between, Count, Marked, Meaning, Shaped, Sized, When

LARGEST = 2**63 - 1
"""That a database holds."""
FIRST_YEAR, LAST_YEAR = 1971, 9998
"""In between, a day is one in every zone."""
_NUMBER = r"[0-9]{1,20}"
_SPAN = re.compile(rf"(?P<low>{_NUMBER})?\.\.(?P<high>{_NUMBER})?")
_COMPARED = re.compile(rf"(?P<sign>>=|<=|=|>|<)?(?P<number>{_NUMBER})\.?")
_SIDES = re.compile(rf"(?P<sign>>=|<=|=|>|<)?(?P<width>{_NUMBER})[x×*](?P<height>{_NUMBER})")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?-?")
_SHAPES: dict[str, Shaped] = {
    "landscape": Shaped("landscape"), "portrait": Shaped("portrait"), "square": Shaped("square"),
}  # fmt: skip
_YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_STATES = {
    "favourite": Marked("favourite"),
    "favorite": Marked("favourite"),
    "rejected": Marked("rejected"),
    "rated": Marked("rated"),
    "unrated": Marked("rated", is_set=False),
}

Read: TypeAlias = Callable[[str], Meaning | None]


def number(count: Count) -> Read:
    """``3``, ``=3``, ``>=3``, ``3..5``, ``3..``."""

    def read(text: str) -> Meaning | None:
        if (span := _SPAN.fullmatch(text)) and text != "..":
            return Between(count, _whole(span["low"]), _whole(span["high"]))
        if compared := _COMPARED.fullmatch(text):
            low, high = _bounds(compared["sign"], _held(compared["number"]))
            return Between(count, low, high)
        return None

    return read


def size(text: str) -> Meaning | None:
    """``1024x768``, ``>=1024x768``, ``landscape``; one number alone is the longer side."""
    if text in _SHAPES:
        return _SHAPES[text]
    if sides := _SIDES.fullmatch(text):
        width = _bounds(sides["sign"], _held(sides["width"]))
        height = _bounds(sides["sign"], _held(sides["height"]))
        low, high = zip(width, height, strict=True)
        return Sized(_both(low), _both(high))
    return number("side")(text.rstrip("x×*"))


def favourite(text: str) -> Meaning | None:
    """Yes or no, in the words of INTERFACE.md and of other programs."""
    is_set = _YES_OR_NO.get(text)
    return None if is_set is None else Marked("favourite", is_set)


def state(text: str) -> Meaning | None:
    """``rejected``, ``unrated``, ``favourite``."""
    return _STATES.get(text)


def before(text: str) -> Meaning | None:
    """Before a day, a month or a year begins."""
    return When(until=found) if (found := _beginning(text)) else None


def after(text: str) -> Meaning | None:
    """From the first moment of a day, a month or a year on."""
    return When(since=found) if (found := _beginning(text)) else None


def _beginning(text: str) -> datetime | None:
    """In the time zone of this machine; of what is not fully typed, as far as it is."""
    if not (found := _DAY.fullmatch(text)):
        return None
    try:
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    is_known = FIRST_YEAR <= day.year <= LAST_YEAR
    return datetime.combine(day, time.min).astimezone() if is_known else None


def _bounds(sign: str | None, value: int) -> tuple[int | None, int | None]:
    match sign:
        case ">=":
            return value, None
        case ">":
            return value + 1, None
        case "<=":
            return None, value
        case "<":
            return None, value - 1
    return value, value


def _both(sides: tuple[int | None, ...]) -> tuple[int, int] | None:
    width, height = sides
    return None if width is None or height is None else (width, height)


def _whole(digits: str | None) -> int | None:
    return _held(digits) if digits else None


def _held(digits: str) -> int:
    return min(int(digits), LARGEST - 1)
