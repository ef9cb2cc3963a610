"""Nodes that sample: they walk the steps and say what the picture is to show."""

from dataclasses import replace
from functools import partial

from batchgen_app.demo.context import Conditioning, Latent, Model, NodeContext
from batchgen_app.demo.files import Catalogue
from batchgen_app.demo.node_type import (
    Input,
    NodeOutput,
    NodeType,
    Output,
    combo,
    decimal,
    integer,
    seed,
    socket,
)
from batchgen_app.demo.painting.painter import Motif

MOST_STEPS = 10000
NO_DENOISING = 0.0


async def walk_steps(
    context: NodeContext,
    motif: Motif,
    latent: Latent,
    *,
    first: int,
    last: int,
    denoise: float = 1.0,
) -> Latent:
    """Samples from step `first` to step `last`, with a preview after each."""
    preview = context.bench.settings.easel.previews(motif, latent.width, latent.height)
    for step in range(first + 1, last + 1):
        await context.step(step - first, last - first, partial(preview, step / last))
    return replace(latent, motif=motif, denoise=denoise)


async def _ksampler(
    context: NodeContext,
    *,
    model: Model,
    seed: int,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Conditioning,
    negative: Conditioning,
    latent_image: Latent,
    denoise: float,
) -> NodeOutput:
    if denoise == NO_DENOISING:
        return NodeOutput((latent_image,))
    motif = Motif(
        prompt=positive.text,
        negative=negative.text,
        seed=seed,
        steps=steps,
        cfg=cfg,
        sampler_name=sampler_name,
        scheduler=scheduler,
        model=str(model),
    )
    walked = await walk_steps(context, motif, latent_image, first=0, last=steps, denoise=denoise)
    return NodeOutput((walked,))


async def _ksampler_advanced(
    context: NodeContext,
    *,
    model: Model,
    noise_seed: int,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Conditioning,
    negative: Conditioning,
    latent_image: Latent,
    start_at_step: int,
    end_at_step: int,
    **_switches: str,
) -> NodeOutput:
    motif = Motif(
        prompt=positive.text,
        negative=negative.text,
        seed=noise_seed,
        steps=steps,
        cfg=cfg,
        sampler_name=sampler_name,
        scheduler=scheduler,
        model=str(model),
    )
    last = min(steps, end_at_step)
    first = min(start_at_step, last)
    return NodeOutput((await walk_steps(context, motif, latent_image, first=first, last=last),))


def _switch(*, on: bool = True) -> Input:
    def values(_: Catalogue) -> list[str]:
        return ["enable", "disable"] if on else ["disable", "enable"]

    return combo(values, advanced=True)


MODEL = socket("MODEL", "The model used for denoising the input latent.")
STEPS = integer(20, 1, MOST_STEPS, tooltip="The number of steps used in the denoising process.")
CFG = decimal(
    8.0,
    0.0,
    100.0,
    step=0.1,
    round=0.01,
    tooltip=(
        "The Classifier-Free Guidance scale balances creativity and adherence to the prompt. "
        "Higher values result in images more closely matching the prompt however too high values "
        "will negatively impact quality."
    ),
)
SAMPLER = combo(
    Catalogue.samplers,
    tooltip=(
        "The algorithm used when sampling, this can affect the quality, speed, and style of the "
        "generated output."
    ),
)
SCHEDULER = combo(
    Catalogue.schedulers,
    tooltip="The scheduler controls how noise is gradually removed to form the image.",
)
POSITIVE = socket(
    "CONDITIONING",
    "The conditioning describing the attributes you want to include in the image.",
)
NEGATIVE = socket(
    "CONDITIONING",
    "The conditioning describing the attributes you want to exclude from the image.",
)
LATENT = socket("LATENT", "The latent image to denoise.")

SAMPLERS = (
    NodeType(
        name="KSampler",
        run=_ksampler,
        required={
            "model": MODEL,
            "seed": seed(tooltip="The random seed used for creating the noise."),
            "steps": STEPS,
            "cfg": CFG,
            "sampler_name": SAMPLER,
            "scheduler": SCHEDULER,
            "positive": POSITIVE,
            "negative": NEGATIVE,
            "latent_image": LATENT,
            "denoise": decimal(
                1.0,
                0.0,
                1.0,
                step=0.01,
                tooltip=(
                    "The amount of denoising applied, lower values will maintain the structure of "
                    "the initial image allowing for image to image sampling."
                ),
            ),
        },
        outputs=(Output("LATENT", "The denoised latent."),),
        category="model/sampling",
        description=(
            "Uses the provided model, positive and negative conditioning to denoise the latent "
            "image."
        ),
    ),
    NodeType(
        name="KSamplerAdvanced",
        run=_ksampler_advanced,
        required={
            "model": socket("MODEL"),
            "add_noise": _switch(),
            "noise_seed": seed(),
            "steps": integer(20, 1, MOST_STEPS),
            "cfg": decimal(8.0, 0.0, 100.0, step=0.1, round=0.01),
            "sampler_name": combo(Catalogue.samplers),
            "scheduler": combo(Catalogue.schedulers),
            "positive": socket("CONDITIONING"),
            "negative": socket("CONDITIONING"),
            "latent_image": socket("LATENT"),
            "start_at_step": integer(0, 0, MOST_STEPS, advanced=True),
            "end_at_step": integer(MOST_STEPS, 0, MOST_STEPS, advanced=True),
            "return_with_leftover_noise": _switch(on=False),
        },
        outputs=(Output("LATENT"),),
        category="model/sampling",
        display_name="KSampler (Advanced)",
    ),
)
