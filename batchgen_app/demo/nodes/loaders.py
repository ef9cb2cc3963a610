"""Nodes that load models, and the one that puts a LoRA on them."""

from dataclasses import replace

from batchgen_app.demo.context import Model, NodeContext
from batchgen_app.demo.files import Catalogue
from batchgen_app.demo.node_type import (
    Choices,
    Input,
    NodeOutput,
    NodeType,
    Output,
    combo,
    decimal,
    socket,
)

CLIP_TYPES = (
    "stable_diffusion stable_cascade sd3 stable_audio mochi ltxv pixart cosmos lumina2 wan hidream "
    "chroma ace omnigen2 qwen_image hunyuan_image flux2 ovis longcat_image cogvideox lens pixeldit "
    "ideogram4 boogu krea2 joyimage mage minimax"
)
DUAL_CLIP_TYPES = (
    "sdxl sd3 flux hunyuan_video hidream hunyuan_image hunyuan_video_15 kandinsky5 "
    "kandinsky5_image ltxv newbie ace"
)


def _files(folder: str) -> Choices:
    def names(catalogue: Catalogue) -> list[str]:
        return catalogue.models(folder)

    return names


def _vaes(catalogue: Catalogue) -> list[str]:
    """One of them is no file."""
    return [*catalogue.models("vae"), "pixel_space"]


def _words(words: str) -> Choices:
    def names(_: Catalogue) -> list[str]:
        return words.split()

    return names


def _strength(of: str) -> Input:
    tooltip = f"How strongly to modify the {of} model. This value can be negative."
    return decimal(1.0, -100.0, 100.0, step=0.01, tooltip=tooltip)


async def _load_checkpoint(context: NodeContext, ckpt_name: str) -> NodeOutput:
    await context.load()
    return NodeOutput((Model(ckpt_name), Model(ckpt_name), Model(ckpt_name)))


async def _load_lora(
    _: NodeContext,
    model: Model,
    clip: Model,
    lora_name: str,
    strength_model: float,
    strength_clip: float,
) -> NodeOutput:
    def with_lora(base: Model, strength: float) -> Model:
        return replace(base, loras=(*base.loras, lora_name)) if strength else base

    return NodeOutput((with_lora(model, strength_model), with_lora(clip, strength_clip)))


async def _load_lora_for_model(
    _: NodeContext, model: Model, lora_name: str, strength_model: float
) -> NodeOutput:
    loras = (*model.loras, lora_name) if strength_model else model.loras
    return NodeOutput((replace(model, loras=loras),))


async def _load_unet(context: NodeContext, unet_name: str, weight_dtype: str) -> NodeOutput:
    await context.load()
    return NodeOutput((Model(unet_name, (weight_dtype,) if weight_dtype != "default" else ()),))


async def _load_vae(_: NodeContext, vae_name: str) -> NodeOutput:
    return NodeOutput((Model(vae_name),))


async def _load_clip(
    _: NodeContext,
    clip_name: str,
    type: str,  # noqa: A002 the name of the input
    device: str = "default",
) -> NodeOutput:
    return NodeOutput((Model(clip_name, (type, device)),))


async def _load_two_clips(
    _: NodeContext,
    clip_name1: str,
    clip_name2: str,
    type: str,  # noqa: A002 the name of the input
    device: str = "default",
) -> NodeOutput:
    return NodeOutput((Model(clip_name1, (clip_name2, type, device)),))


LOADERS = (
    NodeType(
        name="CheckpointLoaderSimple",
        run=_load_checkpoint,
        required={
            "ckpt_name": combo(
                _files("checkpoints"), tooltip="The name of the checkpoint (model) to load."
            )
        },
        outputs=(
            Output("MODEL", "The model used for denoising latents."),
            Output("CLIP", "The CLIP model used for encoding text prompts."),
            Output(
                "VAE",
                "The VAE model used for encoding and decoding images to and from latent space.",
            ),
        ),
        category="model/loaders",
        display_name="Load Checkpoint",
        description=(
            "Loads a diffusion model checkpoint, diffusion models are used to denoise latents."
        ),
    ),
    NodeType(
        name="LoraLoader",
        run=_load_lora,
        required={
            "model": socket("MODEL", "The diffusion model the LoRA will be applied to."),
            "clip": socket("CLIP", "The CLIP model the LoRA will be applied to."),
            "lora_name": combo(_files("loras"), tooltip="The name of the LoRA."),
            "strength_model": _strength("diffusion"),
            "strength_clip": _strength("CLIP"),
        },
        outputs=(
            Output("MODEL", "The modified diffusion model."),
            Output("CLIP", "The modified CLIP model."),
        ),
        category="model/loaders",
        display_name="Load LoRA (Model and CLIP)",
        description="LoRAs are used to modify diffusion and CLIP models.",
    ),
    NodeType(
        name="LoraLoaderModelOnly",
        run=_load_lora_for_model,
        required={
            "model": socket("MODEL"),
            "lora_name": combo(_files("loras")),
            "strength_model": decimal(1.0, -100.0, 100.0, step=0.01),
        },
        outputs=(Output("MODEL", "The modified diffusion model."),),
        category="model/loaders",
        display_name="Load LoRA",
    ),
    NodeType(
        name="UNETLoader",
        run=_load_unet,
        required={
            "unet_name": combo(_files("diffusion_models")),
            "weight_dtype": combo(
                _words("default fp8_e4m3fn fp8_e4m3fn_fast fp8_e5m2"), advanced=True
            ),
        },
        outputs=(Output("MODEL"),),
        category="model/loaders",
        display_name="Load Diffusion Model",
    ),
    NodeType(
        name="VAELoader",
        run=_load_vae,
        required={"vae_name": combo(_vaes)},
        outputs=(Output("VAE"),),
        category="model/loaders",
        display_name="Load VAE",
    ),
    NodeType(
        name="CLIPLoader",
        run=_load_clip,
        required={
            "clip_name": combo(_files("text_encoders")),
            "type": combo(_words(CLIP_TYPES)),
        },
        optional={"device": combo(_words("default cpu"), advanced=True)},
        outputs=(Output("CLIP"),),
        category="model/loaders",
        display_name="Load CLIP",
    ),
    NodeType(
        name="DualCLIPLoader",
        run=_load_two_clips,
        required={
            "clip_name1": combo(_files("text_encoders")),
            "clip_name2": combo(_files("text_encoders")),
            "type": combo(_words(DUAL_CLIP_TYPES)),
        },
        optional={"device": combo(_words("default cpu"), advanced=True)},
        outputs=(Output("CLIP"),),
        category="model/loaders",
        display_name="Load CLIP (Dual)",
    ),
)
