"""Lists of options in YAML and JSON, as the library ``dynamicprompts`` has them: keys within keys
are names like folders, an option may have a weight. The library itself reads YAML without the C
parser, twenty times as slowly, and drops what is no text without a word.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml  # type: ignore[import-untyped]
from dynamicprompts.wildcards.collection import WildcardCollection
from dynamicprompts.wildcards.item import WildcardItem

from batchgen_app.core.dynamic_prompt.refusal import Refusal
from batchgen_app.core.json_values import clipped
from batchgen_app.core.wire import storable
from batchgen_app.language.message import Message, later

JSON = ".json"
MOST_NAMES = 20_000
"""In one file."""
NO_SENSE = later("The wildcard file {path} cannot be read: {why}")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Where PyYAML was built without libyaml, the slow one does."""
MERGE = {"yaml_implicit_resolvers": {"<": LOADER.yaml_implicit_resolvers["<"]}}
PLAIN_LOADER = type("PlainLoader", (LOADER,), MERGE)
"""To which everything is the text that somebody wrote, be it a number, a date or yes."""


def unreadable(path: Path, why: str | Message) -> Refusal:
    """Of a file that is not as it should be."""
    return Refusal("wildcard_unreadable", later(NO_SENSE, path=storable(str(path)), why=why))


def lists_in(path: Path, text: str) -> Mapping[str, WildcardCollection]:
    """The lists in the ``text`` of a file, by their names within its folder. Raises ValueError
    or Refusal where it makes no sense; a list that makes none says so when it is wanted.
    """
    try:
        content = _content(path, text)
        _check_size(content)
        found = dict(_named(content, ())) if content else {path.stem: []}
    except (yaml.YAMLError, RecursionError, AttributeError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(content, dict | list) and content:
        raise unreadable(path, later("there is no list in it."))
    return {name or path.stem: _List(path, name, options) for name, options in found.items()}


def _content(path: Path, text: str) -> object:
    if path.suffix.lower() != JSON:
        return yaml.load(text, Loader=PLAIN_LOADER)  # noqa: S506
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def _check_size(content: object) -> None:
    """In a few lines of YAML, names may stand for each other many million times."""
    waiting, found = [content], 0
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting.extend(part.values())
            found += len(part)
        if found > MOST_NAMES:
            raise ValueError(f"it has more than {MOST_NAMES} names")


def _named(content: object, names: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """Every list, by the names that lead to it."""
    if not isinstance(content, dict):
        yield "/".join(names), content
        return
    for name, inner in content.items():
        yield from _named(inner, (*names, storable(str(name))))


@dataclass(frozen=True)
class _List(WildcardCollection):
    """Looked through only when it is wanted: in YAML, many names may stand for the same one."""

    path: Path
    name: str
    options: object

    def get_values(self) -> Sequence[str | WildcardItem]:
        options = self.options if isinstance(self.options, list) else [self.options or ""]
        return [option for option in self._read(options) if str(option)]

    def _read(self, options: Iterable[object]) -> Iterator[str | WildcardItem]:
        for number, option in enumerate(options, 1):
            try:
                yield _weighted(option) if isinstance(option, dict) else _prefixed(_text(option))
            except ValueError as error:
                why = later(
                    'option {number} of "{name}" is no text. Write it in quotes.',
                    number=number,
                    name=clipped(self.name or self.path.stem, 100),
                )
                raise unreadable(self.path, why) from error


def _text(option: object) -> str:
    match option:
        case bool():
            return json.dumps(option)
        case str() | int() | float():
            return str(option)
    raise ValueError


def _weighted(option: Mapping[object, object]) -> str | WildcardItem:
    """From ``{"text": "foo", "weight": 2}``; it may be ``content``, too."""
    text = _text(option.get("text") or option.get("content"))
    return WildcardItem(text, _weight(_text(option.get("weight", 1))))


def _prefixed(option: str) -> str | WildcardItem:
    """From ``2::foo``; in all else nothing is a weight."""
    weight, sign, text = option.rpartition("::")
    try:
        return WildcardItem(text, _weight(weight)) if sign and option[0].isdigit() else option
    except ValueError:
        return option


def _weight(text: str) -> float:
    weight = float(text)
    if not math.isfinite(weight) or weight < 0:
        raise ValueError
    return weight
