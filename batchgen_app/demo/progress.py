"""The progress messages of one running prompt: PROTOCOL.md, sections 3 and 4."""

import json
import struct
from typing import Any

from batchgen_app.demo.hub import Hub

PREVIEW = 1
PREVIEW_WITH_METADATA = 4
JPEG, PNG = 1, 2
CONTENT_TYPES = {JPEG: "image/jpeg", PNG: "image/png"}
PNG_SIGNATURE = b"\x89PNG"
METADATA_FLAG = "supports_preview_metadata"


class Progress:
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
