"""The inputs of a node type as the server declares them (``GET /object_info``), read the way that
ComfyUI's page reads them: which ones have a widget, in which order, and what it holds at first.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from batchgen_app.core.json_values import object_or_empty
from batchgen_app.core.wire import JsonObject

WIDGETS = frozenset({
    "INT", "FLOAT", "STRING", "BOOLEAN", "COMBO", "COLOR", "COLORS", "CURVE", "COMPOSITOR",
    "WEBCAM", "BOUNDING_BOX", "BOUNDING_BOXES", "AUDIO_RECORD", "LOAD_3D", "IMAGECOMPARE",
    "PAINTER",
})  # fmt: skip
"""Types that the page lets people type, choose or draw."""
UNSAVED = {"IMAGECOMPARE": ["", ""]}
"""Types whose value is in no file, and what it is."""
DYNAMIC = "COMFY_DYNAMICCOMBO_V3"
"""A choice that brings inputs of its own, named ``choice.input``."""
AUTOGROW = "COMFY_AUTOGROW_V3"
"""As many inputs of a kind as are linked, named ``input.name0``, ``input.name1`` …"""
SEEDS = frozenset({"seed", "noise_seed"})
"""Inputs that have a control without being declared so."""
MOST_LEVELS = 10
"""Of choices within choices."""


@dataclass(frozen=True)
class Declared:
    """One input: its type, and what is said about it."""

    name: str
    type: str
    options: JsonObject

    @cached_property
    def is_widget(self) -> bool:
        """Whether it has a value; else only a link can feed it."""
        kinds = (self.options.get("widgetType"), self.type)
        is_typed = any(isinstance(kind, str) and kind in WIDGETS | {DYNAMIC} for kind in kinds)
        return is_typed and not self.options.get("forceInput")

    @property
    def is_forced(self) -> bool:
        """Whether it would be a widget, had it not been made a socket."""
        return bool(self.options.get("forceInput")) and self.type in WIDGETS

    @property
    def is_saved(self) -> bool:
        return self.type not in UNSAVED

    @property
    def has_control(self) -> bool:
        """Whether a second value follows: what becomes of the first one after each run."""
        is_seed = self.type == "INT" and self.name in SEEDS
        return bool(self.options.get("control_after_generate", is_seed))

    @property
    def has_alternatives(self) -> bool:
        """Whether it is a text in which ``{red|blue}`` is one or the other."""
        return bool(self.options.get("dynamicPrompts"))

    @cached_property
    def choices(self) -> list[Any]:
        """All values that it takes; none where that is not told."""
        if self.type == DYNAMIC:
            return [object_or_empty(option).get("key") for option in self._listed]
        return self._listed if self.type == "COMBO" else []

    @property
    def _listed(self) -> list[Any]:
        options = self.options.get("options")
        return options if isinstance(options, list) else []

    @property
    def default(self) -> Any:
        """What the page shows before anybody has changed it; None if it shows nothing."""
        if self.type in UNSAVED:
            return UNSAVED[self.type]
        if (given := self.options.get("default")) is not None:
            return given
        match self.type.partition(",")[0]:
            case "INT" | "FLOAT":
                least = self.options.get("min")
                return max(0, least) if isinstance(least, int | float) else 0
            case "STRING" | "LOAD_3D" | "WEBCAM" | "AUDIO_RECORD":
                return ""
            case "BOOLEAN":
                return False
        return self.choices[0] if self.choices else None

    def misfit(self, value: Any) -> int:
        """0 for a value that it takes; the more, the less likely that it was ever one of its."""
        match self.type:
            case "INT" | "FLOAT":
                return 0 if isinstance(value, int | float) and not isinstance(value, bool) else 3
            case "BOOLEAN":
                return 0 if isinstance(value, bool) else 3
            case "STRING":
                return 0 if isinstance(value, str) else 3
        chosen = value if isinstance(value, list) else [value]
        return int(bool(self.choices) and any(each not in self.choices for each in chosen))

    def inputs_of(self, choice: Any) -> JsonObject:
        """What a choice brings along, in its groups."""
        for option in map(object_or_empty, self._listed):
            if option.get("key") == choice:
                return object_or_empty(option.get("inputs"))
        return {}

    def grown(self) -> frozenset[str]:
        """The names that its inputs may have."""
        template = object_or_empty(self.options.get("template"))
        names, most = template.get("names"), template.get("max")
        if not isinstance(names, list):
            count = min(most, 1_000) if isinstance(most, int) else 100
            names = [f"{template.get('prefix', '')}{number}" for number in range(count)]
        return frozenset(f"{self.name}.{name}" for name in names)


def declared(node_info: JsonObject, values: Mapping[str, Any]) -> Iterator[Declared]:
    """All inputs of a node with these values, in the page's order. Values are read only when their
    input has been handed out, so that they may be put there meanwhile.
    """
    order = object_or_empty(node_info.get("input_order"))
    yield from _declared(object_or_empty(node_info.get("input")), order, values, "")


def _declared(
    groups: JsonObject, order: JsonObject, values: Mapping[str, Any], prefix: str
) -> Iterator[Declared]:
    for group in ("required", "optional"):
        told = object_or_empty(groups.get(group))
        for name in _in_order(told, order.get(group)):
            one = _one(prefix + name, told[name])
            yield one
            if one.type == DYNAMIC and prefix.count(".") < MOST_LEVELS:
                choice = values.get(one.name, one.default)
                yield from _declared(one.inputs_of(choice), {}, values, one.name + ".")


def _in_order(told: JsonObject, order: object) -> Iterable[str]:
    listed = order if isinstance(order, list) else []
    first = (name for name in listed if isinstance(name, str) and name in told)
    return dict.fromkeys([*first, *told])


def _one(name: str, told: object) -> Declared:
    match told:
        case [[*choices], *rest]:
            options = object_or_empty(rest[0] if rest else None)
            return Declared(name, "COMBO", {**options, "options": choices})
        case [str() as kind, *rest]:
            return Declared(name, kind, object_or_empty(rest[0] if rest else None))
        case _:
            return Declared(name, "", {})
