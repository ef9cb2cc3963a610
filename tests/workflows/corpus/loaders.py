"""Nodes of packs that are several at once: loaders with texts and sizes, bundles."""

from typing import Any

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    PLAIN,
    node,
    sampler,
    save,
    settings_of,
    text_to_image,
)


def efficient_loader(**changes: Any) -> dict[str, Any]:
    """Checkpoint, VAE, LoRA, both texts and the latent in one."""
    inputs = {
        "ckpt_name": "dreams.safetensors", "vae_name": "Baked VAE", "clip_skip": -2,
        "lora_name": "None", "lora_model_strength": 1.0, "lora_clip_strength": 1.0,
        "positive": "a cat in a window", "negative": "blurry", "token_normalization": "none",
        "weight_interpretation": "comfy", "empty_latent_width": 512, "empty_latent_height": 768,
        "batch_size": 1,
    }  # fmt: skip
    return node("Efficient Loader", **{**inputs, **changes})


def efficient_sampler(**changes: Any) -> dict[str, Any]:
    """A sampler that decodes, too."""
    inputs = {
        "seed": 1, "steps": 20, "cfg": 7.0, "sampler_name": "euler", "scheduler": "normal",
        "denoise": 1.0, "preview_method": "auto", "vae_decode": "true", "model": ["loader", 0],
        "positive": ["loader", 1], "negative": ["loader", 2], "latent_image": ["loader", 3],
        "optional_vae": ["loader", 4],
    }  # fmt: skip
    return node("KSampler (Efficient)", **{**inputs, **changes})


EFFICIENT = {
    **settings_of("sampler"),
    "prompt": "loader.positive",
    "negativePrompt": "loader.negative",
    "model": "loader.ckpt_name",
    "vae": "loader.vae_name",
    "lora": "loader.lora_name",
    "width": "loader.empty_latent_width",
    "height": "loader.empty_latent_height",
    "latentsPerPrompt": "loader.batch_size",
    "output": "save",
}

EASY_LOADER = node(
    "easy fullLoader", ckpt_name="dreams.safetensors", config_name="Default", vae_name="Baked VAE",
    clip_skip=-2, lora_name="None", lora_model_strength=1.0, lora_clip_strength=1.0,
    resolution="width x height (custom)", empty_latent_width=512, empty_latent_height=768,
    positive="a cat in a window", positive_token_normalization="none",
    positive_weight_interpretation="comfy", negative="blurry",
    negative_token_normalization="none", negative_weight_interpretation="comfy", batch_size=1,
)  # fmt: skip
TTN_LOADER = node(
    "ttN pipeLoader_v2", ckpt_name="dreams.safetensors", config_name="Default",
    vae_name="Baked VAE", clip_skip=-1, loras="", positive="a cat in a window",
    positive_token_normalization="none", positive_weight_interpretation="comfy",
    negative="blurry", negative_token_normalization="none",
    negative_weight_interpretation="comfy", empty_latent_width=512, empty_latent_height=768,
    batch_size=1, seed=3,
)  # fmt: skip

CASES = [
    case(
        "efficient loader and sampler",
        {
            "loader": efficient_loader(), "sampler": efficient_sampler(),
            "save": save(["sampler", 5]),
        },
        EFFICIENT,
    ),
    case(
        "efficient loader whose text comes from a box",
        {
            "box": node("PrimitiveStringMultiline", value="a cat in a window"),
            "loader": efficient_loader(positive=["box", 0]),
            "sampler": efficient_sampler(),
            "save": save(["sampler", 5]),
        },
        EFFICIENT, prompt="box.value",
    ),
    case(
        "efficient, with a script for a second pass",
        {
            "loader": efficient_loader(),
            "script": node("HighRes-Fix Script", upscale_type="latent", upscale_by=1.5,
                           use_same_seed=False, seed=9, hires_steps=12, denoise=0.56,
                           iterations=1),
            "sampler": efficient_sampler(script=["script", 0]),
            "save": save(["sampler", 5]),
        },
        EFFICIENT, otherSeeds="script.seed", denoise="script.denoise",
    ),
    case(
        "efficient loader of sdxl, with a refiner",
        {
            "loader": node(
                "Eff. Loader SDXL", base_ckpt_name="sd_xl_base.safetensors", base_clip_skip=-2,
                refiner_ckpt_name="sd_xl_refiner.safetensors", refiner_clip_skip=-2,
                positive_ascore=6.0, negative_ascore=2.0, vae_name="Baked VAE",
                positive="a cat in a window", negative="blurry", token_normalization="none",
                weight_interpretation="comfy", empty_latent_width=1024, empty_latent_height=1024,
                batch_size=1),
            "sampler": node(
                "KSampler SDXL (Eff.)", noise_seed=1, steps=20, cfg=7.0, sampler_name="euler",
                scheduler="normal", start_at_step=0, refine_at_step=-1, preview_method="auto",
                vae_decode="true", sdxl_tuple=["loader", 0], latent_image=["loader", 1],
                optional_vae=["loader", 2]),
            "save": save(["sampler", 3]),
        },
        EFFICIENT, seed="sampler.noise_seed", denoise=None, lora=None,
        model="loader.base_ckpt_name",
    ),
    case(
        "easy use: full loader, pre-sampling, sampler",
        {
            "loader": EASY_LOADER,
            "pre": node("easy preSampling", pipe=["loader", 0], steps=20, cfg=8.0,
                        sampler_name="euler", scheduler="normal", denoise=1.0, seed=1),
            "sampler": node("easy kSampler", pipe=["pre", 0], image_output="Save", link_id=0,
                            save_prefix="ComfyUI"),
        },
        {**EFFICIENT, **settings_of("pre")}, output="sampler",
    ),
    case(
        "easy use, with a text and a seed of its own nodes",
        {
            "words": node("easy positive", positive="a cat in a window"),
            "no": node("easy negative", negative="blurry"),
            "dice": node("easy seed", seed=7),
            "loader": {**EASY_LOADER, "inputs": {
                **EASY_LOADER["inputs"], "positive": ["words", 0], "negative": ["no", 0]}},
            "pre": node("easy preSampling", pipe=["loader", 0], steps=20, cfg=8.0,
                        sampler_name="euler", scheduler="normal", denoise=1.0, seed=["dice", 0]),
            "sampler": node("easy kSampler", pipe=["pre", 0], image_output="Preview", link_id=0,
                            save_prefix="ComfyUI"),
            "save": save(["sampler", 1]),
        },
        {**EFFICIENT, **settings_of("pre")}, prompt="words.positive", negativePrompt="no.negative",
        seed="dice.seed",
    ),
    case(
        "easy use, with a size from a list, before which the numbers mean nothing",
        {
            "loader": {**EASY_LOADER, "inputs": {
                **EASY_LOADER["inputs"], "resolution": "512 x 768"}},
            "pre": node("easy preSampling", pipe=["loader", 0], steps=20, cfg=8.0,
                        sampler_name="euler", scheduler="normal", denoise=1.0, seed=1),
            "sampler": node("easy kSampler", pipe=["pre", 0], image_output="Save", link_id=0,
                            save_prefix="ComfyUI"),
        },
        {**EFFICIENT, **settings_of("pre")}, output="sampler", width=None, height=None,
    ),
    case(
        "easy use: settings in front of a sampler that has its own, which count",
        {
            "loader": EASY_LOADER,
            "pre": node("easy preSampling", pipe=["loader", 0], steps=20, cfg=8.0,
                        sampler_name="euler", scheduler="normal", denoise=1.0, seed=1),
            "sampler": node("easy fullkSampler", pipe=["pre", 0], steps=30, cfg=6.0,
                            sampler_name="dpmpp_2m", scheduler="karras", denoise=1.0,
                            image_output="Save", link_id=0, save_prefix="ComfyUI", seed=2),
        },
        EFFICIENT, output="sampler", otherSeeds="pre.seed",
    ),
    case(
        "tiny terra: pipe loader and pipe sampler",
        {
            "loader": TTN_LOADER,
            "sampler": node("ttN pipeKSampler_v2", pipe=["loader", 0], lora_name="None",
                            lora_strength=1.0, steps=20, cfg=7.0, sampler_name="euler",
                            scheduler="normal", image_output="Preview", save_prefix="ComfyUI",
                            file_type="png", denoise=1.0, seed=5),
            "save": save(["sampler", 8]),
        },
        EFFICIENT, lora="sampler.lora_name", seed="sampler.seed loader.seed",
    ),
    case(
        "tiny terra: a pipe sampler that could enlarge, and does not",
        {
            "loader": TTN_LOADER,
            "sampler": node("ttN pipeKSampler_v2", pipe=["loader", 0], lora_name="None",
                            lora_strength=1.0, upscale_method="None", width=1024, height=1024,
                            steps=20, cfg=7.0, sampler_name="euler", scheduler="normal",
                            image_output="Save", save_prefix="ComfyUI", file_type="png",
                            denoise=1.0, seed=5),
        },
        EFFICIENT, lora="sampler.lora_name", seed="sampler.seed loader.seed", output="sampler",
    ),
    case(
        "a bundle that is unpacked for an ordinary sampler",
        {
            "loader": EASY_LOADER,
            "out": node("easy pipeOut", pipe=["loader", 0]),
            "sampler": sampler(model=["out", 1], positive=["out", 2], negative=["out", 3],
                               latent_image=["out", 4]),
            "decode": node("VAEDecode", samples=["sampler", 0], vae=["out", 5]),
            "save": save(["decode", 0]),
        },
        EFFICIENT,
    ),
    case(
        "a bundle of the reroute pack: everything goes in and comes out",
        text_to_image(
            context=node("Context (rgthree)", model=["checkpoint", 0], clip=["checkpoint", 1],
                         vae=["checkpoint", 2], positive=["good", 0], negative=["bad", 0],
                         latent=["latent", 0]),
            sampler=sampler(model=["context", 1], positive=["context", 4],
                            negative=["context", 5], latent_image=["context", 6]),
            decode=node("VAEDecode", samples=["sampler", 0], vae=["context", 3]),
        ),
        PLAIN,
    ),
]  # fmt: skip
