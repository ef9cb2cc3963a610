"""The custom sampling family: noise, sampler, sigmas and guider as nodes of their own."""

from dataclasses import replace

from batchgen_app.demo.context import Conditioning, Guider, Latent, Model, NodeContext, Sigmas
from batchgen_app.demo.files import Catalogue
from batchgen_app.demo.node_type import (
    NodeOutput,
    NodeType,
    Output,
    combo,
    decimal,
    integer,
    seed,
    socket,
)
from batchgen_app.demo.nodes.sampling import MOST_STEPS, walk_steps
from batchgen_app.demo.painting.painter import Motif

MODULE = "comfy_extras.nodes_custom_sampler"


async def _random_noise(_: NodeContext, noise_seed: int) -> NodeOutput:
    return NodeOutput((noise_seed,))


async def _select_sampler(_: NodeContext, sampler_name: str) -> NodeOutput:
    return NodeOutput((sampler_name,))


async def _basic_scheduler(
    _: NodeContext,
    model: Model,
    scheduler: str,
    steps: int,
    denoise: float,
) -> NodeOutput:
    return NodeOutput((Sigmas(steps if denoise > 0 else 0, scheduler, denoise),))


async def _split_sigmas(_: NodeContext, sigmas: Sigmas, denoise: float) -> NodeOutput:
    """What comes before the last share of the steps, and those."""
    last = round(sigmas.steps * denoise)
    before = replace(sigmas, steps=sigmas.steps - last)
    return NodeOutput((before, replace(sigmas, steps=last, denoise=denoise)))


async def _cfg_guider(
    _: NodeContext, model: Model, positive: Conditioning, negative: Conditioning, cfg: float
) -> NodeOutput:
    return NodeOutput((Guider(model, positive, negative, cfg),))


async def _basic_guider(_: NodeContext, model: Model, conditioning: Conditioning) -> NodeOutput:
    return NodeOutput((Guider(model, conditioning, Conditioning(), 1.0),))


async def _sample(
    context: NodeContext,
    *,
    noise: int,
    guider: Guider,
    sampler: str,
    sigmas: Sigmas,
    latent_image: Latent,
) -> NodeOutput:
    motif = Motif(
        prompt=guider.positive.text,
        negative=guider.negative.text,
        seed=noise,
        steps=sigmas.steps,
        cfg=guider.cfg,
        sampler_name=sampler,
        scheduler=sigmas.scheduler,
        model=str(guider.model),
    )
    latent = await walk_steps(
        context, motif, latent_image, first=0, last=sigmas.steps, denoise=sigmas.denoise
    )
    return NodeOutput((latent, latent))


CUSTOM_SAMPLERS = (
    NodeType(
        name="RandomNoise",
        run=_random_noise,
        required={"noise_seed": seed()},
        outputs=(Output("NOISE"),),
        category="model/sampling/noise",
        python_module=MODULE,
        new_style=True,
    ),
    NodeType(
        name="KSamplerSelect",
        run=_select_sampler,
        required={"sampler_name": combo(Catalogue.samplers, new_style=True, multiselect=False)},
        outputs=(Output("SAMPLER"),),
        category="model/sampling/samplers",
        python_module=MODULE,
        new_style=True,
    ),
    NodeType(
        name="BasicScheduler",
        run=_basic_scheduler,
        required={
            "model": socket("MODEL"),
            "scheduler": combo(Catalogue.schedulers, new_style=True, multiselect=False),
            "steps": integer(20, 1, MOST_STEPS),
            "denoise": decimal(1.0, 0.0, 1.0, step=0.01),
        },
        outputs=(Output("SIGMAS"),),
        category="model/sampling/schedulers",
        python_module=MODULE,
        new_style=True,
    ),
    NodeType(
        name="SplitSigmasDenoise",
        run=_split_sigmas,
        required={
            "sigmas": socket("SIGMAS"),
            "denoise": decimal(1.0, 0.0, 1.0, step=0.01),
        },
        outputs=(
            Output("SIGMAS", name="high_sigmas"),
            Output("SIGMAS", name="low_sigmas"),
        ),
        category="model/sampling/sigmas",
        python_module=MODULE,
        new_style=True,
    ),
    NodeType(
        name="CFGGuider",
        run=_cfg_guider,
        required={
            "model": socket("MODEL"),
            "positive": socket("CONDITIONING"),
            "negative": socket("CONDITIONING"),
            "cfg": decimal(8.0, 0.0, 100.0, step=0.1, round=0.01),
        },
        outputs=(Output("GUIDER"),),
        category="model/sampling/guiders",
        display_name="CFG Guider",
        python_module=MODULE,
        new_style=True,
    ),
    NodeType(
        name="BasicGuider",
        run=_basic_guider,
        required={"model": socket("MODEL"), "conditioning": socket("CONDITIONING")},
        outputs=(Output("GUIDER"),),
        category="model/sampling/guiders",
        display_name="Basic Guider",
        python_module=MODULE,
        new_style=True,
    ),
    NodeType(
        name="SamplerCustomAdvanced",
        run=_sample,
        required={
            "noise": socket("NOISE"),
            "guider": socket("GUIDER"),
            "sampler": socket("SAMPLER"),
            "sigmas": socket("SIGMAS"),
            "latent_image": socket("LATENT"),
        },
        outputs=(Output("LATENT", name="output"), Output("LATENT", name="denoised_output")),
        category="model/sampling/custom",
        python_module=MODULE,
        new_style=True,
    ),
)
