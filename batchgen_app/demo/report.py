"""What one prompt leaves behind: messages to its client, and its entry in the history."""

import time
from typing import Any

from batchgen_app.demo.hub import Hub
from batchgen_app.demo.node_type import NodeOutput
from batchgen_app.demo.queue import HistoryEntry, QueuedPrompt


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
