"""How a node type is declared: one object gives object_info, validation and execution."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batchgen_app.demo.files import Catalogue, Folders

LARGEST_SEED = 2**64 - 1

SCHEMA_ONLY = {
    "output_matchtypes": None,
    "deprecated": False,
    "experimental": False,
    "dev_only": False,
    "api_node": False,
    "price_badge": None,
    "essentials_category": None,
}
"""What only a schema tells of a node type, if there is nothing special about it."""

Choices = Callable[["Catalogue"], list[str]]
JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Input:
    """One input of a node type: a socket or a widget value.

    `choices` makes it a combo; `new_style` is the ["COMBO", {"options": [...]}] form of it.
    """

    type: str
    options: Mapping[str, Any] = field(default_factory=dict)
    choices: Choices | None = None
    new_style: bool = False

    def config(self, catalogue: "Catalogue") -> list[Any]:
        """The [type, options] of `input_config` in errors, and of most of object_info."""
        if self.choices is None:
            return [self.type, dict(self.options)]
        values = self.choices(catalogue)
        if self.new_style:
            return ["COMBO", {**self.options, "options": values}]
        return [values, dict(self.options)]


@dataclass(frozen=True)
class Output:
    """One output slot of a node type."""

    type: str
    tooltip: str = ""
    name: str = ""


@dataclass(frozen=True)
class NodeOutput:
    """What a node gives: a value for each slot, and the ui object of an output node."""

    values: tuple[Any, ...] = ()
    ui: JsonObject | None = None


Inputs = Mapping[str, Input]
Run = Callable[..., Awaitable[NodeOutput]]


@dataclass(frozen=True, kw_only=True)
class NodeType:
    """A node type of the demo engine.

    `run(context, **inputs)` does the work. A check in `checks` looks at the value of the input that
    it is filed under and gives a complaint or None, in place of the usual checks of range and
    choice. `fingerprint` tells apart equal inputs that mean something else by now, like a file with
    new content.
    """

    name: str
    run: Run
    required: Inputs = field(default_factory=dict)
    optional: Inputs = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    category: str
    display_name: str = ""
    description: str = ""
    python_module: str = "nodes"
    output_node: bool = False
    new_style: bool = False
    """Declared by a schema, as most of comfy_extras: it tells more, and nothing as null."""
    checks: Mapping[str, Callable[["Folders", Any], str | None]] = field(default_factory=dict)
    fingerprint: Callable[["Folders", JsonObject], str] | None = None

    @property
    def inputs(self) -> dict[str, Input]:
        """Required, then optional inputs."""
        return {**self.required, **self.optional}

    def info(self, catalogue: "Catalogue") -> JsonObject:
        """The entry of this type in GET /object_info."""
        named = None if self.new_style else self.name
        entry: JsonObject = {
            "input": self._input_info(catalogue),
            "input_order": {kind: list(names) for kind, names in self._groups().items()},
            "is_input_list": False,
            "output": [output.type for output in self.outputs],
            "output_is_list": [False] * len(self.outputs),
            "output_name": [output.name or output.type for output in self.outputs],
            "name": self.name,
            "display_name": self.display_name or named,
            "description": self.description,
            "python_module": self.python_module,
            "category": self.category,
            "output_node": self.output_node,
            "has_intermediate_output": False,
            "search_aliases": None if self.new_style else [],
        }
        tooltips = [output.tooltip or None for output in self.outputs]
        if self.new_style or any(tooltips):
            entry["output_tooltips"] = tooltips
        return {**entry, **SCHEMA_ONLY} if self.new_style else entry

    def _groups(self) -> dict[str, Mapping[str, Any]]:
        groups = {"required": self.required, "optional": self.optional, "hidden": self.hidden}
        return {kind: inputs for kind, inputs in groups.items() if inputs or kind == "required"}

    def _input_info(self, catalogue: "Catalogue") -> JsonObject:
        info: JsonObject = {}
        for kind, inputs in self._groups().items():
            if kind == "hidden":
                info[kind] = dict(inputs)
            else:
                info[kind] = {
                    name: self._declared(entry, catalogue) for name, entry in inputs.items()
                }
        return info

    def _declared(self, entry: Input, catalogue: "Catalogue") -> list[Any]:
        """An older declaration leaves out options where it has none."""
        config = entry.config(catalogue)
        return config if self.new_style or config[1] else config[:1]


def socket(kind: str, tooltip: str = "") -> Input:
    """An input that only a link can fill."""
    return Input(kind, {"tooltip": tooltip} if tooltip else {})


def integer(default: int, low: int, high: int, **options: Any) -> Input:
    """A whole number from low to high."""
    return Input("INT", {"default": default, "min": low, "max": high, **options})


def decimal(default: float, low: float, high: float, **options: Any) -> Input:
    """A number from low to high."""
    return Input("FLOAT", {"default": default, "min": low, "max": high, **options})


def text(**options: Any) -> Input:
    """Any text."""
    return Input("STRING", options)


def combo(choices: Choices, *, new_style: bool = False, **options: Any) -> Input:
    """One of a list of values."""
    return Input("COMBO", options, choices, new_style)


def seed(**options: Any) -> Input:
    """A seed widget; its largest value is beyond what JavaScript holds exactly."""
    return integer(0, 0, LARGEST_SEED, control_after_generate=True, **options)
