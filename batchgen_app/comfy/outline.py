"""The outline of a JSON text: what lies deep in it is left out while it arrives, so that a queue of
a hundred whole graphs is no larger in memory than the list of its prompts.
"""

import re

from batchgen_app.comfy.json_text import MANY_BYTES, TooMuch, read_json

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
