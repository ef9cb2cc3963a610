"""What the inputs of a workflow are called where a person chooses among them."""

from collections import Counter
from collections.abc import Container, Mapping

from batchgen_app.core.wire import JsonObject

WORDS_SHOWN = 40
"""Characters of a text by which it is told from others."""


def names_of(offered: Mapping[str, JsonObject], asked: Container[str]) -> dict[str, str]:
    """Each input by its title; where others are called like it, or it has to be chosen, by what
    stands there, too; and by its node where that still is not enough.
    """
    times = Counter(map(_name, offered.values()))
    names = {
        slot: _told_apart(one, times[_name(one)], is_asked=slot in asked)
        for slot, one in offered.items()
    }
    again = Counter(names.values())
    return {
        slot: f"{name} ({offered[slot]['node']})" if again[name] > 1 else name
        for slot, name in names.items()
    }


def _told_apart(one: JsonObject, times: int, *, is_asked: bool) -> str:
    is_alone = times == 1
    if is_alone and not is_asked:
        return _name(one)
    written = str(one["default"]).strip() if one["type"] == "text" else ""
    by = written[:WORDS_SHOWN] or ("" if is_alone else one["node"])
    return f"{_name(one)} ({by})" if by else _name(one)


def _name(one: JsonObject) -> str:
    return f"{one['title']} · {one['slot'].removeprefix(one['node'] + '.')}"
