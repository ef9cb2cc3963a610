"""What a text is looked through for before the library reads it: that is quick, the library is not,
and it does not say where a brace is missing.
"""

import re
from collections.abc import Iterator

from batchgen_app.core.dynamic_prompt.refusal import too_deep, unclosed_choice

DEEPEST = 15
"""Choices in choices; the library's parser reaches the end of its stack near 30."""

_VARIES = re.compile(r"\{[^{}]*(?:\||\$\$)|__[^\s_](?:(?!__).)*__")
_SYNTAX = re.compile(r"[{}#$%]|__|//|/\*")
_COMMENT = re.compile(r"#.*|^\s*//.*", re.MULTILINE)
_BRACE = re.compile("[{}]")
_REFERENCE = re.compile(r"__[~!@]?((?!\s)(?:(?!__)[^${}#()])+)(?:\([^)]*\))?(?<!\s)__")
_LONE_DOLLAR = re.compile(r"(?<!\$)\$(?![{$])")
_LONE_PERCENT = re.compile(r"%(?!\{)")
_KEPT = {"\ufdd0": "$", "\ufdd1": "%"}
"""What stands for signs that the library would take for the beginning of a command: characters that
no text may have.
"""


def varies(text: str) -> bool:
    """Whether somebody has typed a choice or a wildcard, be it on purpose or not."""
    return bool(_VARIES.search(text))


def has_syntax(text: str) -> bool:
    """Whether there is anything in it for the library to read."""
    return bool(_SYNTAX.search(text))


def without_comments(text: str) -> str:
    """With spaces for every comment, so that all else keeps its place."""
    return _COMMENT.sub(lambda comment: " " * len(comment[0]), text.replace("\t", " "))


def check_nesting(text: str) -> None:
    """Raises Refusal where a choice is not closed, or stands in too many others."""
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            opened.pop()
        if len(opened) > DEEPEST:
            raise too_deep(text[opened[0] :])
    if opened:
        raise unclosed_choice(text, opened[-1])


def references(text: str) -> Iterator[str]:
    """The wildcards in a text that are named in full."""
    return (found[1] for found in _REFERENCE.finditer(without_comments(text)))


def protected(text: str) -> str:
    """With a price and a percentage safe from the library, character by character."""
    return _LONE_PERCENT.sub("\ufdd1", _LONE_DOLLAR.sub("\ufdd0", text))


def restored(text: str) -> str:
    """As it was before ``protected``, on one line."""
    for sign, kept in _KEPT.items():
        text = text.replace(sign, kept)
    return " ".join(text.split())
