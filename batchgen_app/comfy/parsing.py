"""Websocket frames to messages (PROTOCOL.md, sections 3, 4 and 7). Pure: nothing else happens.

What is unknown or malformed gives None, never an exception: servers get newer than we are, and
custom nodes send what they like.
"""

from collections.abc import Callable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

from batchgen_app.comfy.json_text import read_json, shortened
from batchgen_app.comfy.messages import (
    Executing,
    ExecutionCached,
    ExecutionErrored,
    ExecutionInterrupted,
    ExecutionStarted,
    ExecutionSucceeded,
    FeatureFlags,
    Message,
    NodeExecuted,
    NodeProgress,
    Preview,
    Progress,
    ProgressState,
    ProgressText,
    PromptEnded,
    Status,
)
from batchgen_app.core.json_values import is_number, object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject

IMAGE_FORMATS = MappingProxyType({1: "image/jpeg", 2: "image/png"})
SHOWN = frozenset({*IMAGE_FORMATS.values(), "image/webp"})
"""What a preview may be: pages show it, so it must be nothing that carries scripts."""
MOST_LISTS, MOST_RESULTS = 64, 1_000
"""Of one node's results; the history has all of them."""
LONGEST_FRAME = 8 * 2**20
"""Bytes of a text frame, which would become many times as much in memory."""


def parse_frame(frame: bytes) -> Message | None:
    """The message in a frame: one that is binary begins with the high byte of its small type."""
    return parse_binary(frame) if frame.startswith(b"\0") else parse_text(frame)


def parse_text(text: str | bytes) -> Message | None:
    """The message in a text frame."""
    try:
        envelope = read_json(text) if len(text) <= LONGEST_FRAME else None
    except ValueError:
        return None
    match envelope:
        case {"type": str(kind), "data": dict(data)}:
            return read_message(kind, data)
    return None


def read_message(kind: str, data: JsonObject) -> Message | None:
    """The message of type ``kind``; history keeps the same pairs (section 5)."""
    reader = _READERS.get(kind)
    return reader(data) if reader else None


def parse_binary(frame: bytes) -> Message | None:
    """The message in a binary frame."""
    reader = _FRAME_READERS.get(_integer(frame, 0)) if len(frame) >= 8 else None
    try:
        return reader(frame) if reader else None
    except ValueError:
        return None


def _status(data: JsonObject) -> Status | None:
    match data:
        case {"status": {"exec_info": {"queue_remaining": int(remaining)}}}:
            return Status(remaining, text_or_none(data.get("sid")))
    return None


def _about(
    make: Callable[[str], Message],
) -> Callable[[JsonObject], Message | None]:
    """Reads a message that says nothing but whose it is."""

    def read(data: JsonObject) -> Message | None:
        prompt_id = data.get("prompt_id")
        return make(prompt_id) if isinstance(prompt_id, str) else None

    return read


def _cached(data: JsonObject) -> ExecutionCached | None:
    match data:
        case {"prompt_id": str(prompt_id), "nodes": list(nodes)}:
            return ExecutionCached(prompt_id, tuple(n for n in nodes if isinstance(n, str)))
    return None


def _executing(data: JsonObject) -> Executing | PromptEnded | None:
    match data:
        case {"node": str(node)}:
            return Executing(text_or_none(data.get("prompt_id")), node)
        case {"node": None, "prompt_id": str(prompt_id)}:
            return PromptEnded(prompt_id)
    return None


def _progress(data: JsonObject) -> Progress | None:
    match data:
        case {"prompt_id": str(prompt_id), "node": str(node), "value": value, "max": maximum} if (
            is_number(value) and is_number(maximum) and 0 <= value <= maximum
        ):
            return Progress(prompt_id, node, value, maximum)
    return None


def _progress_state(data: JsonObject) -> ProgressState | None:
    match data:
        case {"prompt_id": str(prompt_id), "nodes": dict(nodes)}:
            known = (_node_progress(node, state) for node, state in nodes.items())
            return ProgressState(prompt_id, tuple(filter(None, known)))
    return None


def _node_progress(node: str, state: Any) -> NodeProgress | None:
    match state:
        case {"value": value, "max": maximum, "state": str(word)} if is_number(value) and is_number(
            maximum
        ):
            return NodeProgress(node, value, maximum, word, text_or_none(state.get("activity")))
    return None


def _executed(data: JsonObject) -> NodeExecuted | None:
    match data:
        case {"prompt_id": str(prompt_id), "node": str(node)}:
            return NodeExecuted(prompt_id, node, _few(object_or_empty(data.get("output"))))
    return None


def _few(output: JsonObject) -> JsonObject:
    """The first of what a node tells of its results."""
    lists = islice(output.items(), MOST_LISTS)
    return {key: value[:MOST_RESULTS] if isinstance(value, list) else value for key, value in lists}


def _errored(data: JsonObject) -> ExecutionErrored | None:
    match data:
        case {"prompt_id": str(prompt_id), "node_id": str(node_id), "node_type": str(node_type)}:
            message = text_or_none(data.get("exception_message")) or ""
            details = {key: shortened(data.get(key)) for key in _KEPT if key in data}
            return ExecutionErrored(
                prompt_id, node_id, node_type, shortened(message.strip()), details
            )
    return None


_KEPT = ("exception_type", "exception_message", "traceback", "current_inputs")


_READERS: Mapping[str, Callable[[JsonObject], Message | None]] = MappingProxyType(
    {
        "status": _status,
        "feature_flags": FeatureFlags,
        "execution_start": _about(ExecutionStarted),
        "execution_cached": _cached,
        "executing": _executing,
        "progress": _progress,
        "progress_state": _progress_state,
        "executed": _executed,
        "execution_success": _about(ExecutionSucceeded),
        "execution_error": _errored,
        "execution_interrupted": _about(ExecutionInterrupted),
    }
)


def _picture(frame: bytes) -> Preview | None:
    """Type 1: a picture that does not say whose it is."""
    content_type = IMAGE_FORMATS.get(_integer(frame, 4))
    return Preview(None, None, content_type, frame[8:]) if content_type else None


def _remark(frame: bytes) -> ProgressText | None:
    """Type 3: a node's id and its text."""
    node, text = _headed(frame)
    return ProgressText(node.decode("utf-8", "replace"), text.decode("utf-8", "replace"))


def _picture_with_metadata(frame: bytes) -> Preview | None:
    """Type 4: metadata in JSON, then the picture."""
    head, picture = _headed(frame)
    match read_json(head):
        case {"prompt_id": str(prompt_id), "node_id": str(node), "image_type": str(kind)}:
            return Preview(prompt_id, node, kind, picture) if kind in SHOWN else None
    return None


_FRAME_READERS: Mapping[int, Callable[[bytes], Message | None]] = MappingProxyType(
    {1: _picture, 3: _remark, 4: _picture_with_metadata}
)


def _integer(frame: bytes, offset: int) -> int:
    """The unsigned big-endian number of four bytes at ``offset``."""
    return int.from_bytes(frame[offset : offset + 4], "big")


def _headed(frame: bytes) -> tuple[bytes, bytes]:
    """The head, whose length stands at offset 4, and what follows it. Raises ValueError."""
    end = 8 + _integer(frame, 4)
    if end > len(frame):
        raise ValueError("The frame is shorter than its head.")
    return frame[8:end], frame[end:]
