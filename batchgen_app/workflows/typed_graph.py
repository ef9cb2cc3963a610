"""A graph with what the server tells about its nodes. Where it tells nothing, the name of an input
says what it most likely is.
"""

import re
from collections.abc import Mapping

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import Link, NodeGraph
from batchgen_app.workflows.node_types import InputType, NodeTypes, input_type, output_kind

ANY = "*"
CONDITIONING, GUIDER, LATENT, IMAGE = "CONDITIONING", "GUIDER", "LATENT", "IMAGE"
MODEL, PIPE, OTHER = "MODEL", "PIPE", "OTHER"
TEXT, WHOLE, NUMBER, YES_NO, CHOICE = "STRING", "INT", "FLOAT", "BOOLEAN", "COMBO"

_KIND_BY_NAME = (
    (re.compile(r"(positive|negative|pos|neg|conditioning|cond)(_?(cond|conditioning))?"
                r"(_?(to|from|\d+))?"), CONDITIONING),
    (re.compile(r"guider"), GUIDER),
    (re.compile(r"(latent|samples|latent_image)(_?\d+)?"), LATENT),
    (re.compile(r"(model|unet)(_?\d+|_opt)?"), MODEL),
    (re.compile(r"(image|images|pixels)(_?\d+)?"), IMAGE),
    (re.compile(r"(start_|end_)?(clip|vae|noise|sigmas|sampler|mask|control_net|clip_vision|"
                r"clip_vision_output|style_model)(_?\d+|_name)?"), OTHER),
    (re.compile(r".*pipe.*"), PIPE),
)  # fmt: skip
"""What links most likely carry, by the whole name of the input that they lead into."""
_GIVES = re.compile(r"save|preview|output|combine|show|display|export|upload", re.IGNORECASE)
"""Types of nodes that are most likely run for their own sake."""
_KIND_BY_VALUE: Mapping[type, str] = {bool: YES_NO, int: WHOLE, float: NUMBER, str: TEXT}


class TypedGraph:
    """A view of a graph; it changes nothing."""

    def __init__(self, graph: NodeGraph, known: NodeTypes) -> None:
        self.graph = graph
        self._known = known
        self.live = graph.upstream(self.outputs() or graph.ends())
        """Every node that an output depends on, nearest first; where none is one, all that anything
        leads to.
        """

    def told(self, node_id: str) -> JsonObject:
        """What the server tells about the node's type; empty where that is nothing."""
        return self._known.get(self.graph.class_type(node_id)) or {}

    def declared(self, node_id: str, name: str) -> InputType:
        """What is told about an input."""
        return input_type(self.told(node_id), name)

    def kind(self, node_id: str, name: str) -> str:
        """What an input takes, as far as one can know; "" where one cannot."""
        declared = self.declared(node_id, name).kind
        if declared and declared != ANY:
            return PIPE if "PIPE" in declared else declared
        if link := self.graph.link(node_id, name):
            given = output_kind(self.told(link.node_id), link.slot)
            return PIPE if "PIPE" in given else given.replace(ANY, "") or _by_name(name)
        return _KIND_BY_VALUE.get(type(self.graph.inputs(node_id).get(name)), "")

    def links_of(self, node_id: str, *kinds: str) -> dict[str, Link]:
        """The links into a node that carry one of ``kinds``, by input name."""
        links = self.graph.links(node_id)
        return {name: link for name, link in links.items() if self.kind(node_id, name) in kinds}

    def outputs(self) -> list[str]:
        """The nodes for whose sake the server runs the graph, in the file's order."""
        told = {n for n in self.graph if self.told(n).get("output_node") is True}
        untold = [n for n in self.graph.ends() if not self.told(n)]
        called = [n for n in untold if _GIVES.search(self.graph.class_type(n))]
        chosen = told.union(called or ([] if told else untold))
        return [node_id for node_id in self.graph if node_id in chosen]


def _by_name(name: str) -> str:
    lower = name.lower()
    return next((kind for pattern, kind in _KIND_BY_NAME if pattern.fullmatch(lower)), "")
