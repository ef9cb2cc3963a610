"""Graphs whose samplers stand one behind another."""

from typing import Any

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    NO_SIZE,
    PLAIN,
    decoded,
    encoded,
    encoder,
    node,
    photo,
    sampler,
    save,
    settings_of,
    text_to_image,
)


def both(*node_ids: str) -> dict[str, str]:
    """The settings of several samplers; how much is changed is that of the last."""
    each = [settings_of(node_id) for node_id in node_ids]
    roles = {role: " ".join(one[role] for one in each) for role in each[0]}
    return {**roles, "denoise": each[-1]["denoise"]}


def window(latent: list[Any], start: int, end: int, **changes: Any) -> dict[str, Any]:
    """A sampler that does some of the steps."""
    inputs = {
        "add_noise": "enable", "noise_seed": 5, "steps": 25, "cfg": 7.0, "sampler_name": "euler",
        "scheduler": "normal", "start_at_step": start, "end_at_step": end,
        "return_with_leftover_noise": "enable", "model": ["checkpoint", 0],
        "positive": ["good", 0], "negative": ["bad", 0], "latent_image": latent,
    }  # fmt: skip
    return node("KSamplerAdvanced", **{**inputs, **changes})


def of_windows(*node_ids: str) -> dict[str, str | None]:
    """The settings of such samplers."""
    names = {"seed": "noise_seed", "samplerName": "sampler_name"}
    roles = ("seed", "steps", "cfg", "samplerName", "scheduler")
    found = {role: " ".join(f"{n}.{names.get(role, role)}" for n in node_ids) for role in roles}
    return {**found, "denoise": None}


CASES = [
    case(
        "hires: a second pass on a larger latent",
        text_to_image(
            larger=node("LatentUpscale", samples=["sampler", 0], upscale_method="bislerp",
                        width=1024, height=1024, crop="disabled"),
            again=sampler(latent_image=["larger", 0], steps=14, denoise=0.5),
            decode=decoded(["again", 0]),
        ),
        {**PLAIN, **both("sampler", "again")},
    ),
    case(
        "hires: by a factor",
        text_to_image(
            larger=node("LatentUpscaleBy", samples=["sampler", 0], upscale_method="nearest-exact",
                        scale_by=1.5),
            again=sampler(latent_image=["larger", 0], denoise=0.5),
            decode=decoded(["again", 0]),
        ),
        {**PLAIN, **both("sampler", "again")},
    ),
    case(
        "hires: through a picture and an upscale model",
        text_to_image(
            small=decoded(["sampler", 0]),
            esrgan=node("UpscaleModelLoader", model_name="4x-UltraSharp.pth"),
            big=node("ImageUpscaleWithModel", upscale_model=["esrgan", 0], image=["small", 0]),
            half=node("ImageScaleBy", image=["big", 0], upscale_method="area", scale_by=0.5),
            back=encoded(["half", 0]),
            again=sampler(latent_image=["back", 0], denoise=0.4),
            decode=decoded(["again", 0]),
        ),
        {**PLAIN, **both("sampler", "again")},
    ),
    case(
        "hires: both passes are saved, the small one first in the file",
        text_to_image(
            **{"first save": save(["decode", 0])},
            larger=node("LatentUpscaleBy", samples=["sampler", 0], scale_by=2.0),
            again=sampler(latent_image=["larger", 0], denoise=0.5),
            large=decoded(["again", 0]),
            save=save(["large", 0]),
        ),
        {**PLAIN, **both("sampler", "again")},
    ),
    case(
        "hires: the second pass has another checkpoint",
        text_to_image(
            second=node("CheckpointLoaderSimple", ckpt_name="photo.safetensors"),
            fine=encoder("a cat", ["second", 1]), poor=encoder("blurry", ["second", 1]),
            larger=node("LatentUpscaleBy", samples=["sampler", 0], scale_by=2.0),
            again=sampler(latent_image=["larger", 0], model=["second", 0], positive=["fine", 0],
                          negative=["poor", 0], denoise=0.5),
            decode=decoded(["again", 0]),
        ),
        {**PLAIN, **both("sampler", "again")},
        prompt="good.text fine.text", negativePrompt="bad.text poor.text",
    ),
    case(
        "hires behind a picture that is changed",
        text_to_image(
            photo=photo(), latent=encoded(), sampler=sampler(denoise=0.7),
            larger=node("LatentUpscaleBy", samples=["sampler", 0], scale_by=1.5),
            again=sampler(latent_image=["larger", 0], denoise=0.3),
            decode=decoded(["again", 0]),
        ),
        {**PLAIN, **both("sampler", "again"), **NO_SIZE},
        denoise="sampler.denoise", image="photo.image",
    ),
    case(
        "a latent that was kept is changed, then enlarged",
        text_to_image(
            latent=node("LoadLatent", latent="kept.latent"), sampler=sampler(denoise=0.7),
            larger=node("LatentUpscaleBy", samples=["sampler", 0], scale_by=1.5),
            again=sampler(latent_image=["larger", 0], denoise=0.3),
            decode=decoded(["again", 0]),
        ),
        {**PLAIN, **both("sampler", "again"), **NO_SIZE}, denoise="sampler.denoise",
    ),
    case(
        "two passes behind the first that change equally much",
        text_to_image(
            s2=sampler(latent_image=["sampler", 0], denoise=0.4),
            s3=sampler(latent_image=["s2", 0], denoise=0.4),
            decode=decoded(["s3", 0]),
        ),
        {**PLAIN, **both("sampler", "s2", "s3")}, denoise="s2.denoise s3.denoise",
    ),
    case(
        "a second pass that paints something else into a part",
        text_to_image(
            mask=node("LoadImageMask", image="mask.png", channel="red"),
            other=encoder("a sailing ship in a bottle"),
            masked=node("SetLatentNoiseMask", samples=["sampler", 0], mask=["mask", 0]),
            again=sampler(latent_image=["masked", 0], positive=["other", 0]),
            decode=decoded(["again", 0]),
        ),
        {**PLAIN, **both("sampler", "again")}, denoise="sampler.denoise",
        prompt=None, asks={"prompt": "good.text other.text"}, image="mask.image",
    ),
    case(
        "sdxl base and refiner in windows of steps, with other words for the refiner",
        text_to_image(
            refiner=node("CheckpointLoaderSimple", ckpt_name="sd_xl_refiner_1.0.safetensors"),
            fine=node("CLIPTextEncodeSDXLRefiner", ascore=6.0, width=1024, height=1024,
                      text="fine detail, sharp", clip=["refiner", 1]),
            poor=node("CLIPTextEncodeSDXLRefiner", ascore=2.0, width=1024, height=1024,
                      text="blurry", clip=["refiner", 1]),
            sampler=window(["latent", 0], 0, 20),
            second=window(["sampler", 0], 20, 10000, model=["refiner", 0], positive=["fine", 0],
                          negative=["poor", 0], add_noise="disable"),
            decode=decoded(["second", 0]),
        ),
        {**PLAIN, **of_windows("sampler", "second")}, negativePrompt="bad.text poor.text",
    ),
    case(
        "one schedule split between two models",
        text_to_image(
            sampler=window(["latent", 0], 0, 10),
            second=window(["sampler", 0], 10, 25, add_noise="disable"),
            decode=decoded(["second", 0]),
        ),
        {**PLAIN, **of_windows("sampler", "second")},
    ),
    case(
        "three passes",
        text_to_image(
            l1=node("LatentUpscaleBy", samples=["sampler", 0], scale_by=1.5),
            s2=sampler(latent_image=["l1", 0], denoise=0.6),
            l2=node("LatentUpscaleBy", samples=["s2", 0], scale_by=1.5),
            s3=sampler(latent_image=["l2", 0], denoise=0.3),
            decode=decoded(["s3", 0]),
        ),
        {**PLAIN, **both("sampler", "s2", "s3")},
        denoise=None, asks={"denoise": "s2.denoise s3.denoise"},
    ),
    case(
        "a tiled decoder and an upscale model after the only sampler",
        text_to_image(
            decode=node("VAEDecodeTiled", samples=["sampler", 0], vae=["checkpoint", 2],
                        tile_size=512),
            esrgan=node("UpscaleModelLoader", model_name="RealESRGAN_x4plus.pth"),
            big=node("ImageUpscaleWithModel", upscale_model=["esrgan", 0], image=["decode", 0]),
            save=save(["big", 0]),
        ),
        PLAIN,
    ),
]  # fmt: skip
