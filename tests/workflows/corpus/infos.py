"""What a server tells about its nodes, written down in short: each begins a line, and goes on in
lines that begin with blanks: ``Type: input=KIND … -> KIND …``. A ``!`` behind the type says that
the server runs a graph for its sake. Only the inputs that matter for what a graph means are there.
"""

import re
from typing import Any

from batchgen_app.core.wire import JsonObject

KINDS: dict[str, list[Any]] = {
    "PROMPT": ["STRING", {"multiline": True, "dynamicPrompts": True}],
    "LINES": ["STRING", {"multiline": True}],
    "SEED": ["INT", {"min": 0, "max": 2**64 - 1, "control_after_generate": True}],
    "COMBO": [["some", "others"], {}],
    "UPLOAD": [["picture.png"], {"image_upload": True}],
}
"""Kinds with options; every other one is what it says, without any."""


def told(lines: str) -> dict[str, JsonObject]:
    """By class type what ``GET /object_info`` answers."""
    joined = lines.replace("\n    ", " ")
    return dict(_node(line) for line in joined.splitlines() if line)


def _node(line: str) -> tuple[str, JsonObject]:
    head, rest = re.split(r": (?=\w+=|->)", line.strip(), maxsplit=1)
    takes, _, gives = rest.partition("->")
    inputs = dict(pair.split("=") for pair in takes.split())
    info = {
        "input": {"required": {name: KINDS.get(kind, [kind, {}]) for name, kind in inputs.items()}},
        "output": gives.split(),
        "output_node": head.endswith("!"),
    }
    return head.rstrip("!"), info
