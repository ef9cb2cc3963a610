"""Names of model files: what is a folder, an ending, and the name that people know."""

import re

ENDING = re.compile(r"\.(safetensors|sft|ckpt|pt|pth|bin|gguf|onnx)$", re.IGNORECASE)
"""What is no part of a model's name, which may have dots of its own: "v1.5"."""


def is_model_file(name: str) -> bool:
    """Whether ``name`` looks like the file of a model."""
    return ENDING.search(name) is not None


def bare_name(name: str) -> str:
    """Without its folder and its ending, whichever system the server runs on."""
    return without_ending(with_slashes(name).rstrip("/").rpartition("/")[2])


def without_ending(name: str) -> str:
    """The same with its folder; all of it where it is nothing but an ending."""
    return ENDING.sub("", name) or name


def with_slashes(name: str) -> str:
    """As every other system than Windows writes it."""
    return name.replace("\\", "/")
