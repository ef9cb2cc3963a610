"""What most graphs begin with, and which roles stand in it."""

from typing import Any

from batchgen_app.core.wire import JsonObject
from tests.workflows.corpus.case import Slots
from tests.workflows.graphs import encoder, node, sampler, text_to_image

__all__ = ["encoder", "node", "sampler", "text_to_image"]


def settings_of(node_id: str) -> dict[str, str]:
    """The roles that a KSampler plays."""
    names = {"samplerName": "sampler_name"}
    roles = ("seed", "steps", "cfg", "denoise", "samplerName", "scheduler")
    return {role: f"{node_id}.{names.get(role, role)}" for role in roles}


def size_of(node_id: str) -> dict[str, str]:
    """The roles that an empty latent plays."""
    return {
        "width": f"{node_id}.width",
        "height": f"{node_id}.height",
        "latentsPerPrompt": f"{node_id}.batch_size",
    }


PLAIN: Slots = {
    "prompt": "good.text",
    "negativePrompt": "bad.text",
    "model": "checkpoint.ckpt_name",
    "output": "save",
    **settings_of("sampler"),
    **size_of("latent"),
}
"""Of ``text_to_image``."""
NO_SIZE: dict[str, str | None] = dict.fromkeys(("width", "height", "latentsPerPrompt"))


def without(graph: JsonObject, *node_ids: str) -> JsonObject:
    """The graph without these nodes."""
    return {node_id: content for node_id, content in graph.items() if node_id not in node_ids}


def model_only(unet: str, clips: JsonObject, /, **changes: JsonObject) -> JsonObject:
    """Text to image with a diffusion model, text encoders and a VAE of their own."""
    clip = ["clip", 0]
    nodes = text_to_image(
        unet=node("UNETLoader", unet_name=unet, weight_dtype="default"),
        clip=clips,
        vae=node("VAELoader", vae_name="ae.safetensors"),
        good=encoder("a lighthouse at dusk", clip),
        bad=encoder("blurry, low quality", clip),
        latent=node("EmptySD3LatentImage", width=1024, height=1024, batch_size=1),
        sampler=sampler(model=["unet", 0]),
        decode=node("VAEDecode", samples=["sampler", 0], vae=["vae", 0]),
    )
    return without({**nodes, **changes}, "checkpoint")


MODEL_ONLY: Slots = {**PLAIN, "model": "unet.unet_name", "vae": "vae.vae_name"}


def put_together(**changes: JsonObject) -> JsonObject:
    """A sampler of parts (SamplerCustomAdvanced), on Flux."""
    nodes = model_only(
        "flux1-dev.safetensors",
        node("DualCLIPLoader", clip_name1="t5xxl.safetensors", clip_name2="clip_l.safetensors",
             type="flux"),
        guidance=node("FluxGuidance", conditioning=["good", 0], guidance=3.5),
        guider=node("BasicGuider", model=["unet", 0], conditioning=["guidance", 0]),
        noise=node("RandomNoise", noise_seed=77),
        solver=node("KSamplerSelect", sampler_name="euler"),
        sigmas=node("BasicScheduler", model=["unet", 0], scheduler="simple", steps=20, denoise=1.0),
        sampler=node(
            "SamplerCustomAdvanced", noise=["noise", 0], guider=["guider", 0],
            sampler=["solver", 0], sigmas=["sigmas", 0], latent_image=["latent", 0],
        ),
    )  # fmt: skip
    return without({**nodes, **changes}, *([] if "bad" in changes else ["bad"]))


TOGETHER: Slots = {
    "prompt": "good.text",
    "seed": "noise.noise_seed",
    "steps": "sigmas.steps",
    "guidance": "guidance.guidance",
    "denoise": "sigmas.denoise",
    "samplerName": "solver.sampler_name",
    "scheduler": "sigmas.scheduler",
    "model": "unet.unet_name",
    "vae": "vae.vae_name",
    "textEncoder": "clip.clip_name1 clip.clip_name2",
    "output": "save",
    **size_of("latent"),
}


def photo(name: str = "me.png") -> JsonObject:
    """A picture that was uploaded."""
    return node("LoadImage", image=name)


def encoded(pixels: list[Any] | None = None) -> JsonObject:
    """A picture as a latent."""
    return node("VAEEncode", pixels=pixels or ["photo", 0], vae=["checkpoint", 2])


def decoded(samples: list[Any]) -> JsonObject:
    """A latent as a picture."""
    return node("VAEDecode", samples=samples, vae=["checkpoint", 2])


def save(images: list[Any]) -> JsonObject:
    """An output."""
    return node("SaveImage", images=images, filename_prefix="ComfyUI")


def preview(images: list[Any]) -> JsonObject:
    """An output that is only shown."""
    return node("PreviewImage", images=images)
