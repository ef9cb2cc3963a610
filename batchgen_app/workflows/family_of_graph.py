"""To which family of models a workflow belongs: as the name of its model says, else as the nodes do
that only models of one family are used with.
"""

from collections.abc import Iterator, Mapping

from batchgen_app.core.request import Family
from batchgen_app.workflows.families import RECIPES, recipe_for
from batchgen_app.workflows.graph import NodeGraph
from batchgen_app.workflows.workflow import Workflow

_NODES: Mapping[str, Family] = {
    "CLIPTextEncodeSDXL": "sdxl",
    "CLIPTextEncodeSD3": "sd3",
    "TripleCLIPLoader": "sd3",
    "CLIPTextEncodeFlux": "flux",
    "FluxGuidance": "flux",
    "EmptyFlux2LatentImage": "flux2",
    "Flux2Scheduler": "flux2",
    "TextEncodeQwenImageEdit": "qwen-image",
    "TextEncodeQwenImageEditPlus": "qwen-image",
    "CLIPTextEncodeHiDream": "hidream",
    "QuadrupleCLIPLoader": "hidream",
}
_ENCODERS: Mapping[str, Family] = {
    "sd3": "sd3",
    "hidream": "hidream",
    **{recipe.encoder_type: recipe.family for recipe in RECIPES if recipe.encoder_type},
}
"""By what a loader of text encoders is told that they are for."""


def models_of(workflow: Workflow) -> list[str]:
    """The files that it makes its pictures with, as it names them."""
    names = (workflow.graph.read(slot, str) for slot in workflow.roles.model)
    return [name for name in names if name]


def family_of(workflow: Workflow) -> Family | None:
    """None where neither says enough."""
    recipes = map(recipe_for, models_of(workflow))
    named = (recipe.family for recipe in recipes if recipe)
    return next(named, None) or next(_by_nodes(workflow.graph), None)


def _by_nodes(graph: NodeGraph) -> Iterator[Family]:
    for node_id in graph:
        kind = graph.class_type(node_id)
        told = graph.inputs(node_id).get("type") if "CLIPLoader" in kind else None
        if isinstance(told, str) and told in _ENCODERS:
            yield _ENCODERS[told]
        elif kind in _NODES:
            yield _NODES[kind]
