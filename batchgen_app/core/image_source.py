"""Which program made a picture."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Source: TypeAlias = Literal[
    "batchgen", "a1111", "comfyui", "invokeai", "swarmui", "fooocus", "novelai", "unknown"
]
PROGRAMS: Mapping[Source, str] = {
    "batchgen": "BatchGen",
    "a1111": "AUTOMATIC1111",
    "comfyui": "ComfyUI",
    "invokeai": "InvokeAI",
    "swarmui": "SwarmUI",
    "fooocus": "Fooocus",
    "novelai": "NovelAI",
}
"""As people call them; what writes like AUTOMATIC1111 goes by its name."""
