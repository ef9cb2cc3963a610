"""What all data on the wire has in common: immutable, camelCase, limits checked."""

import json
import re
from collections.abc import Iterable
from typing import Annotated, Any, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WrapValidator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from batchgen_app.core import limits, seeds
from batchgen_app.core.limits import MAX_JSON_VALUES
from batchgen_app.language.message import Message

JsonObject: TypeAlias = dict[str, Any]
Said: TypeAlias = Annotated[
    str, WrapValidator(lambda text, check: text if isinstance(text, Message) else check(text))
]
"""What is told to people. In this process a message keeps what it was made of; on the wire and on
disk it is its English.
"""


_LINE_ENDS = (0x85, 0x2028, 0x2029)
_HALVES = range(0xD800, 0xE000)
_ESCAPED = {char: f"\\u{char:04x}" for char in (*_LINE_ENDS, *_HALVES)}
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""All that is before a space, but for tabs and ends of lines; halves of a pair."""


class Wire(BaseModel):
    """Base of all that crosses the wire or is stored."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        allow_inf_nan=False,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        protected_namespaces=(),
    )

    @classmethod
    def parse(cls, data: object) -> Self:
        """From JSON data; raises InvalidRequest with a message per field."""
        return cls.parse_in({}, data)

    @classmethod
    def parse_in(cls, context: JsonObject, data: object) -> Self:
        """The same where ``context`` says more about what may be."""
        try:
            return cls.model_validate(data, by_alias=True, by_name=False, context=context)
        except ValidationError as error:
            raise limits.explain(error) from error

    def to_json(self) -> JsonObject:
        """As a JSON object with camelCase names."""
        return self.model_dump(mode="json", by_alias=True)


def left_out(description: str | None = None) -> Any:
    """A field that is not there where nobody has set it, and what it is."""
    return Field(default=None, exclude_if=lambda value: value is None, description=description)


def json_line(value: object) -> str:
    """``value`` as JSON that is one line for every reader, and can be written: a file's name may
    hold halves of a pair.
    """
    return one_line(json.dumps(value, ensure_ascii=False))


def one_line(text: str) -> str:
    """The JSON ``text`` without what some readers take for the end of a line, as ``splitlines`` of
    Python does, and httpx: U+0085, U+2028, U+2029; nor halves of a pair. They stand in texts alone,
    where they can be escaped.
    """
    return text.translate(_ESCAPED)


def storable(text: str) -> str:
    """What remains of ``text`` without what PNG text chunks and databases cannot hold: NUL and its
    kin, lone surrogates.
    """
    return _UNSTORABLE.sub("", text)


def _storable(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise PydanticCustomError("unstorable", "contains a character that cannot be stored")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "is blank")
    return text


def _plain_json(graph: JsonObject) -> JsonObject:
    """A workflow must survive the way to the server and back from the log: no NaN, no lone
    surrogates, no abyss.
    """
    if is_deeper(graph, limits.MAX_GRAPH_DEPTH):
        raise PydanticCustomError("too_deep", "is nested too deeply")
    try:
        for name, part in graph.items():  # one by one: others may go on in between
            # encode() refuses lone surrogates, which dumps() lets through.
            json.dumps({name: part}, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        raise PydanticCustomError("not_json", "cannot be written as JSON") from error
    return graph


def is_deeper(value: object, depth: int) -> bool:
    """Whether ``value`` is nested deeper than ``depth``; looks level by level, does not recurse."""
    level = [value]
    for _ in range(depth):
        level = [part for outer in level for part in _parts(outer)]
    return bool(level)


def _parts(value: object) -> Iterable[object]:
    match value:
        case dict():
            return value.values()
        case list() | tuple():
            return value
        case _:
            return ()


Text = Annotated[str, AfterValidator(_storable)]
Prompt = Annotated[
    Text, AfterValidator(_not_blank), Field(min_length=1, max_length=limits.MAX_LONG_PROMPT_LENGTH)
]
Name = Annotated[Text, AfterValidator(_not_blank), Field(max_length=500)]
BatchCount = Annotated[
    int, Field(strict=True, ge=limits.MIN_BATCH_COUNT, le=limits.MAX_BATCH_COUNT)
]
Keep = Annotated[int, Field(strict=True, ge=1, le=limits.MAX_BATCH_COUNT)]
Seed = Annotated[int, Field(strict=True, ge=0, le=seeds.MAX_SEED)]
SeedOrRandom = Annotated[int, Field(strict=True, ge=-1, le=seeds.MAX_SEED)]
Steps = Annotated[int, Field(strict=True, ge=limits.MIN_STEPS, le=limits.MAX_STEPS)]
Cfg = Annotated[float, Field(strict=True, ge=limits.MIN_CFG, le=limits.MAX_CFG)]
Strength = Annotated[float, Field(strict=True, ge=0, le=limits.MAX_STRENGTH)]
LoraStrength = Annotated[
    float, Field(strict=True, ge=-limits.MAX_LORA_STRENGTH, le=limits.MAX_LORA_STRENGTH)
]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Side = Annotated[
    int,
    Field(strict=True, ge=limits.MIN_SIDE, le=limits.MAX_SIDE, multiple_of=limits.SIDE_STEP),
]
Graph = Annotated[JsonObject, AfterValidator(_plain_json)]
Rating = Annotated[int, Field(strict=True, ge=0, le=limits.MAX_RATING)]


def has_too_many_values(text: str | bytes, most: int = MAX_JSON_VALUES) -> bool:
    """Whether there may be more than ``most`` in it: each stands behind a comma or a bracket, of
    which texts have some, too.
    """
    if isinstance(text, bytes):
        return sum(map(text.count, (b",", b"[", b"{"))) > most
    return sum(map(text.count, ",[{")) > most
