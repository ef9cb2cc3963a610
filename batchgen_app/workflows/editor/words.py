"""What people read about a file of ComfyUI's editor."""

from batchgen_app.core.limits import MAX_GRAPH_NODES
from batchgen_app.language.message import later

NOT_READABLE = later(
    "This looks like a workflow of ComfyUI's editor, but a part of it cannot be read: {part}. "
    "Open it in ComfyUI and save it again."
)
TOO_MANY_NODES = later(
    "With all its subgraphs the workflow has more than {count} nodes, which is more than BatchGen "
    "can take. Split it into smaller ones.",
    count=MAX_GRAPH_NODES,
)
CONTAINS_ITSELF = later(
    "The subgraph {node} contains itself. Open the workflow in ComfyUI and take it out there."
)
MISSING_NODE = later(
    "ComfyUI does not know the node {node}. Install what brings it, or mute the node and save the "
    "workflow again."
)
OLD_GROUP = later(
    "{node} is a group node of the kind that ComfyUI had before subgraphs. Open the workflow in "
    "ComfyUI, turn it into nodes again (in its menu), and save it."
)
UNKNOWN_VALUES = later(
    "Nobody tells which of its inputs the values of {node} are for. Connect to the ComfyUI server "
    'that has this node, or choose "Export (API)" in ComfyUI and use that file.'
)
NOTHING_ACTIVE = later("In this workflow no node is active: all are muted, bypassed, or notes.")
