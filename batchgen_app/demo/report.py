"""What one running prompt tells its client, and what it leaves behind in the history: PROTOCOL.md,
sections 3 to 5.
"""

import json
import struct
import time
from typing import Any

from batchgen_app.demo.hub import Hub
from batchgen_app.demo.node_type import NodeOutput
from batchgen_app.demo.queue import HistoryEntry, QueuedPrompt

PREVIEW = 1
PREVIEW_WITH_METADATA = 4
JPEG, PNG = 1, 2
CONTENT_TYPES = {JPEG: "image/jpeg", PNG: "image/png"}
PNG_SIGNATURE = b"\x89PNG"
METADATA_FLAG = "supports_preview_metadata"


class NodeProgress:
    """What each node of a prompt has done so far; tells the prompt's client at each change."""

    def __init__(self, hub: Hub, prompt_id: str, client_id: str | None) -> None:
        self._hub = hub
        self._prompt_id = prompt_id
        self._client_id = client_id
        self._nodes: dict[str, dict[str, Any]] = {}

    def start(self, node_id: str) -> None:
        self._set(node_id, 0.0, 1.0, "running")

    def step(self, node_id: str, value: int, maximum: int, preview: bytes | None) -> None:
        """One step is done. A type 4 frame goes before its `progress`, a type 1 frame after."""
        self._set(node_id, value, maximum, "running")
        modern = self._hub.announced(self._client_id, METADATA_FLAG)
        if preview and modern:
            self._hub.send_frame(self._described(node_id, preview), self._client_id)
        data = {"value": value, "max": maximum, "prompt_id": self._prompt_id, "node": node_id}
        self._hub.send("progress", data, self._client_id)
        if preview and not modern:
            frame = struct.pack(">II", PREVIEW, _kind(preview)) + preview
            self._hub.send_frame(frame, self._client_id)

    def finish(self, node_id: str) -> None:
        maximum = self._nodes.get(node_id, {}).get("max", 1.0)
        self._set(node_id, maximum, maximum, "finished")

    def _set(self, node_id: str, value: float, maximum: float, state: str) -> None:
        self._nodes[node_id] = {
            "value": value,
            "max": maximum,
            "state": state,
            "node_id": node_id,
            "prompt_id": self._prompt_id,
            "display_node_id": node_id,
            "parent_node_id": None,
            "real_node_id": node_id,
        }
        data = {"prompt_id": self._prompt_id, "nodes": self._nodes}
        self._hub.send("progress_state", data, self._client_id)

    def _described(self, node_id: str, preview: bytes) -> bytes:
        metadata = {
            "node_id": node_id,
            "prompt_id": self._prompt_id,
            "display_node_id": node_id,
            "parent_node_id": None,
            "real_node_id": node_id,
            "image_type": CONTENT_TYPES[_kind(preview)],
        }
        header = json.dumps(metadata).encode()
        return struct.pack(">II", PREVIEW_WITH_METADATA, len(header)) + header + preview


def _kind(preview: bytes) -> int:
    return PNG if preview.startswith(PNG_SIGNATURE) else JPEG


class Report:
    """Tells the prompt's client what happens (section 3) and remembers it (section 5)."""

    def __init__(self, hub: Hub, prompt: QueuedPrompt) -> None:
        self._hub = hub
        self._prompt = prompt
        self._events: list[list[Any]] = []
        self._outputs: dict[str, Any] = {}

    def executing(self, node_id: str) -> None:
        self._tell("executing", node=node_id, display_node=node_id)

    def executed(self, node_id: str, result: NodeOutput) -> None:
        """For output nodes, and for every cached one."""
        self._tell("executed", node=node_id, display_node=node_id, output=result.ui)
        if result.ui is not None:
            self._outputs[node_id] = result.ui

    def event(self, kind: str, *, broadcast: bool = False, **data: Any) -> None:
        """One of the messages that the history keeps; `broadcast` ones also have no addressee."""
        prompt_id, now = self._prompt.prompt_id, int(time.time() * 1000)
        message = {"prompt_id": prompt_id, **data, "timestamp": now}
        self._events.append([kind, message])
        if broadcast or self._prompt.client_id is not None:
            self._hub.send(kind, message, self._prompt.client_id)

    def entry(self, status: str) -> HistoryEntry:
        """What GET /history/{id} shows."""
        outcome = {"status_str": status, "completed": status == "success"}
        return {
            "prompt": self._prompt.shown(),
            "outputs": self._outputs,
            "status": {**outcome, "messages": self._events},
            "meta": {node_id: _meta(node_id) for node_id in self._outputs},
        }

    def _tell(self, kind: str, **data: Any) -> None:
        """To the prompt's client; nobody hears of a prompt without one."""
        if self._prompt.client_id is not None:
            message = {**data, "prompt_id": self._prompt.prompt_id}
            self._hub.send(kind, message, self._prompt.client_id)


def _meta(node_id: str) -> dict[str, Any]:
    return {
        "node_id": node_id,
        "display_node": node_id,
        "parent_node": None,
        "real_node_id": node_id,
    }
