"""The recorded conversations with ComfyUI 0.3.64, and the frames in them as they were on the wire.

A row whose key ends in ``<`` (or is the name of a limited socket) is a text message, one that ends
in ``<bin`` describes a binary frame; the pixels of pictures were not kept and are zeros here.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.jsonl"))


class Recorded(NamedTuple):
    """One frame: on which socket, what came, and what the transcript says that it is."""

    socket: str
    frame: str | bytes
    meaning: dict[str, Any]


def rows(name: str) -> list[dict[str, Any]]:
    """All rows of the transcript whose file name begins with ``name``."""
    path = next(path for path in TRANSCRIPTS if path.name.startswith(name))
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def frames(name: str, socket: str | None = None) -> list[Recorded]:
    """All frames of a transcript in their order, or those of one socket."""
    found = (recorded for row in rows(name) for recorded in _frames_of(row))
    return [recorded for recorded in found if socket in (None, recorded.socket)]


def answers(name: str, request: str) -> list[dict[str, Any]]:
    """The rows of HTTP requests that begin like ``request``."""
    return [row for row in rows(name) if row.get("req", "").startswith(request)]


def _frames_of(row: dict[str, Any]) -> Iterator[Recorded]:
    for key, value in row.items():
        if key.endswith("<bin"):
            yield Recorded(key.removesuffix("<bin"), _binary(value), value)
        elif isinstance(value, dict) and {"type", "data"} <= value.keys() and key[-1] != ">":
            yield Recorded(key.removesuffix("<"), json.dumps(value), value)


def _binary(told: dict[str, Any]) -> bytes:
    if told["event_type"] == 3:
        node = told["node_id"].encode()
        frame = _four_bytes(3) + _four_bytes(len(node)) + node + told["text"].encode()
    elif told["event_type"] == 4:
        head = bytes.fromhex(told["head_hex"]) + json.dumps(told["metadata"]).encode()
        frame = head + bytes.fromhex(told["payload_head_hex"])
    else:
        frame = bytes.fromhex(told["head_hex"])
    return bytes(frame.ljust(told["len"], b"\0"))


def _four_bytes(number: int) -> bytes:
    return number.to_bytes(4, "big")
