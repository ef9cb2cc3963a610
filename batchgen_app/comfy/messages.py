"""What a ComfyUI server says over its websocket, as data (PROTOCOL.md, sections 3 and 4).

``parsing`` makes these from frames. A ``prompt_id`` that is None means that the server did not say
whose message it is.
"""

from dataclasses import dataclass
from typing import TypeAlias

from batchgen_app.core.wire import JsonObject


@dataclass(frozen=True)
class Status:
    """Prompts that wait or run, of all clients. ``sid`` only in the first one of a connection."""

    queue_remaining: int
    sid: str | None = None


@dataclass(frozen=True)
class FeatureFlags:
    """The server's answer to the flags that we announced, and so the proof that it took them."""

    flags: JsonObject


@dataclass(frozen=True)
class ExecutionStarted:
    """The server took the prompt up."""

    prompt_id: str


@dataclass(frozen=True)
class ExecutionCached:
    """Nodes that will not run, because the results of an earlier prompt serve."""

    prompt_id: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Executing:
    """A node begins. The first message after a reconnect has no prompt_id (section 8)."""

    prompt_id: str | None
    node: str


@dataclass(frozen=True)
class PromptEnded:
    """The last message of a prompt, whichever way it ended; its history entry is there."""

    prompt_id: str


@dataclass(frozen=True)
class Progress:
    """``value`` of ``maximum`` steps of a node are done; a node may run several bars in a row."""

    prompt_id: str
    node: str
    value: float
    maximum: float


@dataclass(frozen=True)
class NodeProgress:
    """One node of a ProgressState; ``state`` is "running", "finished", "error" or a newer word.
    ``activity`` is what newer servers say it does, "loading" for example.
    """

    node: str
    value: float
    maximum: float
    state: str
    activity: str | None = None


@dataclass(frozen=True)
class ProgressState:
    """The whole picture of a prompt so far: every node that has begun."""

    prompt_id: str
    nodes: tuple[NodeProgress, ...]


@dataclass(frozen=True)
class NodeExecuted:
    """An output node is done; ``output`` is its ui object, empty if it has none."""

    prompt_id: str
    node: str
    output: JsonObject


@dataclass(frozen=True)
class ExecutionSucceeded:
    """Done, but the history entry may not be there yet (section 5): wait for PromptEnded."""

    prompt_id: str


@dataclass(frozen=True)
class ExecutionErrored:
    """A node raised an error; ``details`` keeps traceback and inputs, shortened."""

    prompt_id: str
    node_id: str
    node_type: str
    message: str
    details: JsonObject


@dataclass(frozen=True)
class ExecutionInterrupted:
    """Somebody stopped the prompt."""

    prompt_id: str


@dataclass(frozen=True)
class Preview:
    """A picture while a node samples, or a result of SaveImageWebsocket.

    Frames of the old kind (type 1) say neither whose nor which node's it is.
    """

    prompt_id: str | None
    node: str | None
    content_type: str
    picture: bytes


@dataclass(frozen=True)
class ProgressText:
    """A remark of a node; every client gets those of all prompts."""

    node: str
    text: str


Message: TypeAlias = (
    Status
    | FeatureFlags
    | ExecutionStarted
    | ExecutionCached
    | Executing
    | PromptEnded
    | Progress
    | ProgressState
    | NodeExecuted
    | ExecutionSucceeded
    | ExecutionErrored
    | ExecutionInterrupted
    | Preview
    | ProgressText
)
