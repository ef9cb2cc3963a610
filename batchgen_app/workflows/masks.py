"""Where what is transparent in a picture is a mask."""

from collections.abc import Iterator

from batchgen_app.workflows.graph import Slot
from batchgen_app.workflows.typed_graph import TypedGraph
from batchgen_app.workflows.workflow import Workflow

MASK = "MASK"
USUAL = {"LoadImage": ["IMAGE", MASK], "LoadImageMask": [MASK]}
"""What these nodes give, where no server tells it."""
ALPHA = "alpha"


def masks_by_alpha(workflow: Workflow) -> frozenset[Slot]:
    """The places of pictures whose transparent parts something goes by."""
    typed = TypedGraph(workflow.graph, workflow.known)
    return frozenset(slot for slot in workflow.roles.image if _is_used(typed, slot))


def _is_used(typed: TypedGraph, slot: Slot) -> bool:
    # One that can be told to take a colour for the mask does so.
    if typed.graph.inputs(slot.node_id).get("channel", ALPHA) != ALPHA:
        return False
    masks = set(_masks(typed, slot.node_id))
    links = (link for node_id in typed.live for link in typed.graph.links(node_id).values())
    return any(link.node_id == slot.node_id and link.slot in masks for link in links)


def _masks(typed: TypedGraph, node_id: str) -> Iterator[int]:
    gives = typed.gives(node_id) or USUAL.get(typed.graph.class_type(node_id), [])
    return (number for number, kind in enumerate(gives) if kind == MASK)
