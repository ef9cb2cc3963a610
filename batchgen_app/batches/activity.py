"""What the server does for an image before its first step and behind its last one, by the node that
it has come to (PROTOCOL.md, section 3).
"""

from collections.abc import Set as AbstractSet

from batchgen_app.comfy.messages import Executing, ProgressState
from batchgen_app.core.batch import Activity
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.node_types import input_names, inputs_of, node_title, node_type

LOADING = "loading"
"""The word of newer servers, whichever node it is that waits for its model."""
SAMPLING = {"steps", "positive"}
"""Inputs of a node that samples, however it is called."""


def activity_of(message: Executing | ProgressState, nodes: JsonObject) -> Activity | None:
    """What ``message`` tells about a graph; None where nothing runs. Of several nodes, one that
    loads, or else the newest.
    """
    if isinstance(message, Executing):
        return _by_type(nodes, message.node)
    running = [state for state in message.nodes if state.state == "running"]
    for state in running:
        if state.activity == LOADING:
            return Activity(phase=LOADING, node=node_title(nodes, state.node))
    return _by_type(nodes, running[-1].node) if running else None


def is_sampler(nodes: JsonObject, node_id: str) -> bool:
    """Whether the steps of this node are those that an image is made in; others count, too: files,
    tiles, frames.
    """
    return "Sampler" in node_type(nodes, node_id) or input_names(nodes, node_id) >= SAMPLING


def in_all(nodes: JsonObject, node_id: str, step: int, steps: int) -> tuple[int, int]:
    """A step of a node as one of all that the image is made in: samplers may share them, and each
    counts its own.
    """
    match inputs_of(nodes, node_id):
        case {"steps": int(whole), "start_at_step": int(first), "end_at_step": int(last)}:
            if min(last, whole) - first == steps:
                return first + step, whole
    return step, steps


def is_recalled(nodes: JsonObject, cached: AbstractSet[str]) -> bool:
    """Whether an earlier prompt has made what takes the time: all that is sampled, or without a
    sampler everything.
    """
    samplers = {node_id for node_id in nodes if is_sampler(nodes, node_id)}
    return bool(nodes) and (samplers or nodes.keys()) <= cached


def _by_type(nodes: JsonObject, node_id: str) -> Activity:
    kind, title = node_type(nodes, node_id), node_title(nodes, node_id)
    if is_sampler(nodes, node_id):
        return Activity(phase="sampling", node=title)
    # LoadImage reads a picture; "loading" is said of models.
    if "Load" in kind and "Image" not in kind:
        return Activity(phase=LOADING, node=title)
    if "TextEncode" in kind:
        return Activity(phase="encoding", node=title)
    if "Decode" in kind:
        return Activity(phase="decoding", node=title)
    return Activity(phase="saving" if kind.startswith("Save") else "working", node=title)
