"""What the server does for an image before its first step and behind its last one, by the node that
it has come to (PROTOCOL.md, section 3).
"""

from batchgen_app.comfy.labels import node_title, node_type
from batchgen_app.comfy.messages import Executing, ProgressState
from batchgen_app.core.batch import Activity
from batchgen_app.core.wire import JsonObject

LOADING = "loading"
"""The word of newer servers, whichever node it is that waits for its model."""


def activity_of(message: Executing | ProgressState, nodes: JsonObject) -> Activity | None:
    """What ``message`` tells about a graph; None where it is nothing new."""
    match message:
        case Executing(node=node):
            return _by_type(nodes, node)
        case ProgressState(nodes=states):
            for state in states:
                if state.state == "running" and state.activity == LOADING:
                    return Activity(phase=LOADING, node=node_title(nodes, state.node))
    return None


def _by_type(nodes: JsonObject, node_id: str) -> Activity:
    kind, title = node_type(nodes, node_id), node_title(nodes, node_id)
    if "Sampler" in kind:
        return Activity(phase="sampling", node=title)
    if "Load" in kind and "Image" not in kind:
        return Activity(phase=LOADING, node=title)
    if "TextEncode" in kind:
        return Activity(phase="encoding", node=title)
    if "Decode" in kind:
        return Activity(phase="decoding", node=title)
    return Activity(phase="saving" if kind.startswith("Save") else "working", node=title)
