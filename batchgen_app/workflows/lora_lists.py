"""Nodes that hold a list of LoRAs: each is an input of its own, whose value says which file, how
much of it, and whether at all. No server declares these inputs: the node takes any number of them.
"""

from collections.abc import Sequence

from batchgen_app.core.model_files import bare_name
from batchgen_app.core.request import Lora
from batchgen_app.core.wire import JsonObject

LORA_LIST = "Power Lora Loader (rgthree)"
NAMES_FROM = ("LoraLoader", "lora_name")
"""The node type and input of which the server tells the names that its entries may have."""


def is_entry(value: object) -> bool:
    """Whether an input's value is one LoRA of such a list."""
    return isinstance(value, dict) and isinstance(value.get("lora"), str) and "on" in value


def file_of(value: object) -> str:
    """The file of an entry that is switched on; else empty."""
    match value:
        case {"on": True, "lora": str(name)} if name != "None":
            return name
    return ""


def with_entry_set(entry: JsonObject, value: object) -> JsonObject:
    """Switched on or off, with another strength, or another file."""
    if isinstance(value, bool):
        return {**entry, "on": value}
    name = "lora" if isinstance(value, str) else "strength"
    return {**entry, "on": True, name: value}


def entries(loras: Sequence[Lora], taken: JsonObject) -> JsonObject:
    """Further ones, behind those in the inputs ``taken``."""
    numbers = (name.rpartition("_")[2] for name, value in taken.items() if is_entry(value))
    last = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return {
        f"lora_{number}": {"on": True, "lora": lora.name, "strength": lora.strength}
        for number, lora in enumerate(loras, last + 1)
    }


def is_found(wanted: str, names: frozenset[str]) -> bool:
    """Whether the node finds the file: a name without folder or ending is enough for it."""
    return bare_name(wanted) in map(bare_name, names)
