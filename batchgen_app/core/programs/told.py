"""What a picture tells of how it was made, whichever program wrote it."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from batchgen_app.core.image_source import Source
from batchgen_app.core.json_values import clipped, is_number
from batchgen_app.core.limits import MAX_GRAPH_VALUES
from batchgen_app.core.request import Lora
from batchgen_app.core.wire import JsonObject, has_too_many_values, storable

MOST_OTHERS = 60
"""Values that are told for which there is no field; a picture has about ten."""
LONGEST_VALUE = 200
"""Characters of such a value that are shown."""
LONGEST_NAME = 60
LARGEST = 2**64 - 1
"""No seed of any program is larger."""
MOST_DIGITS = 20
ANY_SEED = -1


@dataclass(frozen=True)
class Told:
    """``values`` by the names of a request, as they were written; ``others`` are what there is no
    field for, by the program's own names. ``made_at`` is there where the picture tells it.
    """

    source: Source
    values: Mapping[str, object]
    others: tuple[tuple[str, str], ...] = ()
    loras: tuple[Lora, ...] = ()
    made_at: datetime | None = None

    def with_values(self, **values: object) -> Self:
        """With these besides; what is None changes nothing."""
        given = {name: value for name, value in values.items() if value is not None}
        return replace(self, values={**self.values, **given})


NOTHING = Told("unknown", {})


def whole(value: object) -> int | None:
    """A whole number, written as such or as text."""
    if isinstance(value, float) and is_number(value) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -LARGEST <= value <= LARGEST else None
    if isinstance(value, str):
        digits = value.strip().removeprefix("-")
        is_number_text = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
        return int(value) if is_number_text else None
    return None


def seed(value: object) -> int | None:
    """One that a picture was made with: -1 only asks for any."""
    found = whole(value)
    return None if found == ANY_SEED else found


def number(value: object) -> float | None:
    """A number, written as such or as text."""
    if isinstance(value, str) and len(value) <= LONGEST_NAME:
        with suppress(ValueError):
            value = float(value)
    return float(value) if is_number(value) else None


def text(value: object) -> str | None:
    """Text that is not empty, without what cannot be stored."""
    kept = storable(value) if isinstance(value, str) else ""
    return kept if kept.strip() else None


KINDS: Mapping[str, Callable[[object], object]] = {
    "prompt": text, "negativePrompt": text, "seed": seed, "steps": whole, "cfg": number,
    "width": whole, "height": whole, "sampler": text, "scheduler": text, "model": text,
    "modelHash": text, "vae": text, "refiner": text, "guidance": number,
}  # fmt: skip
"""How each value is read."""


def sorted_out(
    source: Source,
    written: Mapping[str, object],
    fields: Mapping[str, str],
    *,
    ignored: Collection[str] = (),
    also: Iterable[tuple[str, object]] = (),
) -> Told:
    """Of what is ``written``, what stands for our ``fields`` (by their names), and the others; what
    is ``ignored`` says nothing about the picture. ``also`` are others that were found elsewhere.
    """
    values: dict[str, object] = {}
    others: list[tuple[str, object]] = list(also)
    for name, value in written.items():
        field = fields.get(name)
        read = KINDS[field](value) if field else None
        if field and read is not None:
            values.setdefault(field, read)
        elif name not in ignored and not _says_nothing(value):
            others.append((name, value))
    return Told(source, values, shown(others))


def shown(others: Iterable[tuple[str, object]]) -> tuple[tuple[str, str], ...]:
    """Names and values as people read them, as many as anybody does."""
    told = [(clipped(storable(name), LONGEST_NAME), _written(value)) for name, value in others]
    return tuple(told[:MOST_OTHERS])


def _written(value: object) -> str:
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return clipped(storable(plain), LONGEST_VALUE)


def _says_nothing(value: object) -> bool:
    """Nothing, zero, no: what a program writes for what was not used."""
    is_off = value is None or value is False or value in ("", "None", "none", [], {})
    return is_off or (is_number(value) and value == 0)


def json_object(written: str | None) -> JsonObject | None:
    """The object in a text; None where there is none, or more than a picture may carry."""
    if not written or written.lstrip()[:1] != "{":
        return None
    if has_too_many_values(written, MAX_GRAPH_VALUES):
        return None
    with suppress(ValueError, RecursionError):
        read = json.loads(written, parse_constant=lambda _: None)
        return read if isinstance(read, dict) else None
    return None


def loras_of(named: Iterable[tuple[object, object]]) -> tuple[tuple[Lora, ...], list[str]]:
    """Of names with strengths those that can be asked for, and the others as text."""
    found, others = [], []
    for name, strength in named:
        called, number_of = text(name), number(1.0 if strength is None else strength)
        with suppress(ValueError):
            found.append(Lora(name=called or "", strength=_strength(number_of)))
            continue
        others.append(f"{called}: {strength}")
    return tuple(found), others


def _strength(value: float | None) -> float:
    if value is None:
        raise ValueError("no strength")
    return value
