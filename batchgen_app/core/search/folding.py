"""Texts as they are compared: without case and accents, in every script, each word by itself.

What is folded is read by a tokenizer that parts words at everything that is neither a letter nor a
digit of ASCII, nor beyond ASCII: so what beyond it is no part of a word becomes a space here, and
scripts that write without spaces, and symbols, are parted character by character.
"""

import re
import unicodedata

SEPARATOR = "\N{DOUBLE VERTICAL LINE}"
"""Stands around each name in a list of names. No text that was folded has it."""
_LETTERS = {
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
    "ħ": "h", "ŧ": "t",
}  # fmt: skip
"""Those that Unicode takes for letters of their own, and people for such with an accent."""
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x312F),  # Hiragana, Katakana, Bopomofo
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),
)
"""Scripts that write no spaces between words."""
_VOICED = "\u3099\u309a"
"""Of Japanese syllables: other letters, not accents."""
_TOKEN = re.compile(r"[0-9a-z\u0080-\U0010ffff]+")


class _Folding(dict[int, str]):
    """By character, filled as they are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = "".join(_parts(chr(code)))
        return folded


def _parts(char: str) -> list[str]:
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return [_part(part) for part in lowered]


def _part(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    if char < "\x80":
        return max(char, " ")
    if _is_accent(char):
        return ""
    kind = unicodedata.category(char)
    if char in _VOICED:
        return char
    if kind[0] == "S" or (kind[0] in "LMN" and _is_unspaced(ord(char))):
        return f" {char} "
    return char if kind[0] in "LMN" else " "


def _is_accent(char: str) -> bool:
    """Marks above, below and through letters, vowel points, and what chooses how a symbol looks;
    not the vowels of Indic scripts, which are letters (Unicode Standard, section 4.3).
    """
    above = unicodedata.combining(char)
    return above == 1 or 10 <= above <= 35 or above >= 200 or "\ufe00" <= char <= "\ufe0f"


def _is_unspaced(code: int) -> bool:
    return any(low <= code <= high for low, high in _UNSPACED)


_FOLDED = _Folding()


def fold(text: str) -> str:
    """``text`` as it is compared. What is a mark in ASCII stays where it is."""
    return text.lower() if text.isascii() and text.isprintable() else _joined(text)


def _joined(text: str) -> str:
    folded = text.translate(_FOLDED)
    # A voiced mark belongs to the syllable before it, which is parted from what follows.
    for mark in _VOICED:
        folded = folded.replace(f" {mark}", f"{mark} ")
    return folded


def tokens(folded: str) -> list[str]:
    """The words of a text that was folded."""
    return _TOKEN.findall(folded)


def fold_name(name: str) -> str:
    """What all spellings of a name have in common."""
    return " ".join(fold(name).split())


def listed(names: list[str]) -> str:
    """Names as one text in which each can be told from the next."""
    folded = [fold_name(name) for name in names]
    return f" {SEPARATOR} ".join(["", *folded, ""]).strip() if folded else ""
