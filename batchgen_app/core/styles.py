"""Styles: words that people use often, under a name, and how they come into a prompt."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.limits import MAX_LONG_PROMPT_LENGTH
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.wire import Name, Text, Wire
from batchgen_app.language.message import Message, later

PLACE = "{prompt}"
"""Stands in a style for the person's words."""
TOO_LONG = later(
    'With the style "{name}", the prompt has {count} characters; it exceeds {limit} character limit'
)
NEGATIVE_TOO_LONG = later(
    'With the style "{name}", the negative prompt has {count} characters; it exceeds {limit} '
    "character limit"
)
NO_ADDRESS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What no address can hold, and no line of a file."""
DOTS = re.compile(r"(?<![^/])\.{1,2}(?![^/])")
"""A part of an address that leads elsewhere."""
Words = Annotated[Text, Field(max_length=MAX_LONG_PROMPT_LENGTH)]


def clean(name: str) -> str:
    """A name from elsewhere as one that a style can have."""
    line = NO_ADDRESS.sub(" ", name.strip("\r\n\t"))
    return DOTS.sub(lambda dots: "_" * len(dots[0]), line)


def _has_address(name: object) -> object:
    if isinstance(name, str) and (NO_ADDRESS.search(name) or DOTS.search(name)):
        raise PydanticCustomError("no_address", "cannot stand in an address")
    return name


StyleName = Annotated[Name, BeforeValidator(_has_address)]


class Style(Wire):
    """Words for the prompt and for the negative prompt. Where ``{prompt}`` stands in them, a
    person's words go there, else they come first and a comma follows.
    """

    name: StyleName
    prompt: Words = ""
    negative_prompt: Words = ""


class StyleChanges(Wire):
    """Of a style; what is left out stays as it is."""

    name: StyleName | None = None
    prompt: Words | None = None
    negative_prompt: Words | None = None


def with_styles(request: AnyRequest, styles: Sequence[Style], most: int) -> AnyRequest:
    """The request with the words of those that it names, in place of their names. Raises
    InvalidRequest for one that is not among ``styles``, and where the prompt would come to more
    than ``most`` characters.
    """
    if not request.styles:
        return request
    chosen = chosen_of(request.styles, styles)
    negative = composed_negative(request.negative_prompt or "", chosen)
    words = {
        "prompt": composed(request.prompt, chosen, most),
        "negative_prompt": negative or request.negative_prompt,
    }
    return request.model_copy(update={**words, "styles": None})


def chosen_of(names: Iterable[str], styles: Sequence[Style]) -> list[Style]:
    """Those of these names, each once; raises InvalidRequest for a name that is none."""
    known = {style.name: style for style in styles}
    for name in names:
        if name not in known:
            raise InvalidRequest.of("styles", "unknown_style", _unknown(name, known))
    return [known[name] for name in dict.fromkeys(names)]


def composed(words: str, styles: Iterable[Style], most: int) -> str:
    """A person's words with those of styles, one after the other, whatever stands in them already.
    Raises InvalidRequest where that comes to more than ``most`` characters.
    """
    texts = {style.name: style.prompt for style in styles}
    return _composed(words, texts, most, ("prompt", TOO_LONG))


def composed_negative(words: str, styles: Iterable[Style]) -> str:
    """The same for a negative prompt; with styles, it may be as long as the longest prompt."""
    texts = {style.name: style.negative_prompt for style in styles}
    return _composed(words, texts, MAX_LONG_PROMPT_LENGTH, ("negativePrompt", NEGATIVE_TOO_LONG))


def _composed(words: str, texts: Mapping[str, str], most: int, told: tuple[str, Message]) -> str:
    field, message = told
    for name, text in texts.items():
        if not text.strip():
            continue
        if (count := _length(words, text)) > most:
            said = later(message, name=name, count=count, limit=most)
            raise InvalidRequest.of(field, "too_long", said)
        words = text.replace(PLACE, words) if PLACE in text else _listed(words, text)
    return words


def _length(words: str, text: str) -> int:
    """Of what they come to, which is not made: it may be more than memory holds."""
    if places := text.count(PLACE):
        return len(text) + places * (len(words) - len(PLACE))
    return len(_listed(words, text))


def _listed(words: str, text: str) -> str:
    return ", ".join(filter(None, (words.strip().rstrip(","), text.strip())))


def _unknown(name: str, known: Iterable[str]) -> Message:
    there = ", ".join(known)
    if not there:
        return later('There is no style "{name}": there are none yet.', name=name)
    return later('There is no style "{name}". There are: {known}', name=name, known=there)
