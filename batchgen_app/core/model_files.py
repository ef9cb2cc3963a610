"""Names of model files: what is a folder, an ending, and the name that people know."""

import re

ENDING = re.compile(r"\.(safetensors|sft|ckpt|pt|pth|bin|gguf|onnx)$", re.IGNORECASE)
"""What is no part of a model's name, which may have dots of its own: "v1.5"."""


def is_model_file(name: str) -> bool:
    """Whether ``name`` looks like the file of a model."""
    return ENDING.search(name) is not None


def bare_name(name: str) -> str:
    """Without its folder and its ending, whichever system the server runs on."""
    file = with_slashes(name).rstrip("/").rpartition("/")[2]
    return ENDING.sub("", file) or file


def with_slashes(name: str) -> str:
    """As every other system than Windows writes it."""
    return name.replace("\\", "/")
