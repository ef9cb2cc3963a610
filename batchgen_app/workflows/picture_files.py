"""Which pictures a graph starts from that the server does not have."""

from batchgen_app.workflows.graph import Slot
from batchgen_app.workflows.node_types import closed_choices
from batchgen_app.workflows.workflow import Workflow

BESIDE_THE_LIST = frozenset("/\\[")
"""In names of files in folders, or of other kinds than inputs: servers do not list those."""


def missing_pictures(workflow: Workflow) -> list[tuple[Slot, str]]:
    """Each place with the name of the file that stands there."""
    return [(slot, name) for slot in workflow.roles.image if (name := _missing(workflow, slot))]


def _missing(workflow: Workflow, slot: Slot) -> str:
    node_info = workflow.known.get(workflow.graph.class_type(slot.node_id)) or {}
    offered = closed_choices(node_info, slot.name)
    name = workflow.graph.read(slot, str) or ""
    is_listed = offered is None or name in offered or BESIDE_THE_LIST.intersection(name)
    return "" if is_listed else name
