"""Stable Diffusion 1.5, XL and 3.5, in the shapes of the official examples."""

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    MODEL_ONLY,
    PLAIN,
    encoder,
    model_only,
    node,
    sampler,
    text_to_image,
)
from tests.workflows.graphs import base_and_refiner, renamed

SD3_TEXTS = {"clip_l": "a lighthouse", "clip_g": "a lighthouse", "t5xxl": "a lighthouse"}
THREE_CLIPS = node(
    "TripleCLIPLoader", clip_name1="clip_g.safetensors", clip_name2="clip_l.safetensors",
    clip_name3="t5xxl.safetensors",
)  # fmt: skip
BLANKLESS = {node_id: node_id.split()[0] for node_id in [*base_and_refiner(), "checkpoint"]}


def sdxl_texts(text: str) -> dict[str, object]:
    """Two texts of one encoder, with its sizes."""
    sizes = {"width": 1024, "height": 1024, "target_width": 1024, "target_height": 1024}
    return {"text_g": text, "text_l": text, "crop_w": 0, "crop_h": 0, **sizes}


CASES = [
    case("sd15", text_to_image(), PLAIN),
    case(
        "sd15 with a VAE of its own and clip skip",
        text_to_image(
            vae=node("VAELoader", vae_name="vae-ft-mse.safetensors"),
            skip=node("CLIPSetLastLayer", clip=["checkpoint", 1], stop_at_clip_layer=-2),
            good=encoder("a portrait of a baker", ["skip", 0]),
            bad=encoder("deformed", ["skip", 0]),
            decode=node("VAEDecode", samples=["sampler", 0], vae=["vae", 0]),
        ),
        PLAIN,
        vae="vae.vae_name",
    ),
    case(
        "sdxl with two texts in each encoder",
        text_to_image(
            good=node("CLIPTextEncodeSDXL", clip=["checkpoint", 1], **sdxl_texts("a red barn")),
            bad=node("CLIPTextEncodeSDXL", clip=["checkpoint", 1], **sdxl_texts("blurry")),
        ),
        PLAIN,
        prompt="good.text_g good.text_l",
        negativePrompt="bad.text_g bad.text_l",
    ),
    case(
        "sdxl base and refiner",
        renamed(base_and_refiner(), BLANKLESS),
        {
            "prompt": "10.text_g 10.text_l 12.text",
            "negativePrompt": "11.text_g 11.text_l 13.text",
            "seed": "first.noise_seed second.noise_seed",
            "steps": "first.steps second.steps",
            "cfg": "first.cfg second.cfg",
            "samplerName": "first.sampler_name second.sampler_name",
            "scheduler": "first.scheduler second.scheduler",
            "width": "latent.width",
            "height": "latent.height",
            "latentsPerPrompt": "latent.batch_size",
            "model": "base.ckpt_name",
            "output": "save",
        },
    ),
    case(
        "sdxl turbo",
        text_to_image(
            solver=node("KSamplerSelect", sampler_name="euler_ancestral"),
            sigmas=node("SDTurboScheduler", model=["checkpoint", 0], steps=1, denoise=1.0),
            sampler=node(
                "SamplerCustom", model=["checkpoint", 0], add_noise=True, noise_seed=3, cfg=1.0,
                positive=["good", 0], negative=["bad", 0], sampler=["solver", 0],
                sigmas=["sigmas", 0], latent_image=["latent", 0],
            ),
        ),
        PLAIN,
        seed="sampler.noise_seed", steps="sigmas.steps", denoise="sigmas.denoise",
        samplerName="solver.sampler_name", scheduler=None,
    ),
    case(
        "sd35 with three encoders in one checkpoint",
        text_to_image(latent=node("EmptySD3LatentImage", width=1024, height=1024, batch_size=1)),
        PLAIN,
    ),
    case(
        "sd35 with a negative that fades",
        text_to_image(
            clip=THREE_CLIPS,
            good=encoder("a lighthouse", ["clip", 0]),
            bad=encoder("", ["clip", 0]),
            zero=node("ConditioningZeroOut", conditioning=["bad", 0]),
            early=node("ConditioningSetTimestepRange", conditioning=["bad", 0], start=0.0, end=0.1),
            late=node("ConditioningSetTimestepRange", conditioning=["zero", 0], start=0.1, end=1.0),
            both=node("ConditioningCombine", conditioning_1=["late", 0],
                      conditioning_2=["early", 0]),
            shift=node("ModelSamplingSD3", model=["checkpoint", 0], shift=3.0),
            latent=node("EmptySD3LatentImage", width=1024, height=1024, batch_size=1),
            sampler=sampler(model=["shift", 0], negative=["both", 0]),
        ),
        PLAIN,
        textEncoder="clip.clip_name1 clip.clip_name2 clip.clip_name3",
    ),
    case(
        "sd35 with a text for each encoder",
        text_to_image(good=node("CLIPTextEncodeSD3", clip=["checkpoint", 1], **SD3_TEXTS)),
        PLAIN,
        prompt="good.clip_l good.clip_g good.t5xxl",
    ),
    case(
        "sd35 large as a diffusion model",
        model_only(
            "sd3.5_large.safetensors",
            THREE_CLIPS,
            shift=node("ModelSamplingSD3", model=["unet", 0], shift=3.0),
            sampler=sampler(model=["shift", 0]),
        ),
        MODEL_ONLY,
        textEncoder="clip.clip_name1 clip.clip_name2 clip.clip_name3",
    ),
]  # fmt: skip
