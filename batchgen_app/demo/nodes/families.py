"""Nodes that newer families of models need: their encoders, schedules, guidance and latents."""

from dataclasses import replace

from batchgen_app.demo.context import Conditioning, Model, NodeContext, Sigmas
from batchgen_app.demo.files import Catalogue
from batchgen_app.demo.node_type import (
    NodeOutput,
    NodeType,
    Output,
    combo,
    decimal,
    integer,
    socket,
)
from batchgen_app.demo.nodes.images import batch, empty_latent, size
from batchgen_app.demo.nodes.sampling import MOST_STEPS

LARGEST_SIZE = 16384


def _encoders(catalogue: Catalogue) -> list[str]:
    return catalogue.models("text_encoders")


async def _load_clips(_: NodeContext, clip_name1: str, **others: str) -> NodeOutput:
    return NodeOutput((Model(clip_name1, tuple(others.values())),))


async def _guide(_: NodeContext, conditioning: Conditioning, guidance: float) -> NodeOutput:
    return NodeOutput((conditioning,))


async def _shift(_: NodeContext, model: Model, shift: float) -> NodeOutput:
    return NodeOutput((replace(model),))


async def _flux2_schedule(_: NodeContext, steps: int, width: int, height: int) -> NodeOutput:
    return NodeOutput((Sigmas(steps, "simple"),))


def _clip_loader(name: str, count: int) -> NodeType:
    names = [f"clip_name{number}" for number in range(1, count + 1)]
    return NodeType(
        name=name,
        run=_load_clips,
        required={n: combo(_encoders, new_style=True, multiselect=False) for n in names},
        outputs=(Output("CLIP"),),
        category="model/loaders",
        python_module="comfy_extras.nodes_hidream" if count > 3 else "comfy_extras.nodes_sd3",
        new_style=True,
    )


def _model_sampling(name: str, shift: float) -> NodeType:
    return NodeType(
        name=name,
        run=_shift,
        required={"model": socket("MODEL"), "shift": decimal(shift, 0.0, 100.0, step=0.01)},
        outputs=(Output("MODEL"),),
        category="model/patch",
        python_module="comfy_extras.nodes_model_advanced",
    )


FAMILY_NODES = (
    _clip_loader("TripleCLIPLoader", 3),
    _clip_loader("QuadrupleCLIPLoader", 4),
    _model_sampling("ModelSamplingSD3", 3.0),
    _model_sampling("ModelSamplingAuraFlow", 1.73),
    NodeType(
        name="FluxGuidance",
        run=_guide,
        required={
            "conditioning": socket("CONDITIONING"),
            "guidance": decimal(3.5, 0.0, 100.0, step=0.1),
        },
        outputs=(Output("CONDITIONING"),),
        category="model/conditioning/flux",
        python_module="comfy_extras.nodes_flux",
        new_style=True,
    ),
    NodeType(
        name="EmptyFlux2LatentImage",
        run=empty_latent,
        required={
            "width": size(1024, 16, 16),
            "height": size(1024, 16, 16),
            "batch_size": batch(),
        },
        outputs=(Output("LATENT"),),
        category="model/latent/flux",
        python_module="comfy_extras.nodes_flux",
        new_style=True,
    ),
    NodeType(
        name="Flux2Scheduler",
        run=_flux2_schedule,
        required={
            "steps": integer(20, 1, MOST_STEPS),
            "width": integer(1024, 16, LARGEST_SIZE),
            "height": integer(1024, 16, LARGEST_SIZE),
        },
        outputs=(Output("SIGMAS"),),
        category="model/sampling/schedulers",
        python_module="comfy_extras.nodes_flux",
        new_style=True,
    ),
)
