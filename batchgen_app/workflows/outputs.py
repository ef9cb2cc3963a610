"""Which of several outputs is the image of a batch."""

import re

from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.typed_graph import IMAGE, TEXT, TypedGraph

_ONLY_SHOWN = re.compile(r"preview|websocket|compar|show|display|view", re.IGNORECASE)
_COMPARED = re.compile(r"compar", re.IGNORECASE)


def main_output(typed: TypedGraph, samplers: Samplers) -> tuple[str, ...]:
    """All outputs, the one furthest from the beginning first: pictures before texts, what is saved
    before what is only shown, the last of equals in the file's order.
    """
    order = {node_id: place for place, node_id in enumerate(typed.graph)}
    length = typed.graph.lengths()

    def rank(node_id: str) -> tuple[bool, bool, bool, int, int, int]:
        takes_picture = bool(typed.links_of(node_id, IMAGE)) and not _gives_only_text(
            typed, node_id
        )
        class_type = typed.graph.class_type(node_id)
        is_saved, is_one = not _ONLY_SHOWN.search(class_type), not _COMPARED.search(class_type)
        behind = samplers.behind(node_id)
        return takes_picture, is_saved, is_one, behind, length.get(node_id, 0), order[node_id]

    return tuple(sorted(typed.outputs, key=rank, reverse=True))


def _gives_only_text(typed: TypedGraph, node_id: str) -> bool:
    """Whether it looks at a picture to say what is there."""
    return set(typed.gives(node_id)) == {TEXT}
