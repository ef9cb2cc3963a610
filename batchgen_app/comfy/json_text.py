"""JSON as ComfyUI writes it, made safe for what comes after (PROTOCOL.md, section 10).

Of long ones, an outline is read: what lies deep is left out while it arrives, so that a queue of
a hundred whole graphs is no larger in memory than the list of its prompts. And what takes a
moment is read beside the event loop, where it keeps nobody waiting.
"""

import asyncio
import json
import math
import re
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from batchgen_app.core.json_values import clipped
from batchgen_app.core.limits import MAX_JSON_VALUES
from batchgen_app.core.wire import JsonObject, has_too_many_values
from batchgen_app.language.message import Message, later

MOST_ITEMS = 64
DEEPEST = 6
MOST_ESCAPES = 1_000_000
"""Backslashes in one text; reading as many takes some hundredths of a second."""

MANY_BYTES = later("The server at {address} sent more than {limit} bytes.")
MANY_VALUES = later("The server at {address} sent more than {limit} values at once.")
MANY_ESCAPES = later("The server at {address} sent more than {limit} escaped characters at once.")
MANY_LEVELS = later("The server at {address} sent values that are nested too deeply.")

_HALF_CHARACTERS = ("\\ud", "\\uD")
"""How half characters (lone surrogates) begin in JSON, and few others."""


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
    # Before it is read: afterwards the memory is taken and the time has passed.
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


LONGEST = 4 * 2**20
"""Bytes of what is kept."""

_OPENING, _CLOSING, _QUOTE, _BACKSLASH = b"[{", b"]}", b'"', b"\\"
# Possessive, so that however a piece is written, no part of it is looked at more than a few times.
_PLAIN = rb'[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"'
_UP_TO_BRACKET = re.compile(rb"(?:" + _PLAIN + rb")*+", re.DOTALL)


def _over_whole(levels: int) -> bytes:
    """Matches what is plain, and objects and lists with so many levels in them as a whole."""
    inner = rb"|[\[{](?:" + _over_whole(levels - 1) + rb")*+[\]}]" if levels else b""
    return _PLAIN + inner


_UP_TO_DEEP_BRACKET = re.compile(rb"(?:" + _over_whole(4) + rb")*+", re.DOTALL)
"""Where nothing is kept, a whole node of a graph is one step."""
_REST_OF_TEXT = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)


class Outline:
    """Takes a JSON text in pieces. Of objects and lists that are nested deeper than ``depth``, only
    the brackets are kept.
    """

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._level = 0
        self._in_text = self._is_escaped = False
        self._kept = bytearray()

    def add(self, piece: bytes) -> None:
        """The next piece. Raises TooMuch."""
        at = 0
        while at < len(piece):
            at = self._text(piece, at) if self._in_text else self._structure(piece, at)
        if len(self._kept) > LONGEST:
            raise TooMuch(MANY_BYTES, LONGEST)

    def value(self) -> object:
        """What has come. Raises ValueError, or TooMuch."""
        return read_json(bytes(self._kept))

    def _structure(self, piece: bytes, at: int) -> int:
        """Up to the next bracket and over it, or to a text that ends in a later piece."""
        is_kept = self._level <= self._depth
        end = _end(_UP_TO_BRACKET if is_kept else _UP_TO_DEEP_BRACKET, piece, at)
        self._keep(piece, at, end)
        sign = piece[end : end + 1]
        if sign == _QUOTE:
            self._in_text = True
            self._keep(piece, end, end + 1)
        elif sign:
            self._bracket(sign)
        return end + 1

    def _bracket(self, sign: bytes) -> None:
        level = self._level
        self._level += 1 if sign in _OPENING else -1
        if min(level, self._level) <= self._depth:
            self._kept += sign

    def _text(self, piece: bytes, at: int) -> int:
        """On in a text that began in an earlier piece."""
        start, at = at, at + self._is_escaped
        self._is_escaped = False
        end = _end(_REST_OF_TEXT, piece, at)
        sign = piece[end : end + 1]
        self._in_text, self._is_escaped = sign != _QUOTE, sign == _BACKSLASH
        self._keep(piece, start, end + 1)
        return end + 1

    def _keep(self, piece: bytes, start: int, end: int) -> None:
        if self._level <= self._depth:
            self._kept += piece[start:end]


def _end(pattern: re.Pattern[bytes], piece: bytes, at: int) -> int:
    found = pattern.match(piece, at)
    assert found, "it may match nothing, but it matches"
    return found.end()


SMALL = 32 * 2**10
"""Bytes or characters that are read before another thread would have begun."""

TextT = TypeVar("TextT", str, bytes)
T = TypeVar("T")


async def of_text(read: Callable[[TextT], T], text: TextT) -> T:
    """What ``read`` makes of ``text``; raises what it raises."""
    if len(text) <= SMALL:
        return read(text)
    return await asyncio.to_thread(read, text)
