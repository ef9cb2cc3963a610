"""Detailers and upscalers, which are samplers, too, by themselves or with a bundle."""

from typing import Any

from tests.workflows.corpus.case import case
from tests.workflows.corpus.loaders import EFFICIENT, efficient_loader, efficient_sampler
from tests.workflows.corpus.parts import (
    PLAIN,
    decoded,
    encoder,
    node,
    photo,
    sampler,
    save,
    settings_of,
    text_to_image,
)


def and_also(node_id: str) -> dict[str, str]:
    """The settings of ``sampler`` and of this node, which changes a part of what that made."""
    own, other = settings_of("sampler"), settings_of(node_id)
    return {**{role: f"{own[role]} {other[role]}" for role in own}, "denoise": other["denoise"]}


BOXES = {"bbox": node("UltralyticsDetectorProvider", model_name="bbox/face_yolov8m.pt")}
DETAILER: dict[str, Any] = {
    "image": ["decode", 0], "guide_size": 512.0, "guide_size_for": True, "max_size": 1024.0,
    "seed": 4, "steps": 20, "cfg": 8.0, "sampler_name": "euler", "scheduler": "normal",
    "denoise": 0.5, "feather": 5, "noise_mask": True, "force_inpaint": True, "wildcard": "",
    "cycle": 1,
}  # fmt: skip
PARTS: dict[str, Any] = {
    "model": ["checkpoint", 0], "clip": ["checkpoint", 1], "vae": ["checkpoint", 2],
    "positive": ["good", 0], "negative": ["bad", 0],
}  # fmt: skip

CASES = [
    case(
        "a face detailer behind the sampler",
        text_to_image(
            **BOXES,
            face=node("FaceDetailer", **DETAILER, **PARTS, bbox_detector=["bbox", 0],
                      bbox_threshold=0.5, bbox_dilation=10, bbox_crop_factor=3.0, drop_size=10),
            save=save(["face", 0]),
        ),
        {**PLAIN, **and_also("face")},
    ),
    case(
        "a face detailer as the only sampler",
        {
            "checkpoint": node("CheckpointLoaderSimple", ckpt_name="dreams.safetensors"),
            "photo": photo(), "good": encoder("a face, detailed skin"), "bad": encoder("blurry"),
            **BOXES,
            "sampler": node("FaceDetailer", **{**DETAILER, "image": ["photo", 0]}, **PARTS,
                            bbox_detector=["bbox", 0]),
            "save": save(["sampler", 0]),
        },
        PLAIN, width=None, height=None, latentsPerPrompt=None, image="photo.image",
    ),
    case(
        "a face detailer with words of its own",
        text_to_image(
            **BOXES, skin=encoder("detailed skin, freckles"),
            face=node("FaceDetailer", **DETAILER, **{**PARTS, "positive": ["skin", 0]},
                      bbox_detector=["bbox", 0]),
            save=save(["face", 0]),
        ),
        {**PLAIN, **and_also("face")}, prompt=None, asks={"prompt": "good.text skin.text"},
    ),
    case(
        "a face detailer that gets a bundle",
        text_to_image(
            **BOXES,
            basic=node("ToBasicPipe", **PARTS),
            pipe=node("BasicPipeToDetailerPipe", basic_pipe=["basic", 0], wildcard="",
                      bbox_detector=["bbox", 0]),
            face=node("FaceDetailerPipe", **DETAILER, detailer_pipe=["pipe", 0]),
            save=save(["face", 0]),
        ),
        {**PLAIN, **and_also("face")},
    ),
    case(
        "a detailer for each thing that was found",
        text_to_image(
            **BOXES,
            found=node("BboxDetectorSEGS", bbox_detector=["bbox", 0], image=["decode", 0],
                       threshold=0.5, dilation=10, crop_factor=3.0, drop_size=10, labels="all"),
            face=node("DetailerForEach", **DETAILER, **PARTS, segs=["found", 0]),
            save=save(["face", 0]),
        ),
        {**PLAIN, **and_also("face")},
    ),
    case(
        "a detailer for each thing, with a bundle",
        text_to_image(
            **BOXES,
            found=node("BboxDetectorSEGS", bbox_detector=["bbox", 0], image=["decode", 0],
                       threshold=0.5, dilation=10, crop_factor=3.0, drop_size=10, labels="all"),
            basic=node("ToBasicPipe", **PARTS),
            face=node("DetailerForEachPipe", **DETAILER, segs=["found", 0],
                      basic_pipe=["basic", 0]),
            save=save(["face", 0]),
        ),
        {**PLAIN, **and_also("face")},
    ),
    case(
        "the sampler, too, gets the bundle",
        text_to_image(
            basic=node("ToBasicPipe", **PARTS),
            sampler=node("ImpactKSamplerBasicPipe", basic_pipe=["basic", 0], seed=1, steps=20,
                         cfg=8.0, sampler_name="euler", scheduler="normal",
                         latent_image=["latent", 0], denoise=1.0),
            decode=decoded(["sampler", 1]),
        ),
        PLAIN,
    ),
    case(
        "one seed for the sampler and the detailer",
        text_to_image(
            **BOXES,
            dice=node("Seed (rgthree)", seed=-1),
            sampler=sampler(seed=["dice", 0]),
            face=node("FaceDetailer", **{**DETAILER, "seed": ["dice", 0]}, **PARTS,
                      bbox_detector=["bbox", 0]),
            save=save(["face", 0]),
        ),
        {**PLAIN, **and_also("face")}, seed="dice.seed",
    ),
    case(
        "one seed for the sampler and for what is no sampler",
        text_to_image(
            dice=node("Seed (rgthree)", seed=-1),
            sampler=sampler(seed=["dice", 0]),
            grain=node("FilmGrain", image=["decode", 0], seed=["dice", 0], strength=0.2, scale=1.0),
            save=save(["grain", 0]),
        ),
        PLAIN, seed="dice.seed",
    ),
    case(
        "a detailer that only uses the words of the sampler's node",
        {
            "loader": efficient_loader(),
            "sampler": efficient_sampler(),
            **BOXES,
            "face": node("FaceDetailer", **{**DETAILER, "image": ["sampler", 5]},
                         model=["sampler", 0], positive=["sampler", 1], negative=["sampler", 2],
                         vae=["sampler", 4], clip=["loader", 5], bbox_detector=["bbox", 0]),
            "save": save(["face", 0]),
        },
        {**EFFICIENT, **and_also("face")},
    ),
    case(
        "supir: an upscaler with words",
        {
            "photo": photo(),
            "loader": node("SUPIR_model_loader_v2", model=["checkpoint", 0],
                           clip=["checkpoint", 1], vae=["checkpoint", 2],
                           supir_model="SUPIR-v0Q_fp16.safetensors", fp8_unet=False),
            "checkpoint": node("CheckpointLoaderSimple", ckpt_name="juggernaut.safetensors"),
            "latent": node("SUPIR_encode", SUPIR_VAE=["loader", 1], image=["photo", 0],
                           use_tiled_vae=True, encoder_tile_size=512),
            "words": node("SUPIR_conditioner", SUPIR_model=["loader", 0], latents=["latent", 0],
                          positive_prompt="high quality, detailed", negative_prompt="bad quality"),
            "sampler": node("SUPIR_sample", SUPIR_model=["loader", 0], latents=["latent", 0],
                            positive=["words", 0], negative=["words", 1], seed=1, steps=45,
                            cfg_scale_start=4.0, cfg_scale_end=4.0, EDM_s_churn=5, s_noise=1.0,
                            sampler="RestoreEDMSampler", control_scale_start=1.0),
            "decode": node("SUPIR_decode", SUPIR_VAE=["loader", 1], latents=["sampler", 0]),
            "save": save(["decode", 0]),
        },
        prompt="words.positive_prompt", negativePrompt="words.negative_prompt",
        seed="sampler.seed", steps="sampler.steps", image="photo.image", output="save",
        model="checkpoint.ckpt_name",
    ),
]  # fmt: skip
