"""What the server gets for each image of a batch: its workflow, with what differs between them."""

from datetime import datetime
from uuid import uuid4

from batchgen_app.batches.activity import is_sampler
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.prompting import PromptPlaces, for_image
from batchgen_app.workflows.seeding import SeededGraph
from batchgen_app.workflows.tokens import resolved

ANEW = "batchgen_anew"
"""An input that no node has. Servers pass it over, but take a node with another value in it for one
that they have not run yet (PROTOCOL.md, section 2).
"""


class ImageGraphs:
    """The workflow of a batch, with a place for its seed and its words. Where the batch proves a
    picture, nothing that takes time can be recalled from an earlier prompt.
    """

    def __init__(self, batch: BatchState) -> None:
        seeds = batch.understood.seeds if batch.understood else None
        self._seeded = SeededGraph.remembered(batch.workflow, seeds)
        self._batch = batch
        self._places = PromptPlaces()
        if batch.prompts:
            self._places = PromptPlaces.remembered(batch.workflow, batch.understood)

    def sent(self, image: PlannedImage, now: datetime) -> JsonObject:
        """What the server gets for an image; a batch may have grown by it since it began."""
        nodes = self.of(image, now)
        return anew(nodes, str(uuid4())) if self._batch.proves else nodes

    def of(self, image: PlannedImage, now: datetime) -> JsonObject:
        """The graph that makes an image."""
        words = self._batch.prompts[image.index - 1 :]
        nodes = for_image(self._seeded.for_seed(image.seed), self._places, words)
        return resolved(nodes, now.astimezone())


def anew(nodes: JsonObject, token: str) -> JsonObject:
    """A graph whose pictures are made once more, pixel for pixel: what samples, or without that
    everything, has a ``token`` that it never had.
    """
    samplers = [node_id for node_id in nodes if is_sampler(nodes, node_id)]
    marked = {
        node_id: {**nodes[node_id], "inputs": {**nodes[node_id].get("inputs", {}), ANEW: token}}
        for node_id in samplers or nodes
    }
    return {**nodes, **marked}


def without_token(nodes: JsonObject) -> JsonObject:
    """The same as it was before that."""
    return {node_id: _without(node) for node_id, node in nodes.items()}


def _without(node: JsonObject) -> JsonObject:
    if ANEW not in node.get("inputs", {}):
        return node
    kept = {name: value for name, value in node["inputs"].items() if name != ANEW}
    return {**node, "inputs": kept}
